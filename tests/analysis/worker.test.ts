import { afterAll, expect, test } from 'bun:test'
import { NOW, siteWithHome } from '#tests/support/site-record.ts'
import { runAnalysis } from '#src/analysis/worker.ts'
import { startThreads } from '#src/threads.ts'

const threads = startThreads(1)
afterAll(() => threads.close())

test('the analysis answers the same in a thread as without one', async () => {
  const input = { site: siteWithHome({ viewport: null }), now: NOW.toISOString() }
  const answer = await threads.analyseSite(input)
  expect(answer).toEqual(runAnalysis(input))
  expect(answer.weaknesses).toEqual([{ id: 'viewport-missing', severity: 'high' }])
})

test('a record that makes no sense fails that call only', async () => {
  const broken = { site: { ...siteWithHome({}), pages: null }, now: NOW.toISOString() }
  await expect(threads.analyseSite(broken as never)).rejects.toThrow()
  const next = await threads.analyseSite({ site: siteWithHome({}), now: NOW.toISOString() })
  expect(next.findings).toEqual([])
})
