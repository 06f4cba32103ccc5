import type { PageRecord } from '../site-record.ts'
import type { Visit } from './folded-visit.ts'
import { identityOf, siteHostOf } from './page-urls.ts'

const NOT_FOUND =
  /^\W*(?:(?:erreur|error)\s*)?404\b|\b404\W*$|(?:page|contenu|article)[^.]{0,20}(?:introuvable|non trouv|not found|n.existe (?:pas|plus))|not found|seite nicht gefunden/i

const SAME_LENGTH = 0.05
const SAME_CHARACTERS = 40

/** Whether a page says it is none, though its status says otherwise: its links lead nowhere. */
export const isNotFoundPage = ({ title, h1 }: PageRecord): boolean =>
  NOT_FOUND.test(title ?? '') || NOT_FOUND.test(h1[0] ?? '')

/** Knows which pages of a crawl are copies of one another, so that none counts twice. */
export const seesCopies = () => {
  const places = new Set<string>()
  const bodies = new Set<string>()
  const pages = new Map<string, { head: string; textLength: number }>()

  /** True when an answer came from where another came from already. */
  const isPlaceKnown = (url: string): boolean => {
    const place = identityOf(url)
    if (places.has(place)) return true
    places.add(place)
    return false
  }

  /** True for the same bytes under another address, and for a page that names one already read as its true address
   *  and looks the same (many sites name their home page everywhere). `tell` is given the true address of a page that has not been read under it. */
  const isCopy = ({ record, digest, finalUrl }: Visit, tell: (url: string) => void): boolean => {
    if (!record || record.status >= 400) return false
    if (digest && bodies.has(digest)) return true
    if (digest) bodies.add(digest)
    const own = identityOf(finalUrl)
    const head = `${record.title}\n${record.h1.join('\n')}`
    const canonical = canonicalOf(record, finalUrl)
    if (canonical && identityOf(canonical) !== own) {
      const named = pages.get(identityOf(canonical))
      if (named?.head === head && isAbout(record.textLength, named.textLength)) return true
      if (new URL(canonical).pathname === new URL(finalUrl).pathname) tell(canonical)
    }
    pages.set(own, { head, textLength: record.textLength })
    return false
  }

  return { isPlaceKnown, isCopy }
}

const isAbout = (a: number, b: number): boolean =>
  Math.abs(a - b) <= Math.max(SAME_CHARACTERS, Math.max(a, b) * SAME_LENGTH)

const canonicalOf = ({ canonical }: PageRecord, finalUrl: string): string | null => {
  if (!canonical || !URL.canParse(canonical)) return null
  return siteHostOf(canonical) === siteHostOf(finalUrl) ? canonical : null
}
