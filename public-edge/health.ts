import type { SpoolState } from './spool-state.ts'
import { within } from '#src/lib/within.ts'

const ANSWER_WITHIN_MS = 3000
/** Delivering fails now and then for a moment; after this it is no longer the edge that is well. */
const FAILING_AFTER_SECONDS = 10

/** Resolves to `no_tables` or `no_rights` when something is missing there; rejects when it cannot be asked. */
export type Ping = () => Promise<unknown>

type Watched = {
  missing: string[]
  pingDatabase: Ping | null
  pingUpstream?: Ping | null
  spool: () => SpoolState
}

/** What /healthz tells: codes and numbers, nothing of what errors say. */
export type Health = {
  status: 'ok' | 'unavailable'
  /** Names of settings. */
  missing: string[]
  /** ok · none (there is none) · unreachable · login_refused · no_tables · no_rights · … */
  database: string
  upstream: string
  /** Events are delivered (or there are none), wait since a moment ago, or pile up; `reason` as above. */
  delivery: { state: 'ok' | 'waiting' | 'failing'; oldestSeconds: number; reason: string | null }
  spool: Pick<SpoolState, 'bytes' | 'maxBytes' | 'shedding' | 'disk' | 'lost' | 'rejected'>
}

/** Says whether the edge does its work: takes events, and gets rid of them. One question at a time, however many ask. */
export const watchHealth = (watched: Watched): (() => Promise<Health>) => {
  const database = shared(watched.pingDatabase)
  const upstream = shared(watched.pingUpstream ?? null)
  return async () => {
    const [databaseState, upstreamState] = await Promise.all([database(), upstream()])
    const { bytes, maxBytes, shedding, disk, lost, rejected, ...waiting } = watched.spool()
    const delivery = deliveryOf(waiting)
    const isWell =
      watched.missing.length === 0 &&
      [databaseState, upstreamState].every((state) => state === 'ok' || state === 'none') &&
      delivery.state !== 'failing' &&
      shedding === 'none' &&
      disk === 'ok'
    return {
      status: isWell ? 'ok' : 'unavailable',
      missing: watched.missing,
      database: databaseState,
      upstream: upstreamState,
      delivery,
      spool: { bytes, maxBytes, shedding, disk, lost, rejected },
    }
  }
}

const deliveryOf = ({
  oldestSeconds,
  problem,
}: Pick<SpoolState, 'oldestSeconds' | 'problem'>): Health['delivery'] => {
  const seconds = Math.round(oldestSeconds)
  if (problem === null) return { state: 'ok', oldestSeconds: seconds, reason: null }
  const state = oldestSeconds >= FAILING_AFTER_SECONDS ? 'failing' : 'waiting'
  return { state, oldestSeconds: seconds, reason: problem }
}

const shared = (ping: Ping | null): (() => Promise<string>) => {
  let running: Promise<string> | null = null
  return async () => {
    if (ping === null) return 'none'
    running ??= within(
      ANSWER_WITHIN_MS,
      ping().then((said) => (said === 'no_tables' || said === 'no_rights' ? said : 'ok')),
    )
      .catch(reasonOf)
      .finally(() => (running = null))
    return running
  }
}

const WORDS: [RegExp, string][] = [
  [/^42501$/, 'no_rights'],
  [/^(42P01|42703|42883|3F000|3D000)$/, 'no_tables'],
  [/^28/, 'login_refused'],
  [/^53100$/, 'disk_full'],
  [/^53/, 'too_busy'],
  [/^25006$/, 'read_only'],
]
const OF_THE_UPSTREAM = ['refused', 'clock', 'stranger', 'busy']

/** A word for why the database (by its SQLSTATE) or the server did not take something. */
export const reasonOf = (error: unknown): string => {
  const code = String((error as { code?: unknown } | null)?.code ?? '')
  if (OF_THE_UPSTREAM.includes(code)) return code
  return WORDS.find(([pattern]) => pattern.test(code))?.[1] ?? 'unreachable'
}
