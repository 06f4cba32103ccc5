import { afterAll, expect, test } from 'bun:test'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { testDatabase } from '#tests/support/database.ts'
import { hammer, type Answer } from '#tests/support/hammer.ts'
import { trackedLoad } from '#tests/support/tracked-load.ts'
import { until } from '#tests/support/until.ts'
import { startEdge } from './edge-process.ts'
import { relay } from './relay.ts'

const FORGED = 2_000
const CONNECTIONS = 16

const { sql, url, beforeClose } = await testDatabase()
const folder = mkdtempSync('/tmp/prospectlab-edge-')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('thousands of forged tokens cost the database not one byte, and the disk none', async () => {
  const database = relay(new URL(url))
  const load = await trackedLoad(sql, { unsubscribes: 3 })
  const edge = await startEdge({ ...load.env, DATABASE_URL: database.url, DATA_DIR: folder })
  beforeClose(() => edge.kill().then(database.close))
  const spool = async () => {
    const answer = await fetch(`${edge.base}/healthz`)
    return ((await answer.json()) as { spool: { bytes: number } }).spool
  }

  // What is real arrives, so that the way to the database is known to be open, and counted.
  const real = [load.click(), load.pixel(), load.unsubscribe()]
  const samples = real.map(({ path }) => path)
  await hammer(edge.base, { connections: 1, next: () => real.shift() ?? null })
  const arrived = async () => (await sql`SELECT FROM tracking_inbox`).length === 3
  await until('what is real has arrived', arrived)
  await until('the spool is empty', async () => (await spool()).bytes === 0)

  const before = database.asked()
  expect(before).toBeGreaterThan(0)
  const answers = new Map<string, number>()
  const forge = (path: string): string => {
    const from = path.lastIndexOf('/') + 1
    const at = from + Math.floor(Math.random() * (path.length - from))
    return `${path.slice(0, at)}${randomBytes(3).toString('base64url')}${path.slice(at + 4)}`
  }
  let made = 0
  const next = () => {
    if (made === FORGED) return null
    made += 1
    const path = forge(samples[made % samples.length]!)
    const kind = path.split('/')[2]!
    const answered = ({ status, location }: Answer) => {
      const key = `${kind} ${status} ${location}`
      answers.set(key, (answers.get(key) ?? 0) + 1)
    }
    return { path, answered, ...(kind === 'unsubscribe' ? { body: 'List-Unsubscribe=One-Click' } : {}) }
  }
  await hammer(edge.base, { connections: CONNECTIONS, next })
  expect([...answers.keys()].toSorted()).toEqual(['click 404 null', 'pixel 200 null', 'unsubscribe 200 null'])
  expect([...answers.values()].reduce((sum, count) => sum + count)).toBe(FORGED)
  expect(database.asked()).toBe(before)
  expect((await spool()).bytes).toBe(0)
  expect((await sql`SELECT FROM tracking_inbox`).length).toBe(3)
  expect(readdirSync(join(folder, 'spool')).some((name) => name === 'rejected.jsonl')).toBe(false)
})
