import { expect, test } from 'bun:test'
import { readMailbox } from '#src/mail/accounts/read-account.ts'
import { mailAccounts } from '#src/mail/accounts/schema.ts'
import type { InboundEvent } from '#src/mail/inbound/apply-inbound.ts'
import { openMailbox } from '#src/mail/inbound/open-mailbox.ts'
import { readNewMails } from '#src/mail/inbound/read-new-mails.ts'
import { startReadingMailboxes, type ReadingTimes } from '#src/mail/inbound/start-reading.ts'
import { deriveKeys } from '#src/lib/keys.ts'
import { seal } from '#src/lib/sealed-text.ts'
import { systemClock } from '#src/lib/clock.ts'
import { messages } from '#src/tracking/schema.ts'
import { newMessageKey } from '#src/tracking/token.ts'
import { verpAddress } from '#src/mail/verp.ts'
import { testDatabase } from '../../support/database.ts'
import { startImapServer, type ImapServer } from '../../support/imap-server.ts'
import { until } from '../../support/until.ts'
import { bounceOf } from '#tests/support/bounce.ts'

const { db, sql, beforeClose } = await testDatabase()
const keys = deriveKeys('0'.repeat(64))
const log = { info() {}, debug() {}, warn() {}, error() {} } as never
const deps = { db, keys, clock: systemClock, log }
const QUICK: ReadingTimes = { lookMs: 20, pollMs: 5_000, againMs: 20, againAtMostMs: 80, leaseMs: 40 }
const HOUR = 3_600_000

let accounts = 0
const makeAccount = async (server: ImapServer, more: Partial<typeof mailAccounts.$inferInsert> = {}) => {
  accounts += 1
  const [row] = await db
    .insert(mailAccounts)
    .values({
      slug: `a${accounts}`,
      label: `Account ${accounts}`,
      senderAddress: `anne${accounts}@agence.fr`,
      host: '127.0.0.1',
      port: 25,
      tls: 'none',
      imapHost: '127.0.0.1',
      imapPort: server.port,
      imapTls: 'none',
      imapUsername: 'anne',
      imapPassword: seal(keys.storedPasswords, 'mail_accounts.imap_password', 'secret'),
      ...more,
    })
    .returning()
  return row!
}

const sendMail = async (accountId: number, recipient: string) => {
  const token = newMessageKey()
  const [row] = await db
    .insert(messages)
    .values({
      token,
      recipient,
      subject: 'Votre site',
      opens: 'off',
      clicks: 'off',
      state: 'sent',
      messageId: `<${token}@agence.fr>`,
      accountId,
      sentAt: new Date(Date.now() - HOUR),
    })
    .returning({ id: messages.id })
  return { id: row!.id, token, messageId: `<${token}@agence.fr>` }
}
const NEWSLETTER = 'From: news@example.com\nSubject: News\nList-Unsubscribe: <x>\n\nHello\n'

const reading = (times: Partial<ReadingTimes> = {}) => {
  const events: InboundEvent[] = []
  const stop = startReadingMailboxes(deps, async (_, event) => void events.push(event), {
    ...QUICK,
    ...times,
  })
  return { events, stop }
}

const forget = async () => {
  await sql`UPDATE mail_accounts SET deleted_at = now()`
}

test.each(['search', 'fetch'] as const)(
  'a connection that ends before its %s is answered loses no mail',
  async (when) => {
    const server = await startImapServer()
    beforeClose(server.stop)
    const account = await makeAccount(server)
    const sent = await sendMail(account.id, `${when}@client.fr`)
    server.deliver(bounceOf(`${when}@client.fr`, sent.messageId))
    const settings = (await readMailbox(deps, account.id))!
    const client = await openMailbox(settings)
    await client.mailboxOpen('INBOX')
    const ask = client[when].bind(client) as (...given: unknown[]) => never
    client[when] = (...given: unknown[]) => {
      client.close()
      return ask(...given)
    }
    await readNewMails(deps, client, settings).catch(() => {})
    const { events, stop } = reading()
    await until('it is read all the same', () => events.length === 1)
    await stop()
    await forget()
  },
)

test('a mail that could not be applied because another transaction was in the way is read again', async () => {
  const server = await startImapServer()
  beforeClose(server.stop)
  const account = await makeAccount(server)
  const sent = await sendMail(account.id, 'paul@client.fr')
  server.deliver(bounceOf('paul@client.fr', sent.messageId))
  let tries = 0
  const stop = startReadingMailboxes(
    deps,
    async () => {
      tries += 1
      if (tries === 1) throw Object.assign(new Error('deadlock detected'), { code: '40P01' })
    },
    QUICK,
  )
  const kept = () => sql`SELECT kind FROM inbound_mails WHERE account_id = ${account.id}`
  await until('it is applied', async () => (await kept()).length === 1)
  await stop()
  expect(tries).toBe(2)
  await forget()
})

test('a bounce is matched, applied once, and moved; what is not ours stays as it was', async () => {
  const server = await startImapServer({ login: { username: 'anne', password: 'secret' } })
  beforeClose(server.stop)
  const account = await makeAccount(server, { imapMoveTo: 'Traités' })
  const mail = await sendMail(account.id, 'gone@client.fr')
  server.deliver(NEWSLETTER)
  server.deliver(bounceOf('gone@client.fr', mail.messageId))
  const { events, stop } = reading()
  await until('the bounce was applied', () => events.length === 1)
  expect(events[0]).toMatchObject({
    what: 'bounced',
    bounceKind: 'hard',
    messageId: mail.id,
    address: 'gone@client.fr',
  })
  const moved = () => [...server.folders].find(([name]) => name !== 'INBOX')?.[1].length
  await until('it was moved', () => moved() === 1)
  expect(server.folders.get('INBOX')?.length).toBe(1)
  expect(server.commands.filter((line) => /STORE|EXPUNGE|DELETE/i.test(line))).toEqual([])
  const [suppressed] = await sql`SELECT source FROM suppressions WHERE address = 'gone@client.fr'`
  expect(suppressed?.['source']).toBe('bounce')
  // The server tells of the next one.
  const next = await sendMail(account.id, 'next@client.fr')
  server.deliver(bounceOf('next@client.fr', next.messageId))
  await until('the second bounce was applied', () => events.length === 2)
  await stop()
  await forget()
})

