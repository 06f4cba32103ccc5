import { addCompany } from '#src/companies/add-company.ts'
import { companyFromUrl } from '#src/companies/company-form.ts'
import type { Config } from '#src/config.ts'
import { requestCrawls } from '#src/crawl/request-crawls.ts'
import { isDatabaseDown } from '#src/db/failures.ts'
import type { Db, Sql } from '#src/db/open.ts'
import { parseOutsideUrl, portOf, vetHost, type Resolve } from '#src/lib/address-vetting.ts'
import { messageOf } from '#src/lib/errors.ts'
import type { Log } from '#src/lib/log.ts'
import { parseNetworks } from '#src/lib/networks.ts'
import type { Queue } from '#src/queue/open-queue.ts'
import { keepDoing } from '../keep-doing.ts'
import { askedBudget } from './asked-budget.ts'
import {
  findCompanyOfSite,
  findOpenCrawl,
  holdRequest,
  isRequestWaiting,
  settleRequests,
  updateRequest,
  type WaitingRequest,
} from './queries.ts'

const EVERY_MS = 1_000
/** A name can take three seconds to resolve: others do not wait behind it. */
const AT_ONCE = 4

type Parts = {
  db: Db
  queue: Queue
  log: Log
  config: Pick<Config, 'CRAWL_ALLOW_NETWORKS'>
  resolve?: Resolve
}

/** Takes up what the public API asked for, on every node that works: each request once, and not lost with a node
 *  that dies. Returns what ends it. */
export const startTakingRequests = (parts: Parts & { sql: Sql }): (() => Promise<void>) =>
  keepDoing(parts, {
    trouble: 'analyses asked for by the API wait',
    channel: 'analysis_requests',
    everyMs: EVERY_MS,
    round: async () => {
      await takeRequests(parts)
      await settleRequests(parts.db)
    },
  })

/** Takes up all that wait. Returns how many. */
export const takeRequests = async (parts: Parts): Promise<number> => {
  if (!(await isRequestWaiting(parts.db))) return 0
  const takeAll = async (): Promise<number> => {
    let taken = 0
    while (await takeRequest(parts)) taken += 1
    return taken
  }
  const counts = await Promise.all(Array.from({ length: AT_ONCE }, takeAll))
  return counts.reduce((sum, count) => sum + count, 0)
}

const takeRequest = async (parts: Parts): Promise<boolean> => {
  let id: string | null = null
  try {
    return await parts.db.transaction(async (tx) => {
      const request = await holdRequest(tx)
      if (!request) return false
      id = request.id
      await updateRequest(tx, id, await launch(tx, request, parts))
      return true
    })
  } catch (error) {
    if (id === null || isDatabaseDown(error)) throw error
    parts.log.error('an analysis asked for by the API could not be launched', { reason: messageOf(error) })
    await updateRequest(parts.db, id, { state: 'failed', reason: 'unexpected' })
    return true
  }
}

const launch = async (tx: Db, { website, options }: WaitingRequest, parts: Parts) => {
  const read = companyFromUrl(website)
  const siteKey = read.ok ? read.company.siteKey : null
  if (!read.ok || siteKey === null) return { state: 'refused', reason: 'not_a_site' } as const
  const refusal = await refusalOf(read.company.website ?? website, parts)
  if (refusal) return { state: 'refused', reason: refusal } as const
  const known = await findCompanyOfSite(tx, siteKey)
  if (known?.analysed && options['force'] !== true) return { state: 'known', companyId: known.id } as const
  const company = known ?? (await create(tx, read.company, siteKey))
  const label = { key: 'crawl.company', values: { name: company.name } }
  const { batchId } = await requestCrawls(tx, parts.queue, [company.id], { createdBy: null, label })
  if (batchId !== null) {
    const ownLimits = { ...options, budget: askedBudget(options) }
    return { state: 'launched', companyId: company.id, batchId, options: ownLimits } as const
  }
  // Its crawl waits or runs already, as somebody else asked for it.
  const open = await findOpenCrawl(tx, company.id)
  return open === null
    ? ({ state: 'failed', companyId: company.id, reason: 'no_website' } as const)
    : ({ state: 'launched', companyId: company.id, batchId: open } as const)
}

/** Why this site will not be asked anything: its address is private, or its name leads nowhere. */
const refusalOf = async (website: string, { config, resolve }: Parts): Promise<string | null> => {
  const url = parseOutsideUrl(website)
  if (!url.ok) return url.problem.code
  const allow = parseNetworks(config.CRAWL_ALLOW_NETWORKS)
  const { hostname } = url.value
  const vetting = { allow: allow.ok ? allow.value : [], ...(resolve && { resolve }) }
  const vetted = await vetHost(hostname, portOf(url.value), vetting)
  return vetted.ok ? null : vetted.problem.code
}

type Read = Extract<ReturnType<typeof companyFromUrl>, { ok: true }>['company']

const create = async (tx: Db, company: Read, siteKey: string): Promise<{ id: number; name: string }> => {
  const added = await addCompany(tx, company, { userId: null, anyway: false })
  if ('id' in added) return { id: added.id, name: company.name }
  const double = (await findCompanyOfSite(tx, siteKey)) ?? added.doubles[0]
  if (!double) throw new Error('a company that is known cannot be found')
  return double
}
