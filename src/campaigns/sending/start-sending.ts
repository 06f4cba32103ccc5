import { randomUUID } from 'node:crypto'
import { isDatabaseDown, isWithoutTables, loggableMessage } from '#src/db/failures.ts'
import type { Deps } from '#src/deps.ts'
import { readAccount } from '#src/mail/accounts/read-account.ts'
import { knownCampaigns } from './known-campaigns.ts'
import { newMemory, type LaneMemory } from './lane-memory.ts'
import { runLane } from './lane.ts'
import { LATENESS, openLateAnswers, type Lateness } from './late-answers.ts'
import type { LaneKey } from './ledger.ts'
import { startMovingStatuses } from './move-statuses.ts'
import { listDueLanes, noteAlive, noteGone, recoverLeft } from './queries-claim.ts'
import { smtpTransport, type OpenTransport } from './transport.ts'

const NOWHERE = 'https://rehearsal.invalid'
const LOOK_EVERY_MS = 1_000
/** A stop that takes longer says why. */
const STOP_UNTOLD_MS = 1_000
/** A node that is silent for so long has died, and what it had is taken from it: beyond any pause of a program that lives,
 *  and were it one, it may hand over nothing of it (lane.ts). */
const SILENT_MS = 10_000
/** So many signs of life in that time. */
const SIGNS = 5

export type SendingOptions = {
  /** What rehearsals are handed to; without one they wait. */
  rehearsal?: OpenTransport
  /** In place of mail servers. */
  real?: OpenTransport
  /** How long a node is silent before it is taken for dead, the same on all nodes. */
  silentMs?: number
  /** When the answer of a server is late. */
  lateness?: Lateness
}

type Running = {
  memory: LaneMemory
  version: string
  done: Promise<void> | null
  /** Ends the run: what is being handed over is, the rest is given back. */
  end: () => void
}

/** Sends what campaigns have due, on every node that works, until the returned function has been called: it ends with
 *  the mails that are just being handed over, waits a while for what their servers say, and gives the rest back. Accounts do not wait for one another, nor do
 *  campaigns of one account. */
export const startSending = (
  deps: Pick<Deps, 'db' | 'sql' | 'clock' | 'log' | 'keys' | 'config'>,
  options: SendingOptions = {},
): (() => Promise<void>) => {
  const { db, clock, log, config } = deps
  const { silentMs = SILENT_MS, lateness = LATENESS } = options
  const node = randomUUID()
  const stop = new AbortController()
  const lanes = new Map<string, Running>()
  const campaigns = knownCampaigns(deps)
  const late = openLateAnswers()
  let aliveAt = -Infinity
  let recoveredAt = -Infinity
  let told = ''
  let nudge = Promise.withResolvers<void>()

  const start = async (key: LaneKey & { version: string }): Promise<void> => {
    const isRehearsal = key.kind === 'rehearsal'
    // The links of a rehearsal are followed by nobody.
    const baseUrl = config.BASE_URL ?? (isRehearsal ? NOWHERE : undefined)
    const open = isRehearsal ? options.rehearsal : (options.real ?? (baseUrl && smtpTransport(baseUrl)))
    if (!baseUrl || !open) return
    const lane = laneOf(key)
    if (lane.done !== null) {
      // Its account was changed: who writes, over which server and with which password.
      if (lane.version !== key.version) lane.end()
      return
    }
    if (lane.version !== key.version) Object.assign(lane, { version: key.version, memory: newMemory() })
    if (lane.memory.sleepUntil > clock.now().getTime()) return
    const account = await readAccount(deps, key.accountId)
    if (account === null) return
    const { memory } = lane
    const ended = new AbortController()
    lane.end = () => ended.abort()
    lane.done = runLane({ ...deps, node, baseUrl, campaigns, silentMs }, key, {
      account,
      transport: open(account),
      memory,
      late,
      lateness,
      stop: AbortSignal.any([stop.signal, ended.signal]),
    })
      .catch((error: unknown) => log.error('sending stopped for a while', { reason: loggableMessage(error) }))
      .finally(() => {
        lane.done = null
        // What became due, or free, while it ran.
        nudge.resolve()
      })
  }
  const laneOf = ({ accountId, kind, version }: LaneKey & { version: string }): Running => {
    const name = `${accountId} ${kind}`
    const lane = lanes.get(name) ?? { memory: newMemory(), version, done: null, end: () => {} }
    lanes.set(name, lane)
    return lane
  }

  const isBusy = (): boolean => late.count() > 0 || [...lanes.values()].some(({ done }) => done !== null)
  const round = async (): Promise<void> => {
    const now = performance.now()
    if (now - recoveredAt >= silentMs / 2) {
      recoveredAt = now
      const { planned, unknown } = await recoverLeft(db, silentMs)
      if (planned + unknown > 0) log.warn('mails of a node that died', { again: planned, unknown })
    }
    const due = await listDueLanes(db, clock.now())
    if (due.length > 0) await stayAlive()
    for (const lane of due) await start(lane)
    told = ''
  }
  const stayAlive = async (): Promise<void> => {
    if (performance.now() - aliveAt < silentMs / SIGNS) return
    await noteAlive(db, node)
    aliveAt = performance.now()
  }
  // Whatever a round waits for: a node that has mails in hand says so.
  const pulse = setInterval(
    () => {
      if (isBusy()) void stayAlive().catch(() => {})
    },
    silentMs / SIGNS / 2,
  )

  const stopMoving = startMovingStatuses(deps, isBusy)
  const running = (async () => {
    while (!stop.signal.aborted) {
      nudge = Promise.withResolvers<void>()
      await round().catch((error: unknown) => {
        const reason = loggableMessage(error)
        if (reason !== told && !isWithoutTables(error))
          log.warn('campaigns wait', { reason, down: isDatabaseDown(error) })
        told = reason
      })
      const timer = setTimeout(nudge.resolve, untilNext(lanes, clock.now().getTime()))
      await nudge.promise
      clearTimeout(timer)
    }
  })()

  return async () => {
    const began = performance.now()
    const telling = setTimeout(() => {
      if (isBusy())
        log.info('mail servers are waited for', { seconds: Math.ceil(lateness.stopWithinMs / 1_000) })
    }, STOP_UNTOLD_MS)
    stop.abort()
    nudge.resolve()
    await running
    await Promise.all([...lanes.values()].map(({ done }) => done))
    await late.end(lateness.stopWithinMs - (performance.now() - began))
    clearTimeout(telling)
    clearInterval(pulse)
    await stopMoving()
    await noteGone(db, node).catch(() => {})
  }
}

const untilNext = (lanes: Map<string, Running>, now: number): number => {
  const waits = [...lanes.values()].flatMap(({ memory, done }) =>
    done === null && memory.sleepUntil > now ? memory.sleepUntil - now : [],
  )
  return Math.max(1, Math.min(LOOK_EVERY_MS, ...waits))
}
