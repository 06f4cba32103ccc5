import { expect, test } from 'bun:test'
import { reserve } from '#src/mail/limits/reserve.ts'
import { noteOutcomes } from '#src/mail/limits/note-outcome.ts'
import { testDatabase } from '#tests/support/database.ts'
import { newAccount, wants } from './account.ts'

const { db } = await testDatabase()
const NOON = new Date('2026-03-10T11:00:00Z')

const ask = (accountId: number, count: number, at: Date, provider = 'google') =>
  db.transaction((tx) => reserve(tx, { accountId, calendar: null, wants: wants(count, provider) }, at))

test('an account without limits gets everything at once', async () => {
  const id = await newAccount(db, {})
  const reserved = await ask(id, 50, NOON)
  expect(reserved.granted).toHaveLength(50)
  expect(reserved).toMatchObject({ waitUntil: null, limitedBy: null })
  const noted = await db.transaction((tx) =>
    noteOutcomes(tx, [{ accountId: id, provider: 'google', outcome: 'sent' }], NOON),
  )
  expect(noted).toEqual({ paused: [] })
})
