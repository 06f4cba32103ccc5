import { expect, test } from 'bun:test'
import { companies } from '#src/companies/schema.ts'
import { refreshEnvironmentAccount } from '#src/mail/accounts/environment-account.ts'
import { deleteAccount, findAccount, listAccounts } from '#src/mail/accounts/queries.ts'
import { readAccount } from '#src/mail/accounts/read-account.ts'
import { readSenders } from '#src/mail/accounts/senders.ts'
import { loadConfig } from '#src/config.ts'
import { testDatabase } from '#tests/support/database.ts'
import { startMailServer } from '#tests/support/mail-server.ts'
import { accountApp, filledIn } from './account-app.tsx'

const database = await testDatabase()
const { db, beforeClose } = database
const [first, second] = await Promise.all([startMailServer(), startMailServer()])
beforeClose(() => first.stop())
beforeClose(() => second.stop())
let campaigns = 0
const app = accountApp(database, {}, { campaigns: () => campaigns })
const { deps } = app

const make = async (port: number, changes: Record<string, string> = {}) => {
  const form = filledIn({
    host: '127.0.0.1',
    port: String(port),
    tls: 'none',
    username: '',
    password: '',
    ...changes,
  })
  const { location, text } = await app.post('/settings/mail', form)
  if (location === '') throw new Error(text)
  return Number(location.split('/').at(-1))
}
const clear = async () => {
  for (const { id } of await listAccounts(db)) await deleteAccount(db, id)
}
const post = (id: number, what: string) => app.post(`/settings/mail/${id}/${what}`)
const letter = { subject: 'Votre site', text: 'Bonjour', do: 'send', to: 'anne@garage.fr' }
const newCompany = async () => {
  const [made] = await db
    .insert(companies)
    .values({ name: 'Garage', contactEmail: 'anne@garage.fr' })
    .returning()
  return `/companies/${made!.id}/write`
}

test('the first account is the default; another can be, and takes over when it is deleted', async () => {
  const one = await make(first.port, { label: 'Un' })
  const two = await make(second.port, { label: 'Deux' })
  const defaults = async () =>
    (await listAccounts(db)).filter(({ isDefault }) => isDefault).map(({ id }) => id)
  expect(await defaults()).toEqual([one])
  await post(two, 'default')
  expect(await defaults()).toEqual([two])
  await post(two, 'delete')
  expect(await defaults()).toEqual([one])
  expect((await app.get(`/settings/mail/${two}`)).status).toBe(404)
  expect(await readAccount(deps, two)).toBeNull()
  await clear()
})

test('single mails leave from the default account, or the one that is chosen, with its sender and reply-to', async () => {
  await make(first.port, { label: 'Un', senderAddress: 'un@agence.fr', replyTo: 'retour@agence.fr' })
  const two = await make(second.port, { label: 'Deux', senderAddress: 'deux@agence.fr', verp: '1' })
  const path = await newCompany()
  const page = await app.get(path)
  expect(page.text).toContain('un@agence.fr')
  expect(page.text).toContain('deux@agence.fr')
  expect((await app.post(path, letter)).status).toBe(303)
  const sent = first.received.at(-1)
  expect(sent?.from).toBe('un@agence.fr')
  expect(sent?.raw).toContain('Reply-To: "Jeanne Durand" <retour@agence.fr>')
  expect((await app.post(path, { ...letter, account: String(two) })).status).toBe(303)
  expect(second.received.at(-1)?.from).toMatch(/^deux\+[0-9a-f]{32}@agence\.fr$/)
  await clear()
})

test('a paused account is not used until it is resumed', async () => {
  const id = await make(first.port)
  const path = await newCompany()
  await post(id, 'pause')
  expect((await findAccount(db, id))?.pauseReason).toBe('hand')
  const before = first.received.length
  const page = await app.post(path, letter)
  expect([page.text.includes('Aucun compte d’envoi ne peut envoyer'), first.received.length]).toEqual([
    true,
    before,
  ])
  expect((await app.get(`/settings/mail/${id}`)).text).toContain('En pause depuis')
  await post(id, 'resume')
  expect((await app.post(path, letter)).status).toBe(303)
  expect(first.received.length).toBe(before + 1)
  await clear()
})

test('an account that a campaign still needs is not deleted', async () => {
  const id = await make(first.port)
  campaigns = 2
  await post(id, 'delete')
  expect([app.flash(), await findAccount(db, id)]).toEqual([
    expect.stringContaining('2 campagnes'),
    expect.anything(),
  ])
  campaigns = 0
  await post(id, 'delete')
  expect(await findAccount(db, id)).toBeNull()
})

