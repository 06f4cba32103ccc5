import type { Neighbours } from '#src/companies/neighbours.ts'
import { findVisit, moveFacts, moveFactsBack } from '#src/crawl/contacts/queries-facts.ts'
import { requestCrawls } from '#src/crawl/request-crawls.ts'
import type { Deps } from '#src/deps.ts'
import { messageOf } from '#src/lib/errors.ts'
import { suppressionOf } from '#src/tracking/queries-suppressions.ts'
import { scoreManyAgain } from './queries.ts'

// More companies than this are scored after the answer: the reader does not wait for them.
const SCORED_AT_ONCE = 1_000

/** What the pages of companies ask of the domains that build on them. */
export const companyNeighbours = ({ queue, log }: Pick<Deps, 'queue' | 'log'>): Neighbours => ({
  scoreAgain: async (db, companyIds) => {
    await scoreManyAgain(db, companyIds.slice(0, SCORED_AT_ONCE))
    scoreManyAgain(db, companyIds.slice(SCORED_AT_ONCE)).catch((error: unknown) =>
      log.error('scoring companies again failed', { error: messageOf(error) }),
    )
  },
  requestCrawl: async (db, { id, name }, createdBy) => {
    const label = { key: 'crawl.company', values: { name } }
    await db.transaction((tx) => requestCrawls(tx, queue, [id], { createdBy, label }))
  },
  visitOf: findVisit,
  suppressionOf,
  records: { move: moveFacts, moveBack: moveFactsBack },
})
