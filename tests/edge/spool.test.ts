import { afterAll, expect, test } from 'bun:test'
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { openSpool, type Spool } from '#edge/spool.ts'
import { recordEncoder } from '#edge/spool-files.ts'
import { silentLog } from '#src/lib/log.ts'
import { until } from '#tests/support/until.ts'

const root = mkdtempSync('/tmp/prospectlab-spool-')
const spools: Spool[] = []
afterAll(async () => {
  for (const spool of spools) await spool.close()
  rmSync(root, { recursive: true, force: true })
})

const MEGABYTE = 1024 * 1024
let folders = 0
const newFolder = () => join(root, `spool-${(folders += 1)}`)

type Given = { folder?: string; maxBytes?: number; deliver?: ((records: string[]) => Promise<void>) | null }
const spoolOf = ({ folder = newFolder(), maxBytes = 64 * MEGABYTE, deliver = null }: Given = {}) => {
  const spool = openSpool({ folder, maxBytes, deliver, log: silentLog })
  spools.push(spool)
  return { spool, folder }
}

/** A database that can be away. */
const database = () => {
  const received: number[] = []
  const state = { up: true }
  const deliver = async (records: string[]) => {
    if (!state.up) throw Object.assign(new Error('connection refused'), { code: 'ECONNREFUSED' })
    received.push(...records.map((record) => (JSON.parse(record) as { n: number }).n))
  }
  return { received, state, deliver }
}

const numbers = (count: number) => Array.from({ length: count }, (_, n) => n)
const segmentsIn = (folder: string) => readdirSync(folder).filter((name) => name.endsWith('.seg'))

test('what is appended is on disk when the answer comes, and delivered once and in order', async () => {
  const { received, deliver } = database()
  const { spool, folder } = spoolOf({ deliver })
  const outcomes = await Promise.all(numbers(500).map((n) => spool.append({ n }, 'open')))
  expect(new Set(outcomes)).toEqual(new Set(['stored']))
  expect(segmentsIn(folder).length).toBe(1)
  await until('all are delivered', () => received.length >= 500)
  expect(received).toEqual(numbers(500))
  expect(spool.state()).toMatchObject({ bytes: 0, stored: 500, delivered: 500, lost: 0, shedding: 'none' })
})

test('what is written together is delivered one by one, whatever stands in it and however long it is', async () => {
  const said = ['a\tb\nc', 'é€😀', '\u2028', '', 'x'.repeat(100_000), '"\\']
  const received: string[] = []
  const { spool } = spoolOf({
    deliver: async (records) =>
      void received.push(...records.map((record) => (JSON.parse(record) as { text: string }).text)),
  })
  await Promise.all(said.map((text) => spool.append({ text }, 'click')))
  await until('all are delivered', () => received.length >= said.length)
  expect(received).toEqual(said)
  expect(spool.state()).toMatchObject({ delivered: said.length, torn: 0 })
})

test('who comes in the same moment shares a write, and of a crowd the first do not wait for the last', async () => {
  const writesOf = async (count: number) => {
    const { spool, folder } = spoolOf()
    const outcomes: Promise<unknown>[] = []
    for (const n of numbers(count)) {
      outcomes.push(spool.append({ n }, 'click'))
      await Promise.resolve()
    }
    await Promise.all(outcomes)
    const lines = readFileSync(join(folder, segmentsIn(folder)[0]!), 'utf8')
      .trimEnd()
      .split('\n')
    return lines.map((line) => line.split('\t').length)
  }
  expect(await writesOf(20)).toEqual([20])
  expect(await writesOf(50)).toEqual([32, 18])
})

test('a flood that was written together is delivered in pieces that a server takes', async () => {
  const lengths: number[] = []
  const received: number[] = []
  const { spool } = spoolOf({
    deliver: async (records) => {
      lengths.push(records.join('').length)
      received.push(...records.map((record) => (JSON.parse(record) as { n: number }).n))
    },
  })
  await Promise.all(numbers(100).map((n) => spool.append({ n, text: 'x'.repeat(20_000) }, 'click')))
  await until('all are delivered', () => received.length >= 100)
  expect(received).toEqual(numbers(100))
  expect(Math.max(...lengths)).toBeLessThan(MEGABYTE)
})

test('while the database is away events wait, and arrive when it is back', async () => {
  const { received, state, deliver } = database()
  state.up = false
  const { spool } = spoolOf({ deliver })
  for (const n of numbers(20)) expect(await spool.append({ n }, 'click')).toBe('stored')
  expect(received).toEqual([])
  expect(spool.state().bytes).toBeGreaterThan(0)
  state.up = true
  await until('all are delivered', () => received.length === 20)
  expect(received).toEqual(numbers(20))
})

