import { expect, test } from 'bun:test'
import { mailAccounts } from '#src/mail/accounts/schema.ts'
import type { InboundEvent } from '#src/mail/inbound/apply-inbound.ts'
import { startReadingMailboxes } from '#src/mail/inbound/start-reading.ts'
import { deriveKeys } from '#src/lib/keys.ts'
import { seal } from '#src/lib/sealed-text.ts'
import { silentLog } from '#src/lib/log.ts'
import { systemClock } from '#src/lib/clock.ts'
import { messages } from '#src/tracking/schema.ts'
import { newMessageKey } from '#src/tracking/token.ts'
import { testDatabase } from '../support/database.ts'
import { startImapServer } from '../support/imap-server.ts'
import { until } from '../support/until.ts'
import { bounceOf } from '#tests/support/bounce.ts'

const MAILS = 50_000
const EVERY = 500
/** Reading holds one batch at a time; what is measured is mostly what the collector has not yet taken of the 560 MB that
 *  went over the wire, the server's part of it included, as it runs in this process. */
const MAX_GROWTH_MB = 200
const { db, sql, beforeClose } = await testDatabase()

test(`a mailbox of ${MAILS} mails is read whole in bounded memory, over connections that break, and every bounce in it is applied once`, async () => {
  const keys = deriveKeys('0'.repeat(64))
  const server = await startImapServer()
  beforeClose(server.stop)
  const [account] = await db
    .insert(mailAccounts)
    .values({
      slug: 'large',
      label: 'Large',
      senderAddress: 'anne@agence.fr',
      host: '127.0.0.1',
      port: 25,
      tls: 'none',
      imapHost: '127.0.0.1',
      imapPort: server.port,
      imapTls: 'none',
      imapUsername: 'anne',
      imapPassword: seal(keys.storedPasswords, 'mail_accounts.imap_password', 'x'),
    })
    .returning()
  const other = Buffer.from(
    `From: news@example.com\r\nSubject: News\r\nList-Unsubscribe: <x>\r\n\r\n${'Hello there. '.repeat(800)}\r\n`,
  )
  const wanted: string[] = []
  for (let n = 1; n <= MAILS; n++) {
    if (n % EVERY !== 0) {
      server.deliver(other)
      continue
    }
    const recipient = `r${n}@client.fr`
    const messageId = `<m${n}@agence.fr>`
    wanted.push(recipient)
    await db.insert(messages).values({
      token: newMessageKey(),
      recipient,
      subject: 's',
      opens: 'off',
      clicks: 'off',
      state: 'sent',
      messageId,
      accountId: account!.id,
      sentAt: new Date(Date.now() - 3_600_000),
    })
    server.deliver(bounceOf(recipient, messageId))
  }
  const events: InboundEvent[] = []
  Bun.gc(true)
  const before = process.memoryUsage.rss()
  let most = before
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss())
  }, 100)
  const stop = startReadingMailboxes(
    { db, keys, clock: systemClock, log: silentLog },
    async (_, event) => void events.push(event),
    { lookMs: 50, againMs: 50, againAtMostMs: 200 },
  )
  const start = performance.now()
  await until('some were applied', () => events.length > 10, 60_000)
  server.dropDuringFetch()
  await until('half were applied', () => events.length > 50, 60_000)
  server.drop()
  await until('all were applied', () => events.length >= wanted.length, 150_000)
  const seconds = (performance.now() - start) / 1000
  clearInterval(watch)
  await stop()
  expect(events.map(({ address }) => address).toSorted()).toEqual(wanted.toSorted())
  const [row] = await sql`SELECT count(*)::int AS n FROM inbound_mails`
  expect(row!['n']).toBe(wanted.length)
  const grown = Math.round((most - before) / 1e6)
  console.log(`${MAILS} mails in ${seconds.toFixed(1)} s, memory grew by at most ${grown} MB`)
  expect(grown).toBeLessThan(MAX_GROWTH_MB)
}, 180_000)
