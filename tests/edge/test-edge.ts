import { createEdge, type EdgeDeps } from '#edge/app.ts'
import type { SpoolState } from '#edge/spool-state.ts'
import type { Outcome } from '#edge/spool.ts'
import { clientResolver } from '#edge/tracking.ts'
import { silentLog } from '#src/lib/log.ts'
import type { Hit } from '#src/tracking/hit.ts'
import { linkKeys } from '#src/tracking/token.ts'

export const KEYS = linkKeys(Buffer.alloc(32, 7))
export const NOW = new Date('2026-11-22T12:00:00Z')

type Given = Partial<EdgeDeps> & {
  /** token → the links of that message of the existing product */
  oldLinks?: Record<string, string[]>
  outcome?: Outcome
  spoolState?: Partial<SpoolState>
}

const EMPTY: SpoolState = {
  bytes: 0,
  maxBytes: 1_000_000,
  shedding: 'none',
  disk: 'ok',
  oldestSeconds: 0,
  problem: null,
  stored: 0,
  delivered: 0,
  lost: 0,
  shedOpens: 0,
  shedClicks: 0,
  torn: 0,
  rejected: 0,
}

/** The edge without disk and database: what it would have kept, and what it asked. */
export const testEdge = ({ oldLinks = {}, outcome = 'stored', spoolState = {}, ...deps }: Given = {}) => {
  const hits: Hit[] = []
  const asked: string[] = []
  const app = createEdge({
    log: silentLog,
    missing: [],
    pingDatabase: null,
    spool: () => ({ ...EMPTY, ...spoolState }),
    clientOf: clientResolver({ TRUSTED_PROXIES: ['127.0.0.1'] }),
    tracking: {
      clock: { now: () => NOW },
      keys: () => KEYS,
      record: async (hit) => {
        hits.push(hit)
        return outcome
      },
      findOldLink: async (token, urls) => {
        asked.push(token)
        return oldLinks[token]?.find((link) => urls.includes(link)) ?? null
      },
      addressOf: () => '203.0.113.77',
    },
    ...deps,
  })
  return { app, hits, asked }
}
