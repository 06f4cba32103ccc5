import { expect, test } from 'bun:test'
import { createServer } from 'node:net'
import { findAccount } from '#src/mail/accounts/queries.ts'
import { readAccount } from '#src/mail/accounts/read-account.ts'
import { testConnection } from '#src/mail/accounts/try-account.ts'
import { suppress } from '#src/tracking/suppress.ts'
import { testDatabase } from '#tests/support/database.ts'
import { startDnsServer } from '#tests/support/dns-server.ts'
import { startImapServer } from '#tests/support/imap-server.ts'
import { startMailServer, type MailServerOptions } from '#tests/support/mail-server.ts'
import { accountApp, filledIn } from './account-app.tsx'

const database = await testDatabase()
const { db, beforeClose } = database
const names = await startDnsServer({
  'agence.fr MX': ['10 mx.agence.fr'],
  'mx.agence.fr A': ['93.184.216.34'],
  'agence.fr TXT': ['v=spf1 ~all'],
})
beforeClose(() => names.stop())
const app = accountApp(database, {}, { resolver: names.resolver() })
const login = { username: 'jeanne', password: 'bon' }

const make = async (changes: Record<string, string>) => {
  const form = filledIn({ host: '127.0.0.1', tls: 'none', ...login, ...changes })
  const { location, text } = await app.post('/settings/mail', form)
  if (location === '') throw new Error(text)
  return Number(location.split('/').at(-1))
}

const tried = async (options: MailServerOptions, changes: Record<string, string> = {}) => {
  const server = await startMailServer({ login, ...options })
  const id = await make({ port: String(server.port), ...changes })
  await app.post(`/settings/mail/${id}/test`)
  await server.stop()
  return { id, received: server.received.length, test: (await findAccount(db, id))?.lastTest }
}

test('a connection that works is noted, and nothing is sent', async () => {
  const { id, received, test: found } = await tried({})
  expect([received, found?.ok, found?.code]).toEqual([0, true, 'connected'])
  expect((await app.get(`/settings/mail/${id}`)).text).toContain(
    'La connexion et l’identification réussissent',
  )
  expect((await app.get('/settings/mail')).text).toContain('Connexion réussie')
})

test('what keeps a connection from working is told apart, and what the server said is shown', async () => {
  const wrong = await tried({}, { password: 'mauvais' })
  expect(wrong.test).toMatchObject({
    ok: false,
    code: 'auth',
    detail: expect.stringContaining('not accepted'),
  })
  expect((await app.get(`/settings/mail/${wrong.id}`)).text).toContain('mot de passe d’application')
  expect((await tried({}, { tls: 'starttls' })).test?.code).toBe('tls')
  expect((await tried({ answers: { greeting: '554 <b>Go away</b>' } })).test).toMatchObject({
    code: 'protocol',
  })
  expect((await tried({ answers: { greeting: '421 Later' } })).test).toMatchObject({ code: 'busy' })
  expect((await tried({ answers: { greeting: 'drop' } })).test).toMatchObject({ code: 'unreachable' })
  const nowhere = await make({ port: '1' })
  await app.post(`/settings/mail/${nowhere}/test`)
  expect((await findAccount(db, nowhere))?.lastTest).toMatchObject({ code: 'unreachable' })
})

