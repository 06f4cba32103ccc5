import { afterEach, expect, test } from 'bun:test'
import { inboxRoutes, companyMailRoutes } from '#src/mail/inbound/routes.tsx'
import { mailAccounts } from '#src/mail/accounts/schema.ts'
import { insertInbound } from '#src/mail/inbound/queries-inbound.ts'
import { seal } from '#src/lib/sealed-text.ts'
import { messages } from '#src/tracking/schema.ts'
import { newMessageKey } from '#src/tracking/token.ts'
import { testDatabase } from '#tests/support/database.ts'
import { startMailServer } from '#tests/support/mail-server.ts'
import { mailApp } from '../small-app.tsx'

const database = await testDatabase()
const { db, sql, beforeClose } = database
const smtp = await startMailServer()
beforeClose(smtp.stop)
const app = mailApp(
  database,
  { BASE_URL: 'https://prospects.example.com' },
  {
    more: (app, deps) => {
      app.route('/inbox', inboxRoutes(deps))
      app.route('/companies', companyMailRoutes(deps))
    },
  },
)
afterEach(async () => void (await sql`TRUNCATE inbound_mails, suppressions, mail_accounts CASCADE`))

const HOSTILE = '<script>alert(1)</script>'
const makeAccount = async (port = smtp.port) => {
  const { storedPasswords } = app.deps.keys
  const [row] = await db
    .insert(mailAccounts)
    .values({
      slug: 'agence',
      label: 'Agence',
      senderName: 'Anne',
      senderAddress: 'anne@agence.fr',
      replyTo: 'reponses@agence.fr',
      signature: '<p>Anne – Agence</p>',
      host: '127.0.0.1',
      port,
      tls: 'none',
      password: seal(storedPasswords, 'mail_accounts.password', 'x'),
      imapHost: '127.0.0.1',
      imapPort: 1,
      imapTls: 'none',
      imapUsername: 'anne',
    })
    .returning()
  return row!.id
}
let uid = 0
const makeMail = async (
  more: Partial<Parameters<typeof insertInbound>[1]> = {},
  accountId: number | null = null,
) => {
  const [company] = await sql`INSERT INTO companies (name) VALUES ('Plomberie Durand') RETURNING id`
  const companyId = company!['id'] as number
  const token = newMessageKey()
  const [sent] = await db
    .insert(messages)
    .values({
      token,
      recipient: 'paul@client.fr',
      subject: 'Votre site',
      opens: 'off',
      clicks: 'off',
      state: 'sent',
      companyId,
      accountId,
      messageId: '<first@agence.fr>',
      sentAt: new Date(),
      text: Bun.gzipSync('Bonjour Paul'),
    })
    .returning()
  const id = await insertInbound(db, {
    accountId,
    folder: 'INBOX',
    uidValidity: 1,
    uid: ++uid,
    kind: 'reply',
    reason: 'answer',
    matchedBy: 'message_id',
    messageId: sent!.id,
    companyId,
    recipient: 'paul@client.fr',
    mailId: '<second@client.fr>',
    mailReferences: '<first@agence.fr>',
    fromAddress: 'paul@client.fr',
    fromName: 'Paul Durand',
    subject: 'Re: Votre site',
    receivedAt: new Date(),
    text: `Rappelez-moi ${HOSTILE}\n\nLe mar. 3 févr., Anne a écrit :\n> Bonjour`,
    ...more,
  })
  return { id: id!, companyId }
}

test('an inbox without a mailbox says what to do; one with trouble says which and why', async () => {
  expect((await app.get('/inbox')).text).toContain('Aucune boîte n’est lue')
  const account = await makeAccount()
  await sql`INSERT INTO mailbox_positions (account_id, folder, uid_validity, last_uid, problem)
    VALUES (${account}, 'INBOX', 1, 1, 'auth: Invalid credentials')`
  const { text } = await app.get('/inbox')
  expect(text).toContain('Le serveur refuse le nom ou le mot de passe.')
  expect(text).toContain('Invalid credentials')
})

test('replies, bounces and the rest have their views, with what is unread', async () => {
  await makeMail()
  await makeMail({
    kind: 'hard',
    reason: 'user_unknown',
    diagnostic: '550 no such user',
    text: null,
    subject: 'Undelivered',
  })
  const replies = await app.get('/inbox')
  expect(replies.text).toContain('Paul Durand')
  expect(replies.text).not.toContain('Undelivered')
  expect(replies.text).toContain('1 à lire')
  const bounces = await app.get('/inbox?view=bounces')
  expect(bounces.text).toContain('Undelivered')
  expect(bounces.text).toContain('Cette adresse n’existe pas')
  expect((await app.get('/inbox?view=all&q=plomb')).text).toContain('Undelivered')
  expect((await app.get('/inbox?view=all&q=nothing%25')).text).toContain('Aucun message ne correspond')
  expect((await app.get('/inbox?view=nonsense&page=99999&q=%00')).status).toBe(200)
})

