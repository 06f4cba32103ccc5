import { join } from 'node:path'
import { messageOf } from '#src/lib/errors.ts'
import type { Log } from '#src/lib/log.ts'
import { sleep } from '#src/lib/sleep.ts'
import { within } from '#src/lib/within.ts'
import { batchDelivery, type Deliver } from './spool-delivery.ts'
import {
  listSegments,
  makeFolder,
  readPiece,
  recordEncoder,
  removeFile,
  tryLock,
  type Segment,
} from './spool-files.ts'
import { expressLane } from './express.ts'
import { deliveryPace } from './pace.ts'
import { watchRoom } from './spool-room.ts'
import { ownSegments } from './spool-segments.ts'
import type { SpoolState } from './spool-state.ts'
import { watchAge } from './waiting-age.ts'

const PIECE_BYTES = 256 * 1024
const DELIVER_AFTER_MS = 250
const RETRY_MS = 1000
const LOOK_AROUND_MS = 5000
/** How long the database is waited for while the disk is full. */
const DIRECT_WITHIN_MS = 2000
const DISK_RETRY_MS = 1000
const CLOSE_WITHIN_MS = 5000
/** So many are written without a look at who else comes. */
const FIRST_GROUP = 32
/** The reason where it is the disk that does not give back what waits. */
const UNREADABLE = 'unreadable'
/** Of SPOOL_MAX_MB, or of what the disk takes: from here on no opens are kept, but clicks up to the whole. */
const OPENS_UNTIL = 0.8

/** What may be given up when there is no room: opens first, then clicks, unsubscribes never. */
export type Rank = 'open' | 'click' | 'unsubscribe'
/** stored: on disk or in the database. shed: no room. lost: neither took it. */
export type Outcome = 'stored' | 'shed' | 'lost'

export type Spool = {
  /** Resolves once the record is durable, or is not going to be. Never rejects. */
  append: (record: object, rank: Rank) => Promise<Outcome>
  state: () => SpoolState
  /** Stops delivering; what is on disk is delivered by the next process. */
  close: () => Promise<void>
}

type Options = {
  folder: string
  maxBytes: number
  log: Log
  /** Takes records (JSON each), all of them or none; may be given the same ones twice. Null: they are only kept. */
  deliver: Deliver | null
  /** A word for why `deliver` failed, for /healthz: it tells nothing of what the events say. */
  reasonOf?: (error: unknown) => string
}

type Waiting = { json: string; rank: Rank; resolve: (outcome: Outcome) => void }

/** Keeps records on disk before they are acknowledged, one fdatasync for all that wait, and delivers them in batches.
 *  Several processes may share a folder; what a dead one left is taken over. The clock is never asked. */
