import type { Clock } from './lib/clock.ts'
import type { Config } from './config.ts'
import type { Politeness } from './crawl/politeness/politeness.ts'
import type { Renderer } from './crawl/render/renderer.ts'
import type { Db, Sql } from './db/open.ts'
import type { Keys } from './lib/keys.ts'
import type { Log } from './lib/log.ts'
import type { Queue } from './queue/open-queue.ts'
import type { Threads } from './threads.ts'
import type { ServerTracking } from './tracking/open-tracking.ts'

/** What main assembles and hands down; types only, so that nobody depends on how it is made. */
export type Deps = {
  config: Config
  db: Db
  sql: Sql
  queue: Queue
  threads: Threads
  /** The distance this installation keeps from other people's servers, over all its nodes. */
  politeness: Politeness
  /** Draws pages that need JavaScript; absent where no browser is installed. */
  renderer?: Renderer
  log: Log
  clock: Clock
  /** The public routes of a server without an edge; made by app.ts where nobody has. */
  tracking?: ServerTracking
  /** False until the database has the tables of this very version; absent where that is known. */
  isPrepared?: () => boolean
  /** Derived from SECRET_KEY (lib/keys.ts). */
  keys: Keys
}
