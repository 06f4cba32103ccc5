import { expect, test } from 'bun:test'
import { openDatabases } from '#edge/databases.ts'
import { databaseBackend } from '#edge/tracking.ts'
import { checkInbox } from '#src/tracking/queries-edge.ts'
import { testDatabase } from '#tests/support/database.ts'

const { sql: owner, url, beforeClose } = await testDatabase()

test('calls of the API that take long keep no event from the database, and do not make it look away', async () => {
  const { events, api, close } = openDatabases(url)
  beforeClose(close)
  const one = await owner.reserve()
  await one`SELECT pg_advisory_lock(1)`
  const long = Promise.all(Array.from({ length: 20 }, () => api`SELECT pg_advisory_xact_lock_shared(1)`))
  const hit = { event_id: Bun.randomUUIDv7(), type: 'unsubscribe', at: new Date().toISOString(), facts: {} }
  await databaseBackend(events).deliver([JSON.stringify(hit)])
  expect(await checkInbox(events)).toBe('ok')
  expect(await owner`SELECT type FROM tracking_inbox`).toMatchObject([{ type: 'unsubscribe' }])
  await one`SELECT pg_advisory_unlock(1)`
  one.release()
  await long
})
