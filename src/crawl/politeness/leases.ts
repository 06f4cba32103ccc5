import { randomUUID } from 'node:crypto'
import type { Db } from '#src/db/open.ts'
import { messageOf } from '#src/lib/errors.ts'
import type { Log } from '#src/lib/log.ts'
import { sleep } from '#src/lib/sleep.ts'
import {
  dropLeases,
  giveBackLeases,
  renewLeases,
  sweepLeases,
  takeLease,
  type Lease,
} from './queries-leases.ts'
import { createLocalSlots, once, type Slots } from './slots.ts'

// A dead node's hosts are free again after this; the heartbeat leaves room for two failures.
const LEASE_TTL_MS = 15_000
const HEARTBEAT_MS = 4_000
// An unused lease is kept a little for the next page: longer than any pause between two pages of a site.
const KEEP_IDLE_MS = 35_000
const KEEP_IDLE_WHEN_SHARED_MS = 3_000
const ASK_AGAIN_MS = 500

type Held = Lease & { renewedAt: number; idleSince: number; lost: boolean }
type Times = { ttlMs: number; heartbeatMs: number; keepIdleMs: number; askAgainMs: number }

/** Slots that hold over all nodes of one database. What this node has taken it keeps for its next requests, so that
 *  a page costs no query; it is given back when unused, and lost 15 s after the node has died. */
export const createLeasedSlots = (db: Db, log: Log, times: Partial<Times> = {}): Slots => {
  const { ttlMs = LEASE_TTL_MS, heartbeatMs = HEARTBEAT_MS, askAgainMs = ASK_AGAIN_MS } = times
  const holder = randomUUID()
  const local = createLocalSlots()
  const idle = new Map<string, Held[]>()
  const held = new Set<Held>()

  const acquire = async (key: string, limit: number, signal?: AbortSignal): Promise<() => void> => {
    const leaveLocal = await local.acquire(key, limit, signal)
    try {
      const lease = await obtain(key, limit, signal)
      return once(() => {
        if (!lease.lost) putAside(lease)
        leaveLocal()
      })
    } catch (error) {
      leaveLocal()
      throw error
    }
  }

  const obtain = async (key: string, limit: number, signal?: AbortSignal): Promise<Held> => {
    for (;;) {
      const kept = takeIdle(key)
      if (kept) return kept
      const renewedAt = performance.now()
      const lease = await takeLease(db, { key, limit, holder, ttlMs })
      if (lease) {
        const taken = { ...lease, renewedAt, idleSince: renewedAt, lost: false }
        held.add(taken)
        return taken
      }
      // Half at random, so that waiting nodes do not ask in step.
      await sleep(askAgainMs / 2 + (Math.random() * askAgainMs) / 2, signal)
    }
  }

  // After a stall of this process a lease may be another's by now, though no heartbeat has said so yet.
  const takeIdle = (key: string): Held | undefined => {
    const list = idle.get(key) ?? []
    for (let lease = list.pop(); lease; lease = list.pop())
      if (!lease.lost && performance.now() - lease.renewedAt < ttlMs) return lease
    return undefined
  }

  const putAside = (lease: Held): void => {
    const list = idle.get(lease.key) ?? []
    idle.set(lease.key, list)
    lease.idleSince = performance.now()
    list.push(lease)
  }

  const beat = async (): Promise<void> => {
    const known = [...held]
    const renewedAt = performance.now()
    const renewed = new Set((await renewLeases(db, holder, ttlMs)).map(nameOf))
    for (const lease of known) {
      if (renewed.has(nameOf(lease))) lease.renewedAt = renewedAt
      else forget(lease)
    }
    const unused = [...idle.values()]
      .flat()
      .filter((lease) => renewedAt - lease.idleSince >= keepMs(lease.key))
    for (const lease of unused) forget(lease)
    if (unused.length > 0) await giveBackLeases(db, holder, unused)
    await sweepLeases(db)
  }

  const forget = (lease: Held): void => {
    lease.lost = true
    held.delete(lease)
    const rest = (idle.get(lease.key) ?? []).filter((one) => !one.lost)
    if (rest.length > 0) idle.set(lease.key, rest)
    else idle.delete(lease.key)
  }

  // Addresses have no pause of their own, so others may have them soon.
  const keepMs = (key: string): number =>
    times.keepIdleMs ?? (key.startsWith('host:') ? KEEP_IDLE_MS : KEEP_IDLE_WHEN_SHARED_MS)

  let beating: Promise<void> | null = null
  const timer = setInterval(() => {
    if (held.size === 0) return
    beating ??= beat()
      .catch((error) => log.warn('crawl leases could not be renewed', { reason: messageOf(error) }))
      .finally(() => {
        beating = null
      })
  }, heartbeatMs)
  timer.unref()

  const close = async (): Promise<void> => {
    clearInterval(timer)
    await beating
    if (held.size > 0) await dropLeases(db, holder)
  }

  return { acquire, close }
}

const nameOf = (lease: Lease): string => `${lease.slot} ${lease.key}`
