import { expect, setDefaultTimeout, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { openPatience } from '#src/campaigns/sending/late-answers.ts'
import { smtpTransport } from '#src/campaigns/sending/transport.ts'
import { mailAccounts } from '#src/mail/accounts/schema.ts'
import { PATIENCE } from '#src/mail/smtp-line.ts'
import { messages } from '#src/tracking/schema.ts'
import { testDatabase } from '#tests/support/database.ts'
import { startMailServer } from '#tests/support/mail-server.ts'
import { until } from '#tests/support/until.ts'
import { newAccount, newCampaign } from './running-campaign.ts'
import { BASE_URL, smallSender } from './small-sender.ts'

setDefaultTimeout(15_000)
const { db, sql } = await testDatabase()
const sender = smallSender({ db, sql })
const real = smtpTransport(BASE_URL, PATIENCE)
const options = { real, lateness: { lateAfterMs: 100, atStopMs: 100, stopWithinMs: 100 } }
const newAddress = () => `anne-${Math.random().toString(36).slice(2)}@exemple.fr`

/** A server that has the first mail and says so when told; the others at once. */
const givenSlowServer = async () => {
  const answer = Promise.withResolvers<string>()
  let mails = 0
  const message = () =>
    (mails += 1) === 1 ? answer.promise : Promise.resolve('250 2.0.0 Ok: queued as 4F2A')
  const server = await startMailServer({ answers: { message } })
  const account = await newAccount(db, server.port)
  const slow = await newCampaign(db, account.id, [newAddress()])
  return { server, account, slow, answer: answer.resolve }
}
const stateOf = async (campaignId: number) =>
  (await sender.rowsOf(campaignId)).map(({ state }) => state).join()

test('a server may take its ten minutes over an answer: nothing else waits with it, and the answer counts when it comes', async () => {
  expect(PATIENCE.answerMs).toBe(10 * 60_000)
  const { server, account, slow, answer } = await givenSlowServer()
  const stop = sender.start(options)
  await until('the first is handed over', () => server.handedOver() === 1)
  // Longer than other nodes wait for a sign of this one.
  for (let more = 0; more < 2; more += 1) {
    const other = await newCampaign(db, account.id, [newAddress(), newAddress()])
    await until('others go out', async () => (await stateOf(other.campaign.id)) === 'sent,sent')
    await Bun.sleep(1_000)
  }
  expect(await stateOf(slow.campaign.id)).toBe('sending')
  answer('250 2.0.0 Ok: at last')
  await until('it is noted', async () => (await stateOf(slow.campaign.id)) === 'sent')
  await stop()
  const [row] = await sender.rowsOf(slow.campaign.id)
  expect([row?.reply, row?.claimedBy, server.handedOver()]).toEqual(['250 2.0.0 Ok: at last', null, 5])
  await server.stop()
})

test('an account that is changed does not wait for the answer, and writes as it was changed', async () => {
  const { server, account, slow, answer } = await givenSlowServer()
  const stop = sender.start(options)
  await until('the first is handed over', () => server.handedOver() === 1)
  await db
    .update(mailAccounts)
    .set({ contactLine: '2 place Neuve, 57000 Metz', updatedAt: new Date() })
    .where(eq(mailAccounts.id, account.id))
  const next = await newCampaign(db, account.id, [newAddress()])
  await until('the next is sent', async () => (await stateOf(next.campaign.id)) === 'sent')
  const [row] = await sender.rowsOf(next.campaign.id)
  const [kept] = await db.select().from(messages).where(eq(messages.id, row!.messageId!))
  expect(new TextDecoder().decode(Bun.gunzipSync(new Uint8Array(kept!.html!)))).toContain('2 place Neuve')
  answer('550 5.7.1 Not this one')
  await until('it is noted', async () => (await stateOf(slow.campaign.id)) === 'failed')
  await stop()
  await server.stop()
})

test('who stops meanwhile does not wait ten minutes: the mail is in doubt', async () => {
  const { server, slow } = await givenSlowServer()
  const stop = sender.start(options)
  await until('the first is handed over', () => server.handedOver() === 1)
  const began = performance.now()
  await stop()
  expect(performance.now() - began).toBeLessThan(5_000)
  const [row] = await sender.rowsOf(slow.campaign.id)
  expect([row?.state, row?.reason]).toEqual(['unknown', 'connection_lost'])
  const [kept] = await db.select().from(messages).where(eq(messages.id, row!.messageId!))
  expect(kept?.state).toBe('unknown')
  await server.stop()
})

test('a stop waits for the answers of servers that take their time over mails they have, and takes up no other', async () => {
  const said = Promise.withResolvers<string>()
  const server = await startMailServer({ answers: { message: () => said.promise } })
  const account = await newAccount(db, server.port)
  const { campaign } = await newCampaign(db, account.id, Array.from({ length: 30 }, newAddress))
  const stop = sender.start({ real, lateness: { lateAfterMs: 60_000, atStopMs: 50, stopWithinMs: 10_000 } })
  const count = async (...states: string[]) =>
    (await sender.rowsOf(campaign.id)).filter(({ state }) => states.includes(state)).length
  await until('some are handed over', () => server.handedOver() > 0)
  const stopping = stop()
  // What was not handed over is given back at once, for other nodes to send.
  await until('the rest is given back', async () => (await count('claimed')) === 0)
  await Bun.sleep(500)
  const inHand = server.handedOver()
  expect(await count('sending')).toBe(inHand)
  expect(await count('planned')).toBe(30 - inHand)
  said.resolve('250 2.0.0 Ok: the filter has let it pass')
  await stopping
  expect([await count('sent'), await count('unknown'), server.handedOver()]).toEqual([inHand, 0, inHand])
  await server.stop()
})

test('a stop does not wait for a server that is slow to greet, as nothing is in doubt there', async () => {
  const silent = Bun.listen({ hostname: '127.0.0.1', port: 0, socket: { data: () => {} } })
  const account = await newAccount(db, silent.port)
  const { campaign } = await newCampaign(db, account.id, [newAddress()])
  const stop = sender.start({ real, lateness: { lateAfterMs: 60_000, atStopMs: 50, stopWithinMs: 10_000 } })
  await until('it is taken up', async () => (await stateOf(campaign.id)) === 'claimed')
  const began = performance.now()
  await stop()
  expect(performance.now() - began).toBeLessThan(5_000)
  expect(await stateOf(campaign.id)).toBe('planned')
  silent.stop(true)
})

test('a server that answers nothing is given few mails', async () => {
  const server = await startMailServer({ answers: { message: () => new Promise(() => {}) } })
  const account = await newAccount(db, server.port)
  const { campaign } = await newCampaign(db, account.id, Array.from({ length: 60 }, newAddress))
  const stop = sender.start(options)
  const count = async (state: string) =>
    (await sender.rowsOf(campaign.id)).filter((row) => row.state === state).length
  await until(
    'the lane has given up',
    async () => (await count('sending')) >= 10 && (await count('claimed')) === 0,
  )
  expect(await count('planned')).toBeGreaterThanOrEqual(30)
  await stop()
  expect((await count('unknown')) + (await count('planned'))).toBe(60)
  await server.stop()
})

test('a mail that is handed over only after the hurry of a stop is not waited for either', async () => {
  const patience = openPatience({ lateAfterMs: 60_000, atStopMs: 1 }, AbortSignal.abort())
  const never = new Promise<string>(() => {})
  expect(await patience.inTime(never)).toBeNull()
  expect(await patience.inTime(never)).toBeNull()
  patience.close()
})