test('a test mail goes to oneself, signed, and its failure is told', async () => {
  const server = await startMailServer({ login, answers: {} })
  const id = await make({ port: String(server.port), signature: 'Jeanne Durand\nhttps://agence.fr/' })
  const send = (to: string) => app.post(`/settings/mail/${id}/send-test`, { to })
  expect((await send('moi@agence.fr')).status).toBe(303)
  const [mail] = server.received
  expect(mail).toMatchObject({ from: 'jeanne@agence.fr', to: ['moi@agence.fr'], login: 'jeanne' })
  expect(mail?.raw).toContain('https://agence.fr/')
  expect(mail?.raw).not.toContain('List-Unsubscribe')
  expect((await findAccount(db, id))?.lastTest).toMatchObject({ ok: true, code: 'sent' })
  expect((await send('personne')).status).toBe(422)
  await suppress(db, { address: 'non@agence.fr', source: 'hand' }, new Date())
  const refused = await send('non@agence.fr')
  expect([refused.status, refused.text.includes('ne plus contacter')]).toEqual([422, true])
  expect(server.received.length).toBe(1)
  await server.stop()
  const strict = await startMailServer({ answers: { rcpt: '550 No such user' } })
  const other = await make({ port: String(strict.port), username: '', password: '' })
  await app.post(`/settings/mail/${other}/send-test`, { to: 'moi@agence.fr' })
  expect((await findAccount(db, other))?.lastTest).toMatchObject({ ok: false, code: 'recipient_refused' })
  await strict.stop()
})

test('a mailbox that opens is noted, and what keeps one closed is told apart', async () => {
  const server = await startImapServer({ login: { username: 'boite', password: 'clé' } })
  beforeClose(() => server.stop())
  server.deliver('Subject: Bonjour\n\nx')
  server.folders.set('Traites', [])
  const look = async (changes: Record<string, string> = {}) => {
    const form = {
      imapHost: '127.0.0.1',
      imapPort: String(server.port),
      imapTls: 'none',
      imapUsername: 'boite',
      imapPassword: 'clé',
      ...changes,
    }
    const id = await make({ port: '25', ...form })
    await app.post(`/settings/mail/${id}/test-mailbox`)
    return { id, found: (await findAccount(db, id))?.lastImapTest }
  }
  const right = await look({ imapMoveTo: 'Traites' })
  expect(right.found).toMatchObject({ ok: true, code: 'readable', detail: '1' })
  expect((await app.get(`/settings/mail/${right.id}`)).text).toContain('La boîte s’ouvre (1 message)')
  expect(server.commands.some((command) => /^(STORE|EXPUNGE|MOVE|SELECT)/i.test(command))).toBe(false)
  expect((await look({ imapPassword: 'non' })).found).toMatchObject({ ok: false, code: 'auth' })
  expect((await look({ imapFolder: 'Ailleurs' })).found).toMatchObject({ ok: false, code: 'folder' })
  expect((await look({ imapMoveTo: 'Ailleurs' })).found).toMatchObject({ ok: false, code: 'move_folder' })
  expect((await look({ imapPort: '1' })).found).toMatchObject({ ok: false, code: 'unreachable' })
  expect((await look({ imapTls: 'implicit' })).found?.ok).toBe(false)
})

test('a server that never answers is given up in time for a person', async () => {
  const silent = createServer(() => {})
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve))
  const address = silent.address()
  const id = await make({ port: String(typeof address === 'object' && address ? address.port : 0) })
  const account = (await readAccount(app.deps, id))!
  const quick = { connectMs: 100, envelopeMs: 200, answerMs: 200 }
  const found = await testConnection(app.deps, account, 'me.test', quick)
  silent.close()
  expect(found).toMatchObject({ ok: false, code: 'unreachable' })
})

test('the check of the domain is kept and shown with the record to put in its place', async () => {
  const id = await make({ host: 'smtp.gmail.com', port: '587' })
  expect((await app.post(`/settings/mail/${id}/check-dns`)).location).toBe(`/settings/mail/${id}#dns`)
  const row = await findAccount(db, id)
  expect([row?.lastDns?.mx.status, row?.lastDns?.spf.code, row?.lastDns?.dmarc.status]).toEqual([
    'ok',
    'spf_not_included',
    'failed',
  ])
  const { text } = await app.get(`/settings/mail/${id}`)
  for (const words of [
    'v=spf1 include:_spf.google.com ~all',
    'À mettre à la place',
    '_dmarc.agence.fr',
    'Pas vérifiable',
  ])
    expect(text).toContain(words)
  expect((await app.get('/settings/mail')).text).toContain('Domaine à corriger')
})
