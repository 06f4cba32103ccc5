import { expect, setDefaultTimeout, test } from 'bun:test'
import { messages } from '#src/tracking/schema.ts'
import { insertHits } from '#src/tracking/queries.ts'
import { newMessageKey } from '#src/tracking/token.ts'
import { testDatabase } from '#tests/support/database.ts'
import { FROM_SOURCE, runProgram, temporaryFolder } from '#tests/support/product.ts'

setDefaultTimeout(60_000)

const { db, sql, url } = await testDatabase()
const folder = temporaryFolder('tracking-events')
const run = (...args: string[]) =>
  runProgram(['tracking', ...args], {
    command: FROM_SOURCE,
    env: { DATABASE_URL: url, DATA_DIR: folder.path },
  })

test('a message of which nothing is known is said to be so, beside the empty list', async () => {
  const none = await run('events', '--message', 'inconnu')
  expect([none.code, none.out, none.errors]).toEqual([0, '', expect.stringContaining('inconnu')])
})

test('events are listed as they happened, of one message or of all', async () => {
  const token = newMessageKey()
  await db
    .insert(messages)
    .values({ token, recipient: 'anne@exemple.fr', subject: 'x', opens: 'individual', clicks: 'individual' })
  const hit = (type: string, at: string, message: string | null, link: string | null = null) =>
    JSON.stringify({ event_id: Bun.randomUUIDv7(), type, at, message, link, facts: { method: 'GET' } })
  await insertHits(sql, [
    hit('click', '2026-11-22T10:00:02.000Z', token, 'https://exemple.fr/'),
    hit('open', '2026-11-22T10:00:01.000Z', token),
    hit('open', '2026-11-22T10:00:03.000Z', null),
  ])
  const all = await run('events', '--json')
  const one = await run('events', '--message', token, '--json')
  const none = await run('events', '--message', 'unknown', '--json')
  expect([all.code, one.code, none.code, JSON.parse(none.out)]).toEqual([0, 0, 0, []])
  const lines = JSON.parse(all.out) as Record<string, unknown>[]
  expect(lines.map(({ type, message }) => [type, message])).toEqual([
    ['open', token],
    ['click', token],
    ['open', null],
  ])
  expect(Object.keys(lines[0]!)).toEqual(['eventId', 'type', 'at', 'message', 'link', 'verdict', 'reason'])
  expect(JSON.parse(one.out)).toEqual(lines.slice(0, 2))
  expect((await run('events')).out).toContain('https://exemple.fr/')
  expect((await run('nothing')).code).toBe(2)
  folder.remove()
})