test('as soon as the database takes events again, unsubscribes go before all that has piled up', async () => {
  const { received, state, deliver } = database()
  state.up = false
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  const { spool } = spoolOf({
    deliver: async (records) => {
      const isPile = records.some((record) => record.includes('pile'))
      if (isPile && received.length > 0) await released
      await deliver(records)
    },
  })
  await Promise.all(numbers(30).map((n) => spool.append({ n, text: `pile${'x'.repeat(20_000)}` }, 'click')))
  await until('it is seen to be away', () => spool.state().problem !== null)
  state.up = true
  await until('the first piece is delivered', () => received.length > 0)
  await spool.append({ n: 30 }, 'unsubscribe')
  await until('the unsubscribe is there', () => received.includes(30))
  expect(received.length).toBeLessThan(30)
  expect(spool.state().problem).toBeNull()
  release()
  await until('all are delivered', () => spool.state().bytes === 0)
})

test('what a dead process left is taken over, its torn tail and damaged lines left out', async () => {
  const folder = newFolder()
  const first = spoolOf({ folder })
  for (const n of numbers(10)) await first.spool.append({ n }, 'click')
  const [segment] = segmentsIn(folder)
  await first.spool.close()
  const encode = recordEncoder()
  const damaged = String(encode(['{"n":98}'])).replace('98', '97')
  appendFileSync(join(folder, segment!), `${damaged}${String(encode(['{"n":99}'])).slice(0, 12)}`)

  const { received, deliver } = database()
  const { spool } = spoolOf({ folder, deliver })
  await until('the rest is delivered', () => received.length >= 10)
  await until('the file is gone', () => segmentsIn(folder).length === 0)
  expect(received).toEqual(numbers(10))
  expect(spool.state().torn).toBe(2)
})

test('what was written ahead by a dead process is no event, and a tail torn within it is left out', async () => {
  for (const tail of ['', '0123abcd {"n":9']) {
    const folder = newFolder()
    const first = spoolOf({ folder })
    for (const n of numbers(5)) await first.spool.append({ n, text: 'x'.repeat(30_000) }, 'click')
    const written = first.spool.state().bytes
    const [segment] = segmentsIn(folder)
    const path = join(folder, segment!)
    expect(statSync(path).size).toBeGreaterThan(written)
    await first.spool.close()
    const file = openSync(path, 'r+')
    writeSync(file, tail, written)
    closeSync(file)

    const { received, deliver } = database()
    const { spool } = spoolOf({ folder, deliver })
    await until('the file is gone', () => segmentsIn(folder).length === 0)
    expect(received).toEqual(numbers(5))
    expect(spool.state()).toMatchObject({ torn: tail === '' ? 0 : 1, bytes: 0 })
  }
})

test('the spool of a living process is left alone', async () => {
  const folder = newFolder()
  const first = spoolOf({ folder })
  await first.spool.append({ n: 1 }, 'click')
  const { received, deliver } = database()
  const second = spoolOf({ folder, deliver })
  await second.spool.append({ n: 2 }, 'click')
  await until('its own is delivered', () => received.length > 0)
  expect(received).toEqual([2])
  expect(second.spool.state().bytes).toBeGreaterThan(0)
})

test('what a process wrote while others were taken over is taken over whole when it dies meanwhile', async () => {
  const folder = newFolder()
  const dead = spoolOf({ folder })
  await dead.spool.append({ n: 0 }, 'click')
  await dead.spool.close()
  const dying = spoolOf({ folder })
  await dying.spool.append({ n: 1 }, 'click')

  const { received, deliver } = database()
  const busy = Promise.withResolvers<void>()
  const { promise: released, resolve: release } = Promise.withResolvers<void>()
  spoolOf({
    folder,
    deliver: async (records) => {
      busy.resolve()
      await released
      await deliver(records)
    },
  })
  await busy.promise
  await dying.spool.append({ n: 2 }, 'click')
  await dying.spool.close()
  release()
  await until('the files are gone', () => segmentsIn(folder).length === 0)
  expect(received).toEqual([0, 1, 2])
})

