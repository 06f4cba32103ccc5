import { found, type Finding } from '../finding.ts'
import { listValue } from '#src/lib/fill-in.ts'
import type { SiteView } from '../site-view.ts'

// http→https and apex→www are two hops; a third costs every visitor time.
const CHAIN_LEAST = 3
const MAX_HOPS = 20
// Refusals and overload say something about the visit, not about the page.
const GONE = new Set([404, 410])
const FAILED = new Set([500, 501, 502, 504])

/** Pages of the site that do not answer, and redirects that lead on to further redirects. */
export const checkLinks = (view: SiteView): Finding[] => [...checkBrokenPages(view), ...checkRedirects(view)]

const checkBrokenPages = ({ site, entry }: SiteView): Finding[] => {
  const broken = site.pages.filter(
    (page) => page !== entry && (GONE.has(page.status) || FAILED.has(page.status)),
  )
  const first = broken[0]
  if (!first) return []
  const addresses = broken.map((page) => `${page.finalUrl} (${page.status})`)
  return [
    found('broken-pages', {
      severity: broken.some((page) => FAILED.has(page.status)) || broken.length > 2 ? 'medium' : 'low',
      pageUrl: first.finalUrl,
      params: { count: broken.length, pages: site.pages.length, ...listValue('addresses', addresses) },
    }),
  ]
}

const checkRedirects = ({ site }: SiteView): Finding[] => {
  const next = new Map(site.redirects.map((redirect) => [redirect.from, redirect.to]))
  const targets = new Set(next.values())
  const chains = [...next.keys()].filter((url) => !targets.has(url)).map((url) => follow(url, next))
  const longest = chains.toSorted((a, b) => b.length - a.length)[0]
  const first = longest?.[0]
  if (!longest || first === undefined || longest.length - 1 < CHAIN_LEAST) return []
  const hops = longest.length - 1
  return [found('redirect-chain', { pageUrl: first, params: { hops, chain: longest.join(' → ') } })]
}

const follow = (start: string, next: Map<string, string>): string[] => {
  const chain = [start]
  for (
    let url = next.get(start);
    url !== undefined && !chain.includes(url) && chain.length <= MAX_HOPS;
    url = next.get(url)
  ) {
    chain.push(url)
  }
  return chain
}
