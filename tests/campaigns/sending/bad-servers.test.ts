import { expect, setDefaultTimeout, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { companies } from '#src/companies/schema.ts'
import { mailAccounts } from '#src/mail/accounts/schema.ts'
import { messages, suppressions } from '#src/tracking/schema.ts'
import { testDatabase } from '#tests/support/database.ts'
import { freePort } from '#tests/support/free-port.ts'
import { startMailServer, type MailServerOptions } from '#tests/support/mail-server.ts'
import { newAccount, newCampaign } from './running-campaign.ts'
import { smallSender } from './small-sender.ts'

setDefaultTimeout(15_000)
const { db, sql } = await testDatabase()
const sender = smallSender({ db, sql })
const MINUTE_MS = 60_000
const forever = () => new Promise<string>(() => {})
let number = 0
const newAddress = () => `anne${(number += 1)}@exemple.fr`

/** One mail to a server that behaves as told; what the ledger says of it, and whether the server has it. */
const sendOne = async (answers: MailServerOptions['answers'], address = newAddress()) => {
  const server = await startMailServer({ answers: answers ?? {} })
  try {
    const account = await newAccount(db, server.port)
    const { campaign } = await newCampaign(db, account.id, [address], { companies: true })
    const isOver = (row: { state: string; reason: string | null }) =>
      !['claimed', 'sending'].includes(row.state) && (row.state !== 'planned' || row.reason !== null)
    const [row] = await sender.sendUntil(campaign.id, isOver)
    const stored = await db.select().from(messages).where(eq(messages.recipient, address))
    await db.update(mailAccounts).set({ active: false }).where(eq(mailAccounts.id, account.id))
    return { row: row!, stored, received: server.received, accountId: account.id }
  } finally {
    await server.stop()
  }
}
const minutesUntil = (at: Date) => Math.round((at.getTime() - sender.clock.now().getTime()) / MINUTE_MS)
const isSuppressed = async (address: string) =>
  (await db.select().from(suppressions).where(eq(suppressions.address, address))).length > 0

test('a server that hangs in the middle of the mail, or goes after its end, leaves it unknown', async () => {
  for (const answers of [{ 'message-partly': forever }, { message: forever }, { message: 'drop' }] as const) {
    const { row, stored } = await sendOne(answers)
    expect([row.state, row.reason, row.claimedAt !== null]).toEqual(['unknown', 'connection_lost', true])
    expect(stored.map(({ state }) => state)).toEqual(['unknown'])
  }
})

test('what is no answer after the mail leaves it unknown, before the mail it was certainly not sent', async () => {
  expect((await sendOne({ message: 'blah blah' })).row.state).toBe('unknown')
  const { row, stored } = await sendOne({ greeting: 'SSH-2.0-OpenSSH_9.2' })
  expect([row.state, row.reason, row.attempts, stored]).toEqual(['planned', 'protocol', 0, []])
  const hanging = await sendOne({ greeting: forever })
  expect([hanging.row.state, hanging.row.reason]).toEqual(['planned', 'unreachable'])
})

test('greylisting, 421 and a full disk are tried again later and leave no message behind', async () => {
  const cases = [
    [{ rcpt: '450 4.7.1 Greylisted, try again' }, 'busy', 5],
    [{ rcpt: '451 4.3.0 Temporary failure' }, 'busy', 5],
    [{ message: '452 4.3.1 Insufficient system storage' }, 'busy', 5],
    [{ mail: '421 4.7.0 Too many messages, closing' }, 'busy', 1],
    [{ rcpt: 'drop' }, 'unreachable', 1],
  ] as const
  for (const [answers, reason, minutes] of cases) {
    const { row, stored } = await sendOne(answers)
    expect([answers, row.state, row.reason, row.attempts, minutesUntil(row.dueAt)]).toEqual([
      answers,
      'planned',
      reason,
      1,
      minutes,
    ])
    expect([row.messageId, stored]).toEqual([null, []])
  }
})

test('a mailbox that does not exist is never written to again, and its company shows it', async () => {
  const address = newAddress()
  const { row, stored } = await sendOne({ rcpt: '550 5.1.1 <anne@exemple.fr>: User unknown' }, address)
  expect(row).toMatchObject({ state: 'failed', reason: 'recipient_refused', bounceKind: 'hard' })
  expect(row.reply).toContain('User unknown')
  expect(stored.map(({ state }) => state)).toEqual(['failed'])
  expect(await isSuppressed(address)).toBe(true)
  const [company] = await db.select().from(companies).where(eq(companies.id, row.companyId!))
  expect(company?.status).toBe('Bounce')
})

test('a refusal for another reason fails the mail and suppresses nobody', async () => {
  const cases = [
    [{ rcpt: '552 5.2.2 Mailbox full' }, 'mailbox_full'],
    [{ rcpt: '550 5.7.1 Blocked by policy' }, 'recipient_refused'],
    [{ rcpt: '550 relay not permitted' }, 'recipient_refused'],
    [{ message: '552 5.3.4 Message too big' }, 'too_large'],
    [{ message: '550 5.7.1 Spam' }, 'message_refused'],
  ] as const
  for (const [answers, reason] of cases) {
    const address = newAddress()
    const { row } = await sendOne(answers, address)
    expect([answers, row.state, row.reason, row.bounceKind]).toEqual([answers, 'failed', reason, null])
    expect(await isSuppressed(address)).toBe(false)
  }
})

test('a wrong password pauses the account with what the server said, and costs no recipient a try', async () => {
  const server = await startMailServer({ login: { username: 'jean', password: 'juste' } })
  const account = await newAccount(db, server.port, { username: 'jean' })
  const { campaign } = await newCampaign(db, account.id, [newAddress(), newAddress()])
  const rows = await sender.sendUntil(campaign.id, ({ reason }) => reason === 'auth')
  expect(rows.map(({ state, attempts }) => [state, attempts])).toEqual([
    ['planned', 0],
    ['planned', 0],
  ])
  const [paused] = await db.select().from(mailAccounts).where(eq(mailAccounts.id, account.id))
  expect([paused?.pausedAt !== null, paused?.pauseReason]).toEqual([true, 'auth'])
  await server.stop()
})

test('mails wait for a server that is away, and go out when it is back', async () => {
  const port = freePort()
  const account = await newAccount(db, port)
  const { campaign } = await newCampaign(db, account.id, [newAddress(), newAddress()])
  await sender.sendUntil(campaign.id, ({ reason }) => reason === 'unreachable')
  const server = await startMailServer({ port })
  sender.moveClock(10 * MINUTE_MS)
  const rows = await sender.sendUntil(campaign.id, ({ state }) => state === 'sent')
  expect([rows.map(({ reason, reply }) => [reason, reply]), server.received.length]).toEqual([
    [
      [null, '250 2.0.0 Ok: queued as 4F2A'],
      [null, '250 2.0.0 Ok: queued as 4F2A'],
    ],
    2,
  ])
  await server.stop()
})

test('a server that allows few conversations gets few', async () => {
  let open = 0
  const greeting = async () => ((open += 1) > 2 ? '421 4.7.0 Too many connections' : '220 mail.test ESMTP')
  const server = await startMailServer({ answers: { greeting } })
  const account = await newAccount(db, server.port)
  const { campaign } = await newCampaign(db, account.id, Array.from({ length: 40 }, newAddress))
  const rows = await sender.sendUntil(campaign.id, ({ state }) => state === 'sent')
  expect([rows.every(({ attempts }) => attempts === 1), server.received.length]).toEqual([true, 40])
  await server.stop()
})

test('a greylisted mail goes out at its second try, once', async () => {
  let tries = 0
  const rcpt = async () => ((tries += 1) === 1 ? '450 4.7.1 Greylisted' : '250 2.1.5 Ok')
  const server = await startMailServer({ answers: { rcpt } })
  const account = await newAccount(db, server.port)
  const { campaign } = await newCampaign(db, account.id, [newAddress()])
  await sender.sendUntil(campaign.id, ({ reason }) => reason === 'busy')
  sender.moveClock(6 * MINUTE_MS)
  const [row] = await sender.sendUntil(campaign.id, ({ state }) => state === 'sent')
  expect([row?.attempts, row?.reason, server.received.length]).toEqual([2, null, 1])
  await server.stop()
})
