import { expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { createLeasedSlots } from '#src/crawl/politeness/leases.ts'
import { dropLeases, renewLeases, takeLease } from '#src/crawl/politeness/queries-leases.ts'
import { silentLog } from '#src/lib/log.ts'
import type { Slots } from '#src/crawl/politeness/slots.ts'
import { testDatabase } from '#tests/support/database.ts'
import { until } from '#tests/support/until.ts'

const { db } = await testDatabase()

const times = { ttlMs: 600, heartbeatMs: 100, keepIdleMs: 50, askAgainMs: 20 }
const node = (more = {}): Slots => createLeasedSlots(db, silentLog, { ...times, ...more })
const take = (key: string, holder: string, limit = 1, ttlMs = 60_000) =>
  takeLease(db, { key, limit, holder, ttlMs })

const rows = async (key: string): Promise<number> => {
  const [row] = await db.execute<{ count: number }>(
    sql`SELECT count(*)::int AS count FROM crawl_leases WHERE key = ${key} AND expires_at > now()`,
  )
  return row?.count ?? 0
}

test('one holder has a host at a time, and giving back frees it', async () => {
  expect(await take('host:a', 'one')).toEqual({ key: 'host:a', slot: 1 })
  expect(await take('host:a', 'two')).toBeNull()
  await dropLeases(db, 'one')
  expect(await take('host:a', 'two')).not.toBeNull()
})

test('a hundred that reach at once for four slots get four', async () => {
  const taken = await Promise.all(
    Array.from({ length: 100 }, (_, index) => take('address:b', `h${index}`, 4)),
  )
  const slots = taken.filter((lease) => lease !== null).map((lease) => lease.slot)
  expect(new Set(slots).size).toBe(slots.length)
  expect(slots.length).toBeGreaterThanOrEqual(1)
  expect(slots.length).toBeLessThanOrEqual(4)
  expect(await rows('address:b')).toBe(slots.length)
})

test('what has expired is free for others and lost for its holder', async () => {
  await take('host:c', 'dead', 1, 1)
  await until('the term is over', async () => (await take('host:c', 'alive')) !== null)
  expect(await renewLeases(db, 'dead', 60_000)).toEqual([])
  expect(await renewLeases(db, 'alive', 60_000)).toHaveLength(1)
})

test('two nodes never hold one host together, and both get their turns', async () => {
  const nodes = [node(), node()]
  let inside = 0
  let most = 0
  const turns = [0, 0]
  const work = async (index: number) => {
    for (let turn = 0; turn < 3; turn += 1) {
      const leave = await nodes[index]!.acquire('host:d', 1)
      inside += 1
      most = Math.max(most, inside)
      turns[index]! += 1
      await new Promise((resolve) => setTimeout(resolve, 5))
      inside -= 1
      leave()
    }
  }
  await Promise.all([work(0), work(1)])
  expect(most).toBe(1)
  expect(turns).toEqual([3, 3])
  await Promise.all(nodes.map((one) => one.close()))
})

test('a page costs no query once the host is held', async () => {
  let queries = 0
  const counting = new Proxy(db, {
    get: (target, name) => {
      if (name === 'execute' || name === 'insert') queries += 1
      return Reflect.get(target, name) as unknown
    },
  })
  const slots = createLeasedSlots(counting, silentLog)
  for (let index = 0; index < 20; index += 1) (await slots.acquire('host:e', 1))()
  expect(queries).toBe(2)
  expect(await rows('host:e')).toBe(1)
  await slots.close()
  expect(await rows('host:e')).toBe(0)
})

test('a held lease outlives its term by the heartbeat, an unused one is given back', async () => {
  // Long enough for a machine that stands still for a second.
  const ttlMs = 2_000
  const slots = node({ ttlMs })
  const leave = await slots.acquire('host:f', 1)
  const firstTerm = Date.now() + ttlMs * 1.5
  await until('the first term is long over', () => Date.now() > firstTerm)
  expect(await take('host:f', 'other')).toBeNull()
  leave()
  await until('it is given back', async () => (await rows('host:f')) === 0)
  await slots.close()
})

test('the hosts of a node that died are free after the term', async () => {
  const dead = node({ heartbeatMs: 3_600_000 })
  await dead.acquire('host:g', 1)
  const alive = node()
  const started = Date.now()
  ;(await alive.acquire('host:g', 1))()
  expect(Date.now() - started).toBeLessThan(5_000)
  await Promise.all([dead.close(), alive.close()])
})

test('a lease that was lost during a stall is not used again', async () => {
  const stalled = node({ heartbeatMs: 3_600_000, keepIdleMs: 3_600_000, ttlMs: 1 })
  ;(await stalled.acquire('host:h', 1))()
  await until('another has it', async () => (await take('host:h', 'other')) !== null)
  const stop = new AbortController()
  const again = stalled.acquire('host:h', 1, stop.signal)
  setTimeout(() => stop.abort(new Error('gave up')), 100)
  expect(again).rejects.toThrow('gave up')
  await again.catch(() => {})
  await stalled.close()
})

test('a lease that another node has by now is found out by the heartbeat', async () => {
  const robbed = node({ ttlMs: 60_000, keepIdleMs: 3_600_000 })
  ;(await robbed.acquire('host:i', 1))()
  await db.execute(sql`UPDATE crawl_leases SET holder = 'thief' WHERE key = 'host:i'`)
  const stop = new AbortController()
  const refused = async () => {
    const turn = robbed.acquire('host:i', 1, stop.signal).then((leave) => leave())
    const waits = new Promise((resolve) => setTimeout(() => resolve('waits'), 50))
    return (await Promise.race([turn.catch(() => 'stopped'), waits])) === 'waits'
  }
  await until('the loss is found out', refused)
  stop.abort(new Error('enough'))
  await robbed.close()
})