export const openSpool = (options: Options): Spool => {
  const { folder, maxBytes, log, deliver, reasonOf = () => 'refused' } = options
  const owner = Bun.randomUUIDv7()
  const counts = { stored: 0, delivered: 0, lost: 0, shedOpens: 0, shedClicks: 0, torn: 0, rejected: 0 }
  const segments = ownSegments(folder, owner)
  const encode = recordEncoder()
  let foreignBytes = 0
  let disk: 'ok' | 'failing' = 'ok'
  let diskFailedAt = -Infinity
  let diskTimer: Timer | null = null
  const room = watchRoom(folder)
  const age = watchAge()
  let waiting: Waiting[] = []
  let writing: Promise<void> | null = null
  let unwritten: Waiting[] = []
  let sending: Promise<void> | null = null
  const stop = new AbortController()

  // —— writing ——

  const bytes = () => segments.bytes() + foreignBytes

  /** Of what the spool may take up. */
  const taken = (): number => {
    const used = bytes()
    const most = Math.min(maxBytes, used + Math.max(0, room.left()))
    return most > 0 ? used / most : 1
  }

  const shedding = (): SpoolState['shedding'] => {
    const share = taken()
    if (share >= 1) return 'clicks'
    return share >= OPENS_UNTIL ? 'opens' : 'none'
  }

  const append = (record: object, rank: Rank): Promise<Outcome> => {
    const state = rank === 'unsubscribe' ? 'none' : shedding()
    const isShed = state === 'clicks' || (state === 'opens' && rank === 'open')
    if (isShed && (room.left() > 0 || deliver === null || databaseAway)) {
      counts[rank === 'open' ? 'shedOpens' : 'shedClicks'] += 1
      return Promise.resolve('shed')
    }
    return new Promise((resolve) => {
      const entry = { json: JSON.stringify(record), rank, resolve }
      if (isShed) {
        unwritten.push(entry)
        sending ??= sendAll()
      } else {
        waiting.push(entry)
        writing ??= gathered().then(writeAll)
        if (waiting.length >= FIRST_GROUP) begin()
      }
    })
  }

  // Who asked not to be written to does not wait behind a flood; the database may be given an event twice.
  const express = deliver && expressLane(deliver)
  const hurry = (group: Waiting[]): void => {
    const urgent = group.filter(({ rank }) => rank === 'unsubscribe')
    if (urgent.length > 0 && delivering && !databaseAway) void express?.(urgent.map((each) => each.json))
  }

  const settle = (group: Waiting[], outcome: Outcome): void => {
    counts[outcome === 'stored' ? 'stored' : 'lost'] += group.length
    for (const { resolve } of group) resolve(outcome)
  }

  // The disk is full and the database is there: it takes the events before the answer.
  const sendAll = async (): Promise<void> => {
    while (unwritten.length > 0) {
      const group = unwritten
      unwritten = []
      settle(group, await deliverDirectly(group))
    }
    sending = null
  }

  // Those that come together share a write; of many, the first are written while the others are still read.
  let begin = (): void => {}
  const gathered = (): Promise<void> =>
    new Promise((resolve) => {
      begin = resolve
      setImmediate(resolve)
    })

  const writeAll = async (): Promise<void> => {
    while (waiting.length > 0) {
      const group = waiting
      waiting = []
      const isTried = disk === 'ok' || performance.now() - diskFailedAt > DISK_RETRY_MS
      if (isTried && (await isWritten(group))) {
        hurry(group)
        settle(group, 'stored')
      } else await keepWhatCanBe(group)
    }
    writing = null
  }

  const keepWhatCanBe = async (group: Waiting[]): Promise<void> => {
    // A few lines may still fit where many did not.
    const first = group.filter(({ rank }) => rank === 'unsubscribe')
    const kept = first.length > 0 && (await isWritten(first))
    const rest = kept ? group.filter(({ rank }) => rank !== 'unsubscribe') : group
    if (kept) settle(first, 'stored')
    if (rest.length > 0) settle(rest, await deliverDirectly(rest))
  }

  const isWritten = (group: Waiting[]): Promise<boolean> =>
    isTaken(async () => {
      const data = encode(group.map(({ json }) => json))
      room.take(await segments.write(data))
      age.wrote(data.length)
      deliverSoon(DELIVER_AFTER_MS)
    })

  const isTaken = async (write: () => Promise<void>): Promise<boolean> => {
    try {
      await write()
      if (disk === 'failing') log.info('the spool can be written to again')
      disk = 'ok'
      return true
    } catch (error) {
      if (disk === 'ok') log.error('the spool cannot be written to', { reason: messageOf(error) })
      disk = 'failing'
      diskFailedAt = performance.now()
      await segments.mend()
      diskTimer ??= setTimeout(tryDisk, DISK_RETRY_MS)
      return false
    }
  }

  // Who sends nothing to an edge that is not well would never see it well again: it is tried without a hit.
  const tryDisk = (): void => {
    diskTimer = null
    if (stop.signal.aborted || disk === 'ok') return
    if (writing === null) writing = isTaken(segments.tryRoom).then(writeAll)
    else diskTimer = setTimeout(tryDisk, DISK_RETRY_MS)
  }

  const deliverDirectly = async (group: Waiting[]): Promise<Outcome> => {
    if (!deliver || databaseAway) return 'lost'
    try {
      await within(DIRECT_WITHIN_MS, deliver(group.map(({ json }) => json)))
      counts.delivered += group.length
      return 'stored'
    } catch {
      databaseAway = true
      deliverSoon(RETRY_MS)
      return 'lost'
    }
  }

  // —— delivering ——

  let databaseAway = false
  let problem: string | null = null
  let unreadable = false
  let timer: Timer | null = null
  let dueAt = Infinity
  let delivering: Promise<void> | null = null
  let lookedAt = -Infinity

  const deliverSoon = (afterMs: number): void => {
    const due = performance.now() + afterMs
    if (stop.signal.aborted || deliver === null || delivering !== null || due >= dueAt) return
    if (timer !== null) clearTimeout(timer)
    dueAt = due
    timer = setTimeout(() => (delivering = deliverNow()), afterMs)
  }

  const deliverNow = async (): Promise<void> => {
    try {
      await deliverAll()
      databaseAway = false
      problem = null
    } catch (error) {
      if (problem === null) log.warn('events wait in the spool', { reason: messageOf(error) })
      problem = databaseAway ? reasonOf(error) : UNREADABLE
    }
    delivering = null
    dueAt = Infinity
    const pending = segments.all.some((each) => each.drained < each.committed)
    deliverSoon(problem !== null ? RETRY_MS : pending ? DELIVER_AFTER_MS : LOOK_AROUND_MS)
  }

  const restOf = deliveryPace()

  const deliverAll = async (): Promise<void> => {
    if (performance.now() - lookedAt > LOOK_AROUND_MS) await lookAround()
    for (const segment of segments.all.slice()) {
      while (!stop.signal.aborted && segment.drained < segment.committed) {
        const piece = await readPiece(segment.path, segment.drained, segment.committed, PIECE_BYTES)
        const began = performance.now()
        await deliverPiece(piece.records)
        counts.torn += piece.torn
        age.took(piece.next - segment.drained)
        segment.drained = piece.next
        const rest = restOf(counts.stored, performance.now() - began, taken())
        await sleep(rest, stop.signal).catch(() => {})
      }
      // What is delivered is personal, and counted by others: it does not stay until more comes.
      if (writing === null) segments.empty(segment)
      segments.clear(segment)
    }
  }

  const rejected = () => void (counts.rejected += 1)
  const deliverBatch = deliver && batchDelivery({ folder, log, deliver, rejected })
  const deliverPiece = async (records: string[]): Promise<void> => {
    if (records.length === 0) return
    try {
      await deliverBatch?.(records)
    } catch (error) {
      databaseAway = true
      throw error
    }
    counts.delivered += records.length
    // Known before all that has piled up is delivered, which may take long.
    databaseAway = false
    problem = null
  }

  // Takes over what dead processes left, delivers it, and counts what living ones hold. What cannot be read holds up
  // nothing else.
  const lookAround = async (): Promise<void> => {
    lookedAt = performance.now()
    makeFolder(folder)
    const others = listSegments(folder).filter((each) => each.owner !== owner)
    foreignBytes = others.reduce((sum, each) => sum + each.bytes, 0)
    const failures: unknown[] = []
    for (const name of new Set(others.map((each) => each.owner)))
      await takeOver(name).catch((error: unknown) => {
        if (databaseAway) throw error
        failures.push(error)
      })
    if (failures.length > 0 && !unreadable)
      log.error('what is left in the spool cannot be read', { reason: messageOf(failures[0]) })
    unreadable = failures.length > 0
    if (!unreadable) age.left(false)
  }

  const takeOver = async (name: string): Promise<void> => {
    const lock = tryLock(folder, name)
    if (lock === null) return
    try {
      // Looked at again: it may have written, and died, while others were delivered.
      await deliverLeft(listSegments(folder).filter((each) => each.owner === name))
      removeFile(join(folder, `${name}.lock`))
    } finally {
      lock.close()
    }
  }

  const deliverLeft = async (left: Segment[]): Promise<void> => {
    if (left.some((each) => each.bytes > 0)) age.left(true)
    for (const { name, bytes: size } of left) {
      const path = join(folder, name)
      for (let at = 0; at < size;) {
        if (stop.signal.aborted) return
        const piece = await readPiece(path, at, size, PIECE_BYTES)
        await deliverPiece(piece.records)
        counts.torn += piece.torn
        at = piece.next
      }
      removeFile(path)
      foreignBytes = Math.max(0, foreignBytes - size)
    }
  }

  deliverSoon(0)

  return {
    append,
    state: () => {
      const full = disk === 'ok' && room.left() <= 0
      const waiting = { oldestSeconds: age.seconds(), problem: problem ?? (unreadable ? UNREADABLE : null) }
      return {
        bytes: bytes(),
        maxBytes,
        shedding: shedding(),
        disk: full ? 'full' : disk,
        ...waiting,
        ...counts,
      }
    },
    close: async () => {
      stop.abort()
      for (const each of [timer, diskTimer]) if (each !== null) clearTimeout(each)
      await within(CLOSE_WITHIN_MS, Promise.resolve(delivering)).catch(() => {})
      await Promise.all([writing, sending])
      await segments.close()
    },
  }
}
