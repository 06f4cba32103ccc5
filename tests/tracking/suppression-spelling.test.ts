import { expect, test } from 'bun:test'
import { readRecipient } from '#src/mail/mailbox.ts'
import { findSuppression, insertSuppression } from '#src/tracking/queries-inbox.ts'
import { suppress } from '#src/tracking/suppress.ts'
import { testDatabase } from '#tests/support/database.ts'

const { db, sql } = await testDatabase()
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