test('a spool near its end takes no opens, a full one no clicks, and always unsubscribes', async () => {
  const { spool } = spoolOf({ maxBytes: 10_000 })
  const record = { text: 'x'.repeat(900) }
  while (spool.state().shedding === 'none') expect(await spool.append(record, 'open')).toBe('stored')
  expect([await spool.append(record, 'open'), await spool.append(record, 'click')]).toEqual([
    'shed',
    'stored',
  ])
  while (spool.state().shedding === 'opens') await spool.append(record, 'click')
  const after = [await spool.append(record, 'open'), await spool.append(record, 'click')]
  expect([...after, await spool.append(record, 'unsubscribe')]).toEqual(['shed', 'shed', 'stored'])
  expect(spool.state()).toMatchObject({ shedding: 'clicks', shedOpens: 2, shedClicks: 1 })
})

test('where nothing can be written, the database takes the event before the answer', async () => {
  const { received, state, deliver } = database()
  const folder = newFolder()
  writeFileSync(folder, 'a file where the folder should be')
  const { spool } = spoolOf({ folder, deliver })
  expect(await spool.append({ n: 1 }, 'click')).toBe('stored')
  expect([received, spool.state().disk]).toEqual([[1], 'failing'])
  state.up = false
  expect(await spool.append({ n: 2 }, 'click')).toBe('lost')
  expect(spool.state().lost).toBe(1)
  rmSync(folder)
  await until('the disk is tried again', async () => (await spool.append({ n: 3 }, 'click')) === 'stored')
  expect(spool.state().disk).toBe('ok')
})

test('a disk that takes writes again is seen without a hit, and what comes meanwhile is kept', async () => {
  const folder = newFolder()
  writeFileSync(folder, 'a file where the folder should be')
  const { spool } = spoolOf({ folder })
  expect(await spool.append({ n: 1 }, 'click')).toBe('lost')
  rmSync(folder)
  await until('the disk is well', () => spool.state().disk === 'ok')
  expect(await spool.append({ n: 2 }, 'click')).toBe('stored')
  await spool.close()
  const { received, deliver } = database()
  spoolOf({ folder, deliver })
  await until('it is delivered', () => received.length > 0)
  expect(received).toEqual([2])
})

test('that nothing can be read on the disk keeps no event from the database', async () => {
  const { received, deliver } = database()
  const folder = newFolder()
  writeFileSync(folder, 'a file where the folder should be')
  const { spool } = spoolOf({ folder, deliver })
  await until('it is seen', () => spool.state().problem !== null)
  expect(spool.state().problem).toBe('unreadable')
  expect(await spool.append({ n: 1 }, 'click')).toBe('stored')
  expect(received).toEqual([1])
})

test('what cannot be read holds up nothing that others left, nor what comes', async () => {
  const folder = newFolder()
  const dead = spoolOf({ folder })
  await dead.spool.append({ n: 1 }, 'click')
  await dead.spool.close()
  mkdirSync(join(folder, '0-broken.000001.seg'))

  const { received, deliver } = database()
  const { spool } = spoolOf({ folder, deliver })
  await spool.append({ n: 2 }, 'click')
  await until('all that can be read is delivered', () => received.length === 2)
  expect(received).toEqual([1, 2])
  await until('it is told', () => spool.state().problem === 'unreadable')
  rmSync(join(folder, '0-broken.000001.seg'), { recursive: true })
  await until('nothing waits any more', () => spool.state().oldestSeconds === 0)
  expect(spool.state().problem).toBeNull()
}, 20_000)

test('one event that the database refuses does not hold up the others', async () => {
  const received: string[] = []
  const deliver = async (records: string[]) => {
    if (records.some((record) => record.includes('bad')))
      throw Object.assign(new Error('invalid byte sequence'), { code: '22021' })
    received.push(...records)
  }
  const { spool, folder } = spoolOf({ deliver })
  await Promise.all(['good', 'bad', 'better'].map((word) => spool.append({ word }, 'click')))
  await until('the others are delivered', () => received.length === 2)
  await until('it is kept aside', () => existsSync(join(folder, 'rejected.jsonl')))
  expect(spool.state().rejected).toBe(1)
})

test('what is delivered does not stay on disk until more comes', async () => {
  const { received, deliver } = database()
  const { spool, folder } = spoolOf({ deliver })
  const onDisk = () => segmentsIn(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0)
  for (const text of ['x'.repeat(100_000), 'short']) {
    const before = received.length
    for (const n of numbers(4)) await spool.append({ n, text }, 'click')
    expect(onDisk()).toBeGreaterThan(0)
    await until('all are delivered', () => received.length === before + 4)
    await until('nothing is left', () => onDisk() === 0)
  }
  expect(received).toEqual([...numbers(4), ...numbers(4)])
  expect(segmentsIn(folder).length).toBe(1)
})