test('a bounce without anything of the mail is matched by the address it came to', async () => {
  const server = await startImapServer()
  beforeClose(server.stop)
  const account = await makeAccount(server)
  const mail = await sendMail(account.id, 'someone@client.fr')
  const verp = verpAddress({ name: '', address: 'anne@agence.fr' }, mail.token)
  const { events, stop } = reading()
  await until('the mailbox is open', () => server.commands.some((line) => line === 'IDLE'))
  server.deliver(
    `From: MAILER-DAEMON@x.example\nTo: ${verp}\nSubject: failure notice\n\nYour message could not be delivered. 550 no such user\n`,
  )
  await until('it was applied', () => events.length === 1)
  expect(events[0]).toMatchObject({ messageId: mail.id, address: 'someone@client.fr', what: 'bounced' })
  await stop()
  await forget()
})

test('a mailbox without IDLE is asked again and again', async () => {
  const server = await startImapServer({ idle: false })
  beforeClose(server.stop)
  const account = await makeAccount(server)
  const mail = await sendMail(account.id, 'poll@client.fr')
  const { events, stop } = reading({ pollMs: 30 })
  await until('the mailbox was looked at', () => server.commands.some((line) => line === 'NOOP'))
  server.deliver(bounceOf('poll@client.fr', mail.messageId))
  await until('it was applied', () => events.length === 1)
  await stop()
  await forget()
})

test('a connection that breaks in the middle of a mail is made again, and no mail is lost or counted twice', async () => {
  const server = await startImapServer()
  beforeClose(server.stop)
  const account = await makeAccount(server)
  const sent = []
  for (let n = 0; n < 6; n++) sent.push(await sendMail(account.id, `c${n}@client.fr`))
  for (const [n, { messageId }] of sent.entries()) server.deliver(bounceOf(`c${n}@client.fr`, messageId))
  server.dropDuringFetch()
  const { events, stop } = reading()
  await until('all were applied', () => events.length === 6)
  expect(server.connections()).toBeGreaterThan(1)
  server.drop()
  await until('it is open again', () => server.connections() > 2 && server.commands.at(-1) === 'IDLE')
  expect(events.length).toBe(6)
  // Numbered anew: read anew, applied no second time.
  server.setUidValidity(2000)
  for (const [n, mail] of (server.folders.get('INBOX') ?? []).entries()) mail.uid = 500 + n
  server.drop()
  await until('it was read anew', async () => {
    const [row] = await sql`SELECT uid_validity FROM mailbox_positions WHERE account_id = ${account.id}`
    return Number(row?.['uid_validity']) === 2000
  })
  expect(events.length).toBe(6)
  await stop()
  await forget()
})

test('a wrong password is said where the account is shown, and reading begins when it is mended', async () => {
  const server = await startImapServer({ login: { username: 'anne', password: 'other' } })
  beforeClose(server.stop)
  const account = await makeAccount(server)
  const mail = await sendMail(account.id, 'pw@client.fr')
  server.deliver(bounceOf('pw@client.fr', mail.messageId))
  const { events, stop } = reading()
  await until('the problem is noted', async () => {
    const [row] = await sql`SELECT problem FROM mailbox_positions WHERE account_id = ${account.id}`
    return String(row?.['problem'] ?? '').startsWith('auth')
  })
  const sealed = Buffer.from(seal(keys.storedPasswords, 'mail_accounts.imap_password', 'other'))
  await sql`UPDATE mail_accounts SET imap_password = ${sealed} WHERE id = ${account.id}`
  await until('it was applied', () => events.length === 1)
  await until('the problem is gone', async () => {
    const [row] = await sql`SELECT problem FROM mailbox_positions WHERE account_id = ${account.id}`
    return row?.['problem'] === null
  })
  await stop()
  await forget()
})

test('of two nodes one reads a mailbox', async () => {
  const server = await startImapServer()
  beforeClose(server.stop)
  const account = await makeAccount(server)
  await sendMail(account.id, 'two@client.fr')
  const [one, other] = [reading(), reading()]
  await until('the mailbox is open', () => server.commands.includes('IDLE'))
  expect(server.connections()).toBe(1)
  await Promise.all([one.stop(), other.stop()])
  await forget()
})

test('thousands of mails are read in batches, those from before the first sending not at all', async () => {
  const server = await startImapServer()
  beforeClose(server.stop)
  const account = await makeAccount(server)
  const mail = await sendMail(account.id, 'many@client.fr')
  for (let n = 0; n < 500; n++) server.deliver(NEWSLETTER, new Date('2020-01-01'))
  for (let n = 0; n < 1000; n++) server.deliver(NEWSLETTER)
  server.deliver(bounceOf('many@client.fr', mail.messageId))
  const { events, stop } = reading()
  await until('the last one was applied', () => events.length === 1)
  const fetched = server.commands.filter((line) => /^UID FETCH/i.test(line))
  expect(fetched.length).toBe(21)
  expect(fetched.join(' ')).not.toMatch(/\b500\b/)
  await stop()
  await forget()
})