test('the account of MAIL_* is made once, follows its settings, and keeps what else was said of it', async () => {
  const environment = {
    MAIL_SERVER: '127.0.0.1',
    MAIL_PORT: String(first.port),
    MAIL_USERNAME: 'jean@agence.fr',
    MAIL_PASSWORD: 'secret',
    MAIL_DEFAULT_SENDER: 'Jean <jean@agence.fr>',
    BASE_URL: 'https://suivi.agence.fr',
  }
  const config = loadConfig(environment)
  const ids = await Promise.all([1, 2, 3].map(() => refreshEnvironmentAccount({ db, config })))
  const [id] = ids
  expect(new Set(ids).size).toBe(1)
  const own = accountApp(database, environment)
  const page = await own.get(`/settings/mail/${id}/edit`)
  expect([page.text.includes('name="host"'), page.text.includes('name="organisation"')]).toEqual([
    false,
    true,
  ])
  const form = {
    label: 'Serveur',
    organisation: 'Agence',
    contactLine: 'Nancy',
    host: 'mechant.example',
    password: 'x',
    senderAddress: 'x@y.fr',
  }
  expect((await own.post(`/settings/mail/${id}`, form)).status).toBe(303)
  const changed = loadConfig({ ...environment, MAIL_DEFAULT_SENDER: 'Jeanne <jeanne@agence.fr>' })
  expect(await refreshEnvironmentAccount({ db, config: changed })).toBe(id!)
  const row = (await findAccount(db, id!))!
  expect(row).toMatchObject({
    origin: 'environment',
    label: 'Serveur',
    organisation: 'Agence',
    host: '127.0.0.1',
    senderAddress: 'jeanne@agence.fr',
    password: null,
    isDefault: true,
  })
  expect((await readAccount({ ...deps, config }, id!))?.server).toMatchObject({
    username: 'jean@agence.fr',
    password: 'secret',
  })
  await own.post(`/settings/mail/${id}/delete`)
  expect(own.flash()).toContain('MAIL_SERVER')

  // Where MAIL_SERVER is not set, it cannot be used, is not counted among those that are, and can be deleted.
  expect(await refreshEnvironmentAccount(deps)).toBeNull()
  expect(await readAccount(deps, id!)).toBeNull()
  expect((await app.get(`/settings/mail/${id}`)).text).toContain('MAIL_SERVER n’est plus réglé')
  expect(await readSenders(deps)).toEqual({
    senders: [],
    missing: ['MAIL_SERVER', 'MAIL_DEFAULT_SENDER'],
    stopped: false,
  })
  await post(id!, 'delete')
  expect(await findAccount(db, id!)).toBeNull()
})

test('MAIL_* alone are enough to send, also before an account was made of them', async () => {
  const config = loadConfig({
    MAIL_SERVER: '127.0.0.1',
    MAIL_DEFAULT_SENDER: 'jean@agence.fr',
    BASE_URL: 'https://suivi.agence.fr',
  })
  const { senders } = await readSenders({ ...deps, config })
  expect(senders).toMatchObject([{ accountId: null, settings: { sender: { address: 'jean@agence.fr' } } }])
  await make(first.port)
  const { BASE_URL: _, ...withoutBase } = config
  expect(await readSenders({ ...deps, config: withoutBase as typeof config })).toMatchObject({
    missing: ['BASE_URL'],
  })
})

test('the pages say what to do next, in both languages', async () => {
  await clear()
  expect((await app.get('/settings/mail')).text).toContain('Aucun compte d’envoi')
  expect((await app.get('/settings/mail/new')).text).toContain('name="senderAddress"')
  const id = await make(first.port, { label: '<b>Un</b>', senderName: '' })
  const page = await app.get(`/settings/mail/${id}`)
  for (const words of [
    'Essayez la connexion',
    'le nom d’expéditeur',
    'adresse postale',
    'Vérifiez votre domaine',
  ])
    expect(page.text).toContain(words)
  expect(page.text).not.toContain('<b>Un</b>')
  const english = accountApp(database, {}, { locale: 'en' })
  expect((await english.get(`/settings/mail/${id}`)).text).toContain('Try the connection')
  expect((await english.get('/settings/mail')).text).toContain('Not tried yet')
  for (const path of ['999999', 'abc', '999999/edit'])
    expect((await app.get(`/settings/mail/${path}`)).status).toBe(404)
})
