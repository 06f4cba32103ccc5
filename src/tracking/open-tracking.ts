import { join } from 'node:path'
import { openSpool, type Spool } from '#edge/spool.ts'
import { clientOf } from '#src/auth/request.ts'
import type { Deps } from '#src/deps.ts'
import { findOldLink, insertHits } from './queries.ts'
import { linkKeys, type LinkKeys } from './token.ts'
import type { Tracking } from './tracking.ts'

const SPOOL_MAX_BYTES = 1024 * 1024 * 1024

export type ServerTracking = Tracking & {
  /** Opens the spool, so that what an earlier run left is delivered. */
  open: () => void
  close: () => Promise<void>
}

type Needs = Pick<Deps, 'config' | 'sql' | 'keys' | 'log' | 'clock'>

/** The server's own tracking, for installations without an edge. Nothing is touched before the first hit, or `open`. */
export const openTracking = (deps: Needs): ServerTracking => {
  let spool: Spool | null = null
  let keys: LinkKeys | null = null
  const opened = (): Spool =>
    (spool ??= openSpool({
      folder: join(deps.config.DATA_DIR, 'spool'),
      maxBytes: SPOOL_MAX_BYTES,
      log: deps.log,
      deliver: (records) => insertHits(deps.sql, records),
    }))
  return {
    clock: deps.clock,
    keys: () => (keys ??= linkKeys(deps.keys.links)),
    record: (hit, rank) => opened().append(hit, rank),
    findOldLink: (token, urls) => findOldLink(deps.sql, token, urls),
    addressOf: (c) => clientOf(c, deps.config).address,
    open: () => void opened(),
    close: async () => {
      await spool?.close()
      spool = null
    },
  }
}
