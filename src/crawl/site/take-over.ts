import type { PagePurpose } from '../extract/parsed-page.ts'
import type { FoldedVisit } from './folded-visit.ts'
import type { PageMemory } from './page-memory.ts'
import type { Walk } from './walk-site.ts'

// Where a change of a company shows.
const WITNESSES: PagePurpose[] = ['contact', 'legal']

/** When the pages that matter most have not changed since the crawl before, the others are taken over without asking
 *  for them. False when something has changed: then the site is walked as ever.
 *  @param allows whether robots.txt lets us have a page today */
export const takeOverRest = async (
  walk: Walk,
  memory: PageMemory,
  allows: (url: string) => boolean,
): Promise<boolean> => {
  for (const purpose of WITNESSES) {
    const witness = memory.visits.find((one) => one.purpose === purpose && one.page?.status === 200)
    if (!witness || walk.spent(null)) continue
    const now = await walk.visit(witness)
    if (!now?.record?.unchanged) return false
  }
  const done = new Set(walk.visits.map((one) => one.finalUrl))
  for (const known of memory.visits) {
    if (done.has(known.finalUrl) || !allows(known.finalUrl)) continue
    if (walk.spent(null)) break
    if (isWhole(known)) walk.adopt(known)
    else await walk.visit(known)
  }
  const order = new Map(memory.visits.map((one, index) => [one.finalUrl, index]))
  walk.visits.sort((a, b) => (order.get(a.finalUrl) ?? Infinity) - (order.get(b.finalUrl) ?? Infinity))
  return true
}

/** When a crawl was cut short, what is known of pages that it did not come to stays as it was: nothing has been learnt
 *  against it. Up to `pages` pages in all. */
export const takeOverUnread = (
  walk: Walk,
  memory: PageMemory,
  { allows, pages }: { allows: (url: string) => boolean; pages: number },
): void => {
  const asked = new Set(walk.visits.flatMap((one) => [one.url, one.finalUrl]))
  let room = pages - walk.visits.filter((one) => one.page).length
  for (const known of memory.visits) {
    if (room <= 0) return
    if (asked.has(known.url) || asked.has(known.finalUrl)) continue
    if (isWhole(known) && allows(known.finalUrl) && walk.adopt(known)) room -= 1
  }
}

const isWhole = ({ isParsed, digest, page }: FoldedVisit): boolean =>
  isParsed && (digest !== null || (page !== null && page.status >= 400))