test('a mail is read when it is opened, and unread again by hand', async () => {
  const { id } = await makeMail()
  const readAt = async () => (await sql`SELECT read_at FROM inbound_mails WHERE id = ${id}`)[0]!['read_at']
  const { text } = await app.get(`/inbox/${id}`)
  expect(text).toContain('Rappelez-moi &lt;script&gt;')
  expect(text).not.toContain(HOSTILE)
  expect(text).toContain('Bonjour Paul')
  expect(await readAt()).not.toBeNull()
  await app.post(`/inbox/${id}/unread`)
  expect(await readAt()).toBeNull()
  await app.post('/inbox/read', { view: 'replies' })
  expect(await readAt()).not.toBeNull()
  expect((await app.get('/inbox/999999')).status).toBe(404)
})

test('an answer goes out by the same account into the same thread, once', async () => {
  const account = await makeAccount()
  const { id, companyId } = await makeMail({ accountId: account }, account)
  expect((await app.get(`/inbox/${id}`)).text).toContain('De anne@agence.fr, dans la même conversation.')
  const token = newMessageKey()
  const before = smtp.received.length
  const sent = await app.post(`/inbox/${id}/answer`, { text: 'Bonjour Paul,\n\nmardi à 10 h ?', token })
  expect(sent).toMatchObject({ status: 303, location: `/inbox/${id}` })
  await app.post(`/inbox/${id}/answer`, { text: 'Bonjour Paul', token })
  expect(smtp.received.length).toBe(before + 1)
  const { raw, to } = smtp.received.at(-1)!
  expect(to).toEqual(['paul@client.fr'])
  expect(raw).toContain('In-Reply-To: <second@client.fr>')
  expect(raw).toMatch(/References: <first@agence\.fr>\s+<second@client\.fr>/)
  expect(raw).toContain('Subject: Re: Votre site')
  expect(raw).toContain('Reply-To: ')
  // A letter between two people, not a mailing.
  expect(raw).not.toContain('/track/')
  expect(raw).not.toContain('List-Unsubscribe')
  expect(raw).not.toContain('inscri')
  expect((await app.get(`/inbox/${id}`)).text).toContain('mardi à 10 h ?')
  const page = await app.get(`/companies/${companyId}/messages`)
  expect(page.text).toContain('Paul Durand')
  expect(page.text).toContain('Répondu')
})

test('who only sent an automatic reply keeps the link to unsubscribe by', async () => {
  const account = await makeAccount()
  const { id } = await makeMail({ kind: 'autoreply', reason: 'away', accountId: account }, account)
  await app.post(`/inbox/${id}/answer`, { text: 'Je réessaierai lundi.', token: newMessageKey() })
  const { raw } = smtp.received.at(-1)!
  expect(raw).toContain('List-Unsubscribe: <')
  expect(raw).toContain('/track/unsubscribe/')
  expect(raw).not.toContain('/track/pixel/')
})

test('an empty answer, a server that refuses and an address that said no are said where one looks', async () => {
  const account = await makeAccount(1)
  const { id } = await makeMail({ accountId: account }, account)
  const empty = await app.post(`/inbox/${id}/answer`, { text: ' ' })
  expect(empty).toMatchObject({ status: 422 })
  expect(empty.text).toContain('Écrivez une réponse.')
  const refused = await app.post(`/inbox/${id}/answer`, { text: 'Oui' })
  expect(refused.status).toBe(422)
  expect(refused.text).toContain('La réponse n’est pas partie')
  expect(refused.text).toContain('>Oui</textarea>')
  await sql`INSERT INTO suppressions (address, scope, source) VALUES ('paul@client.fr', 'all', 'page')`
  expect((await app.get(`/inbox/${id}`)).text).toContain('répondre n’est pas possible')
})

test('without a way to send, the page says what to set up', async () => {
  const { id } = await makeMail()
  const { text } = await app.get(`/inbox/${id}`)
  expect(text).toContain('Réglez d’abord l’envoi des messages')
  expect((await app.post(`/inbox/${id}/answer`, { text: 'Oui' })).status).toBe(200)
})

test('who may not set up a mailbox is told whom to ask, and is not sent there', async () => {
  const inboxOf = (role: 'admin' | 'member') =>
    mailApp(database, {}, { role, more: (all, deps) => void all.route('/inbox', inboxRoutes(deps)) })
  const link = 'href="/settings/mail"'
  const { text } = await inboxOf('member').get('/inbox')
  expect([text.includes('demandez à un administrateur'), text.includes(link)]).toEqual([true, false])
  expect((await inboxOf('admin').get('/inbox')).text).toContain(link)
})
