import { expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { unseal } from '#src/lib/sealed-text.ts'
import { fieldText } from '#src/mail/accounts/messages.ts'
import { findAccount, listAccounts } from '#src/mail/accounts/queries.ts'
import {
  IMAP_PASSWORD_PURPOSE,
  mailboxOf,
  PASSWORD_PURPOSE,
  readAccount,
  readMailbox,
} from '#src/mail/accounts/read-account.ts'
import { readForm } from '#src/mail/accounts/read-form.ts'
import { mailAccounts } from '#src/mail/accounts/schema.ts'
import { signatureHtml, signatureText } from '#src/mail/accounts/signature.ts'
import { deriveKeys } from '#src/lib/keys.ts'
import { testDatabase } from '#tests/support/database.ts'
import { accountApp, filledIn } from './account-app.tsx'

const database = await testDatabase()
const { db } = database
const app = accountApp(database)
const { deps } = app
const make = async (changes: Record<string, string> = {}): Promise<number> => {
  const { status, location, text } = await app.post('/settings/mail', filledIn(changes))
  if (status !== 303) throw new Error(text)
  return Number(location.split('/').at(-1))
}

test('an account is made with its passwords sealed, and read with them opened', async () => {
  const id = await make({
    label: 'Agence – été',
    replyTo: 'contact@agence.fr',
    organisation: 'Agence Durand, EI',
    contactLine: '1 rue Haute, 54000 Nancy',
    imapHost: 'imap.agence.fr',
    imapUsername: 'jeanne',
    imapPassword: 'autre secret',
    imapMoveTo: 'Traités',
    dkimSelector: 'S2024',
  })
  const row = (await findAccount(db, id))!
  expect(Buffer.from(row.password!).toString('latin1')).not.toContain('mot de passe')
  expect(row).toMatchObject({ slug: 'agence-ete', origin: 'made', isDefault: true, dkimSelector: 's2024' })
  expect(unseal(deps.keys.storedPasswords, PASSWORD_PURPOSE, row.password!)).toBe('un mot de passe ')
  expect(unseal(deps.keys.storedPasswords, IMAP_PASSWORD_PURPOSE, row.password!)).toBeNull()
  expect(await readAccount(deps, id)).toMatchObject({
    label: 'Agence – été',
    server: {
      host: 'smtp.agence.fr',
      port: 587,
      tls: 'starttls',
      username: 'jeanne@agence.fr',
      password: 'un mot de passe ',
    },
    sender: { name: 'Jeanne Durand', address: 'jeanne@agence.fr' },
    replyTo: { name: 'Jeanne Durand', address: 'contact@agence.fr' },
    organisation: 'Agence Durand, EI',
    verp: false,
  })
  expect(await readMailbox(deps, id)).toEqual({
    accountId: id,
    host: 'imap.agence.fr',
    port: 993,
    tls: 'implicit',
    username: 'jeanne',
    password: 'autre secret',
    folder: 'INBOX',
    moveTo: 'Traités',
  })
  const page = await app.get(`/settings/mail/${id}/edit`)
  expect([page.text.includes('autre secret'), page.text.includes('un mot de passe ')]).toEqual([false, false])
})

test('with another SECRET_KEY an account cannot be used, and says so', async () => {
  const id = await make({ imapHost: 'imap.agence.fr', imapUsername: 'j', imapPassword: 'x' })
  const other = { ...deps, keys: deriveKeys('another secret for tests') }
  expect(await readAccount(other, id)).toBeNull()
  expect(mailboxOf(other, (await findAccount(db, id))!)).toBeNull()
})

test('an empty password stays as it is, but not for another server or another user', async () => {
  const id = await make()
  const save = (changes: Record<string, string>) =>
    app.post(`/settings/mail/${id}`, filledIn({ password: '', ...changes }))
  const passwordNow = async () => (await readAccount(deps, id))?.server.password
  expect((await save({ label: 'Renommé', port: '465' })).status).toBe(303)
  expect([(await findAccount(db, id))?.label, await passwordNow()]).toEqual(['Renommé', 'un mot de passe '])
  const others: Record<string, string>[] = [{ host: 'smtp.mechant.example' }, { username: 'autre' }]
  for (const changes of others) {
    const refused = await save(changes)
    expect([refused.status, refused.text.includes('saisissez de nouveau')]).toEqual([422, true])
  }
  expect(await passwordNow()).toBe('un mot de passe ')
  expect((await save({ host: 'smtp2.agence.fr', password: 'nouveau' })).status).toBe(303)
  expect(await passwordNow()).toBe('nouveau')
  expect((await save({ host: 'smtp2.agence.fr', username: '' })).status).toBe(303)
  const { username, password } = (await findAccount(db, id))!
  expect([username, password]).toEqual([null, null])
})

test('what a test showed of another server is forgotten with it, what it showed of the same one is not', async () => {
  const id = await make()
  const seen = { at: new Date().toISOString(), ok: true, code: 'connected', detail: '' }
  await db.update(mailAccounts).set({ lastTest: seen, lastDnsAt: new Date() })
  await app.post(`/settings/mail/${id}`, filledIn({ password: '', label: 'Autre nom' }))
  expect((await findAccount(db, id))?.lastTest).toEqual(seen)
  await app.post(`/settings/mail/${id}`, filledIn({ host: 'smtp.ailleurs.fr' }))
  expect(await findAccount(db, id)).toMatchObject({ lastTest: null, lastDnsAt: null })
})

const wrong: [about: string, changes: Record<string, string>, field: string, code: string][] = [
  ['no name', { label: ' ' }, 'label', 'missing'],
  ['a line break in a name', { senderName: 'Jeanne\r\nBcc: x@y.fr' }, 'senderName', 'bad_text'],
  ['a line break in a firm', { organisation: 'A\nB' }, 'organisation', 'bad_text'],
  ['a line break in an address', { senderAddress: 'a@b.fr\r\nBcc: c@d.fr' }, 'senderAddress', 'bad_address'],
  ['no address', { senderAddress: '' }, 'senderAddress', 'missing'],
  ['what is no address', { replyTo: 'personne' }, 'replyTo', 'bad_address'],
  ['two addresses', { senderAddress: 'a@b.fr, c@d.fr' }, 'senderAddress', 'bad_address'],
  ['no server', { host: '' }, 'host', 'missing'],
  ['an address of a page', { host: 'https://smtp.agence.fr' }, 'host', 'bad_host'],
  ['no port', { port: '' }, 'port', 'bad_port'],
  ['a port that is none', { port: '70000' }, 'port', 'bad_port'],
  ['a password without a user', { username: '' }, 'username', 'username_missing'],
  ['a user without a password', { password: '' }, 'password', 'missing'],
  ['a selector that is none', { dkimSelector: 'a b' }, 'dkimSelector', 'bad_selector'],
  ['a mailbox without a user', { imapHost: 'imap.agence.fr', imapPassword: 'x' }, 'imapUsername', 'missing'],
  [
    'a mailbox without a password',
    { imapHost: 'imap.agence.fr', imapUsername: 'x' },
    'imapPassword',
    'missing',
  ],
  [
    'moving to where it is read',
    { imapHost: 'i.fr', imapUsername: 'x', imapPassword: 'x', imapMoveTo: 'INBOX' },
    'imapMoveTo',
    'same_folder',
  ],
  ['a limit of nothing', { perHour: '0' }, 'perHour', 'bad_number'],
  ['a limit with a comma', { perHour: '1,5' }, 'perHour', 'bad_number'],
  ['less in an hour than in a minute', { perMinute: '10', perHour: '5' }, 'perHour', 'hour_below_minute'],
  ['less in a day than in an hour', { perHour: '10', perDay: '5' }, 'perDay', 'day_below_hour'],
  ['a gap of two days', { minGap: '172800' }, 'minGap', 'bad_seconds'],
  [
    'a warm-up without an end',
    { warmup: '1', warmupFirstDay: '10', warmupStep: '5' },
    'perDay',
    'warmup_day',
  ],
  [
    'a warm-up without a beginning',
    { warmup: '1', warmupStep: '5', perDay: '50' },
    'warmupFirstDay',
    'warmup_missing',
  ],
  [
    'a sender too long for return addresses',
    { senderAddress: `${'x'.repeat(40)}@agence.fr`, verp: '1' },
    'verp',
    'verp_too_long',
  ],
]
for (const [about, changes, field, code] of wrong)
  test(`refused: ${about}`, () => {
    const read = readForm(filledIn(changes), ['1'], null)
    const problem = read.ok ? null : read.problems[field]
    expect(problem).toEqual({ kind: 'field', code: code as never })
    expect(fieldText('fr', problem!)).not.toBe(fieldText('en', problem!))
  })

test('days and hours of sending are those of the form, and refused when they never open', () => {
  const hours = { hasCalendar: '1', from: '09:00', to: '17:30', timeZone: 'Europe/Paris', holidays: 'fr' }
  const read = readForm(filledIn(hours), ['1', '5', '9'], null)
  expect(read.ok && read.value.columns.calendar).toEqual({
    days: [1, 5],
    from: '09:00',
    to: '17:30',
    timeZone: 'Europe/Paris',
    holidays: 'fr',
  })
  const without = readForm(filledIn({ ...hours, hasCalendar: '' }), ['1'], null)
  expect(without.ok && without.value.columns.calendar).toBeNull()
  for (const [changes, days, field] of [
    [{}, [], 'days'],
    [{ from: '25:00' }, ['1'], 'from'],
    [{ to: '08:00' }, ['1'], 'to'],
    [{ timeZone: 'Mars/Olympus' }, ['1'], 'timeZone'],
  ] as const) {
    const refused = readForm(filledIn({ ...hours, ...changes }), days, null)
    expect(refused.ok ? null : Object.keys(refused.problems)).toEqual([field])
  }
})

test('limits and warm-up are kept, and the warm-up begins when it is switched on', async () => {
  const limits = { perMinute: '2', perHour: '30', perDay: '200', minGap: '20', gapJitter: '15' }
  const id = await make({ ...limits, warmup: '1', warmupFirstDay: '10', warmupStep: '5' })
  const row = (await findAccount(db, id))!
  expect(row).toMatchObject({
    perMinute: 2,
    perDay: 200,
    minGapMs: 20_000,
    gapJitterMs: 15_000,
    warmupFirstDay: 10,
  })
  expect(row.warmupStartedAt).toBeInstanceOf(Date)
  const page = await app.get(`/settings/mail/${id}`)
  for (const words of ['2 par minute, 30 par heure, 200 par jour', '20 à 35 s', '10 le premier jour'])
    expect(page.text).toContain(words)
  await app.post(`/settings/mail/${id}`, filledIn({ ...limits, password: '' }))
  expect(await findAccount(db, id)).toMatchObject({
    warmupFirstDay: null,
    warmupStartedAt: null,
    perDay: 200,
  })
})

test('a form with something wrong is shown again as it was typed, without its passwords', async () => {
  const before = (await listAccounts(db)).length
  const typed = filledIn({
    port: 'abc',
    label: 'Mon <compte>',
    hasCalendar: '1',
    from: '09:00',
    to: '18:00',
    timeZone: 'Europe/Paris',
    days: '3',
  })
  const { status, text } = await app.post('/settings/mail', typed)
  expect(status).toBe(422)
  expect(text).toContain('value="Mon &lt;compte&gt;"')
  expect(text).toMatch(/name="days" value="3" checked/)
  expect(text).toContain('id="port-error"')
  expect(text).not.toContain('un mot de passe')
  expect((await listAccounts(db)).length).toBe(before)
})

test('names of accounts give different short names', async () => {
  const ids = [await make({ label: 'Même' }), await make({ label: 'Même' }), await make({ label: '日本' })]
  const slugs = await Promise.all(ids.map(async (id) => (await findAccount(db, id))?.slug))
  expect(slugs).toEqual(['meme', 'meme-2', 'account'])
})

test('plain lines of a signature become HTML and lines again, HTML stays', () => {
  const lines = 'Jeanne Durand <jd>\nAgence & Cie\nhttps://agence.fr/a?b=1&c=2.'
  const html = signatureHtml(lines.replace(' <jd>', ' "jd"'))
  expect(html).toContain('<a href="https://agence.fr/a?b=1&amp;c=2">')
  expect(signatureText(html)).toBe(lines.replace(' <jd>', ' "jd"'))
  for (const own of ['', '<p><b>Jeanne</b></p>', '<table><tr><td>x</td></tr></table>'])
    expect(signatureText(signatureHtml(own))).toBe(own)
})

test('a signature that would hide what comes after it is refused, one from before is sent as its words', async () => {
  for (const signature of [
    '<p>Zoé</p><!-- fin',
    '<div style="display:none">Zoé',
    '<style>body{display:none}</style>Zoé',
  ]) {
    const { status, text } = await app.post('/settings/mail', filledIn({ signature }))
    expect([status, text.includes('lien de désinscription')]).toEqual([422, true])
  }
  const id = await make({ signature: '<p>Zoé</p>' })
  await db
    .update(mailAccounts)
    .set({ signature: '<p>Zoé &amp; fils</p><!-- fin' })
    .where(eq(mailAccounts.id, id))
  expect((await readAccount(deps, id))?.signature.trim()).toBe('Zoé &amp; fils')
})
