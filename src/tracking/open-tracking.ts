import { join } from 'node:path'
import type { SpoolState } from '#edge/spool-state.ts'
import { openSpool, type Spool } from '#edge/spool.ts'
import { clientOf } from '#src/auth/request.ts'
import type { Deps } from '#src/deps.ts'
import { findOldLink, insertHits } from './queries.ts'
import type { LinkKeys } from './token.ts'
import { readTrackingSettings, verifyingKeys } from './tracking-settings.ts'
import type { Tracking } from './tracking.ts'

const MEGABYTE = 1024 * 1024
const SETTINGS_EVERY_MS = 10_000
/** While the database has not said how many keys were begun, links of so many are followed. */
const UNREAD_GENERATION = 20

export type ServerTracking = Tracking & {
  /** Opens the spool, so that what an earlier run left is delivered. */
  open: () => void
  /** Of the spool; null while there has been nothing to keep. */
  state: () => SpoolState | null
  close: () => Promise<void>
}

type Needs = Pick<Deps, 'config' | 'db' | 'sql' | 'keys' | 'log' | 'clock'>

/** The server's own tracking, for installations without an edge. Nothing is touched before the first hit, or `open`. */
export const openTracking = (deps: Needs): ServerTracking => {
  let spool: Spool | null = null
  let keys: LinkKeys | null = null
  let timer: Timer | null = null
  const readKeys = async (): Promise<void> => {
    const settings = await readTrackingSettings(deps.db).catch(() => null)
    if (settings) keys = verifyingKeys(deps.keys.links, settings)
  }
  const opened = (): Spool =>
    (spool ??= openSpool({
      folder: join(deps.config.DATA_DIR, 'spool'),
      maxBytes: deps.config.SPOOL_MAX_MB * MEGABYTE,
      log: deps.log,
      deliver: (records) => insertHits(deps.sql, records),
    }))
  return {
    clock: deps.clock,
    keys: () => (keys ??= verifyingKeys(deps.keys.links, { keyGeneration: UNREAD_GENERATION })),
    record: (hit, rank) => opened().append(hit, rank),
    findOldLink: (token, urls) => findOldLink(deps.sql, token, urls),
    addressOf: (c) => clientOf(c, deps.config).address,
    open: () => {
      opened()
      void readKeys()
      timer ??= setInterval(() => void readKeys(), SETTINGS_EVERY_MS)
    },
    state: () => spool?.state() ?? null,
    close: async () => {
      if (timer) clearInterval(timer)
      timer = null
      await spool?.close()
      spool = null
    },
  }
}
