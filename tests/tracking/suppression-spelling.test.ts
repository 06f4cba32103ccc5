import { expect, test } from 'bun:test'
import { sql as query } from 'drizzle-orm'
import { openDatabase } from '#src/db/open.ts'
import { readRecipient } from '#src/mail/mailbox.ts'
import { findSuppression, insertSuppression } from '#src/tracking/queries-inbox.ts'
import { findSuppressedAmong } from '#src/tracking/queries-suppressions.ts'
import { suppress } from '#src/tracking/suppress.ts'
import { testDatabase } from '#tests/support/database.ts'

const { db, sql, connection, beforeClose } = await testDatabase()
const at = new Date()
const suppression = {
  scope: 'all',
  campaignId: null,
  reason: '',
  source: 'page',
  messageId: null,
  at,
} as const

const addressOf = (text: string): string => {
  const read = readRecipient(text)
  if (!read.ok) throw new Error(read.problem.message)
  return read.value.address
}

// PostgreSQL and JavaScript do not agree on the small letters of all of these.
test.each([
  ['ΑΣ@exemple.fr', 'ΑΣ@exemple.fr'],
  ['İ@exemple.fr', 'İ@exemple.fr'],
  ['ÉTÉ@exemple.fr', 'été@exemple.fr'],
  ['anne@XN--CAF-DMA.FR', 'Anne@Café.FR'],
  ['a\u0301nne@exemple.fr', '\u00e1nne@exemple.fr'],
  ['anne@cafe\u0301.fr', 'anne@caf\u00e9.fr'],
])('%s said no: %s is not written to', async (said, written) => {
  const add = [
    () => suppress(db, { address: addressOf(said), source: 'hand' }, at),
    () => insertSuppression(db, { address: addressOf(said), ...suppression }),
  ]
  for (const each of add) {
    await sql`DELETE FROM suppressions`
    await each()
    expect(await findSuppression(db, addressOf(written), null)).not.toBeNull()
  }
})

test.each([
  ['anne@xn--caf-dma.fr', 'address', 'anne@café.fr'],
  ['anne@café.fr', 'address', 'anne@xn--caf-dma.fr'],
  ['@xn--caf-dma.fr', 'domain', 'anne@café.fr'],
  ['@café.fr', 'domain', 'anne@mail.xn--caf-dma.fr'],
  ['@xn--p1ai', 'domain', 'anne@пример.рф'],
])('an entry %s from before (%s) stands for %s', async (stored, kind, written) => {
  await sql`DELETE FROM suppressions`
  await sql`INSERT INTO suppressions (kind, address, scope, source) VALUES (${kind}, ${stored}, 'all', 'hand')`
  expect(await findSuppression(db, written, null)).not.toBeNull()
  const [asked] = await sql`SELECT suppression_reason(${written}, NULL, NULL) AS reason`
  expect(asked!['reason']).toBe('hand')
  expect((await findSuppressedAmong(db, [written])).size).toBe(1)
})

test('who was erased under one spelling is not brought back, nor written to, under the other', async () => {
  await sql`DELETE FROM suppressions`
  const { db: keyed, close } = openDatabase(connection, { suppressionKey: Buffer.alloc(32, 3) })
  beforeClose(close)
  for (const [erased, again] of [
    ['anne@xn--caf-dma.fr', 'anne@café.fr'],
    ['paul@café.fr', 'paul@xn--caf-dma.fr'],
  ] as const) {
    await keyed.execute(query`INSERT INTO suppressions (kind, address, scope, source, erased)
      VALUES ('address', suppression_hash(${erased}), 'all', 'erasure', true)`)
    const [asked] = await keyed.execute(
      query`SELECT is_erased(${again}) AS erased, suppression_reason(${again}, NULL, NULL) AS reason`,
    )
    expect(asked).toMatchObject({ erased: true, reason: 'erasure' })
  }
})
