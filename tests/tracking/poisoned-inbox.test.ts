import { expect, test } from 'bun:test'
import { suppressionOf } from '#src/mail/send-message.ts'
import { insertHits } from '#src/tracking/queries.ts'
import { moveHits } from '#src/tracking/move-hits.ts'
import { findSuppression, moveInbox } from '#src/tracking/queries-inbox.ts'
import { messages } from '#src/tracking/schema.ts'
import { newMessageKey } from '#src/tracking/token.ts'
import { testDatabase } from '#tests/support/database.ts'

const { db, sql } = await testDatabase()

const newMessage = async (campaignId: number | null = null) => {
  const [made] = await db
    .insert(messages)
    .values({
      token: newMessageKey(),
      campaignId,
      recipient: `${newMessageKey()}@exemple.fr`.toLowerCase(),
      subject: 'Votre site',
      opens: 'individual',
      clicks: 'individual',
    })
    .returning()
  return made!
}
const unsubscribeOf = (message: string, given: object = {}) => ({
  event_id: Bun.randomUUIDv7(),
  type: 'unsubscribe',
  at: new Date().toISOString(),
  message,
  campaign_id: null,
  link: null,
  facts: { method: 'POST' },
  detail: { scope: 'all', source: 'page' },
  ...given,
})

const ODD = {
  'a time without end': { at: 'infinity' },
  'a time before all times': { at: '-infinity' },
  'a time of another age': { at: '200000-01-01T00:00:00Z' },
  'a reason that is no text': { detail: { reason: { a: 1 } } },
  'a reason that is a number': { detail: { reason: 7 } },
  'a detail that is a list': { detail: [1] },
  'a detail that is a text': { detail: 'x' },
  'a detail that is null inside': { detail: null },
  'a source that is no text': { detail: { source: ['x'] } },
  'a kind nobody knows': { type: 'strange' },
  'facts that are a text': { facts: 'x' },
  'facts that are a list': { facts: [1] },
}

for (const [what, given] of Object.entries(ODD))
  test(`an event with ${what} does not keep an unsubscribe from being honoured`, async () => {
    const [odd, other] = [await newMessage(), await newMessage()]
    const hits = [
      unsubscribeOf(odd.token, given),
      unsubscribeOf(odd.token, { type: 'open', ...given }),
      unsubscribeOf(other.token),
    ]
    await insertHits(
      sql,
      hits.map((hit) => JSON.stringify(hit)),
    )
    await moveHits(db)
    expect(await findSuppression(db, other.recipient, null)).not.toBeNull()
  })

test('an unsubscribe that another node has in hand counts before it is committed', async () => {
  const message = await newMessage()
  await insertHits(sql, [JSON.stringify(unsubscribeOf(message.token))])
  const inHand = Promise.withResolvers<void>()
  const released = Promise.withResolvers<void>()
  const other = db.transaction(async (tx) => {
    await moveInbox(tx, 10)
    inHand.resolve()
    await released.promise
    throw new Error('the node died')
  })
  await inHand.promise
  expect((await suppressionOf({ db }, { name: '', address: message.recipient }))?.scope).toBe('all')
  released.resolve()
  await other.catch(() => {})
  expect((await suppressionOf({ db }, { name: '', address: message.recipient }))?.scope).toBe('all')
})

test('"not this campaign" that waits says nothing about the others', async () => {
  const message = await newMessage(31)
  await insertHits(sql, [JSON.stringify(unsubscribeOf(message.token, { detail: { scope: 'campaign' } }))])
  const asked = [31, 32, null].map((campaign) => findSuppression(db, message.recipient, campaign))
  expect((await Promise.all(asked)).map((found) => found !== null)).toEqual([true, false, false])
})
