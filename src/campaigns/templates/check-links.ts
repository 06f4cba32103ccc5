import type { Config } from '#src/config.ts'
import { parseNetworks } from '#src/lib/networks.ts'
import { safeFetch, type FetchOptions } from '#src/lib/safe-fetch.ts'
import type { LintIssue } from './lint.ts'

const MAX_LINKS = 20
const AT_ONCE = 4
const WITHIN_MS = 8_000
const MAX_BYTES = 20_000
/** Said to programs, not to people: the page may well be there. */
const NOT_FOR_PROGRAMS = new Set([401, 403, 405, 406, 429, 503, 999])

/** Follows each link as a recipient would. A server that does not talk to programs, or cannot be reached from here, is
 *  told as not checked, never as working. */
export const checkLinks = async (
  links: readonly string[],
  config: Pick<Config, 'CRAWL_ALLOW_NETWORKS'>,
  options: FetchOptions = {},
): Promise<LintIssue[]> => {
  const allowed = parseNetworks(config.CRAWL_ALLOW_NETWORKS)
  const own = { allowNetworks: allowed.ok ? allowed.value : [], ...options }
  const issues: LintIssue[] = links
    .slice(MAX_LINKS)
    .map((link) => ({ level: 'note', code: 'link_unchecked', detail: link }))
  const waiting = links.slice(0, MAX_LINKS)
  const work = async (): Promise<void> => {
    for (let link = waiting.shift(); link !== undefined; link = waiting.shift())
      issues.push(await checkLink(link, own))
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return issues
}

const checkLink = async (link: string, options: FetchOptions): Promise<LintIssue> => {
  const found = await safeFetch(link, { ...options, timeoutMs: WITHIN_MS, maxBytes: MAX_BYTES })
  if (!found.ok) {
    // A name that does not exist and an address of a private network are certain; the rest may be our own trouble.
    const isGone = found.problem.code === 'dns' || found.problem.code === 'refused_address'
    return isGone
      ? { level: 'problem', code: 'link_broken', detail: link }
      : { level: 'note', code: 'link_unchecked', detail: link }
  }
  const { status } = found.response
  if (status < 400) return { level: 'note', code: 'link_works', detail: link }
  return NOT_FOR_PROGRAMS.has(status)
    ? { level: 'note', code: 'link_unchecked', detail: link }
    : { level: 'problem', code: 'link_broken', detail: `${link} (${status})` }
}
