import { parse } from 'tldts'
import { isFreeMail } from '../contacts/free-mail.ts'

/** The registrable domain of a host (private suffixes kept apart: a.wixsite.com), null for addresses. */
export function registrableDomain(host: string): string | null {
  const parsed = parse(host, { allowPrivateDomains: true })
  if (parsed.isIp || !parsed.hostname) return null
  return parsed.domain ?? parsed.hostname
}

/** True when a name ends in a suffix of the public list run by ICANN (`fr`, `co.uk`, not `png`). */
export function hasRealSuffix(domain: string): boolean {
  const parsed = parse(domain, { allowPrivateDomains: false })
  return parsed.isIcann === true && parsed.domain !== null
}

export type Relation = 'own' | 'free' | 'unknown' | 'other'

/** How an e-mail domain stands to the site: `own` when it is the same domain, the same name under another
 *  suffix, or one name holds the other; `unknown` when the site is reached by an IP address. */
export function relationToSite(domain: string, siteHost: string): Relation {
  if (isFreeMail(domain)) return 'free'
  const site = registrableDomain(siteHost.replace(/:\d+$/, ''))
  if (!site || !site.includes('.')) return 'unknown'
  const other = registrableDomain(domain) ?? domain
  if (other === site) return 'own'
  const mine = labelOf(site)
  const theirs = labelOf(other)
  if (mine === theirs) return 'own'
  if (theirs.length >= 5 && mine.includes(theirs)) return 'own'
  if (mine.length >= 5 && theirs.includes(mine)) return 'own'
  return shareWords(site, other) ? 'own' : 'other'
}

const labelOf = (domain: string): string => domain.split('.')[0]!.replaceAll('-', '')

/** martin-plomberie.fr and plomberie-martin.com: the same words in another order. */
function shareWords(a: string, b: string): boolean {
  const first = a.split('.')[0]!.split('-')
  const second = b.split('.')[0]!.split('-')
  return (
    first.length > 1 &&
    first.length === second.length &&
    [...first].sort().join('-') === [...second].sort().join('-')
  )
}
