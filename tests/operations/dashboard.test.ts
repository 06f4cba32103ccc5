import { expect, test } from 'bun:test'
import { companiesApp } from '#tests/companies/small-app.ts'
import { testDatabase } from '#tests/support/database.ts'

const database = await testDatabase()
const { sql } = database
const french = await companiesApp(database)
const english = await companiesApp(database, 'en')

const arrived = (uid: number, kind: string) =>
  sql`INSERT INTO inbound_mails (folder, uid_validity, uid, kind, reason, matched_by, received_at)
    VALUES ('INBOX', 1, ${uid}, ${kind}, 'test', 'references', now())`

test('replies that nobody has read are told first, and only they', async () => {
  await arrived(1, 'hard')
  expect((await french.get('/')).text).not.toContain('à lire')
  await arrived(2, 'reply')
  expect((await french.get('/')).text).toMatch(/href="\/inbox\?unread=1"[^>]*>\s*1 réponse à lire/)
  await arrived(3, 'reply')
  expect((await english.get('/')).text).toContain('2 replies to read')
  await sql`UPDATE inbound_mails SET read_at = now()`
  expect((await french.get('/')).text).not.toContain('à lire')
})
