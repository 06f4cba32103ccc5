import { expect, test } from 'bun:test'
import { settleCrawlStates } from '#src/crawl/queries-request.ts'
import { testDatabase } from '#tests/support/database.ts'

const { db, sql } = await testDatabase()

const company = async (state: string): Promise<number> => {
  const [row] = await sql`INSERT INTO companies (name, crawl_state) VALUES ('A', ${state}) RETURNING id`
  return row!.id
}

const stateOf = async (id: number) =>
  (await sql`SELECT crawl_state FROM companies WHERE id = ${id}`)[0]!.crawl_state

test('a company whose batch was cancelled shows how its last crawl ended, one still waiting is left alone', async () => {
  const [forgotten, crawledBefore, waiting] = [
    await company('queued'),
    await company('running'),
    await company('queued'),
  ]
  await sql`INSERT INTO crawls (company_id, url, state, started_at, finished_at, duration_ms)
    VALUES (${crawledBefore}, 'https://a.fr/', 'failed', now(), now(), 1)`
  const [batch] =
    await sql`INSERT INTO batches (job, label, total) VALUES ('crawl.company', '{}', 1) RETURNING id`
  await sql`INSERT INTO batch_items (batch_id, subject_id) VALUES (${batch!.id}, ${waiting})`
  expect(await settleCrawlStates(db)).toBe(2)
  expect([await stateOf(forgotten), await stateOf(crawledBefore), await stateOf(waiting)]).toEqual([
    'never',
    'failed',
    'queued',
  ])
})
