import { purposeOf } from './links.ts'
import { fold } from './names.ts'
import words from './own-signs.data.json'
import type { PageView } from './page-view.ts'
import type { PagePurpose } from './parsed-page.ts'

const OF_OTHERS = new RegExp(`(?<![a-z])(?:${words.pagesOfOthers})`)
const HEADED_OTHERS = new RegExp(`^(?:nos |les |our |the |unsere |onze )?(?:${words.pagesOfOthers})`)

/** What a page is for, by its address and title. A page of dealers or partners is none of the house's own, even when it is
 *  called "Where to find us". */
export function purposeOfPage(view: PageView): PagePurpose {
  const url = new URL(view.url)
  const purpose = purposeOf(url, view.title ?? '')
  return purpose !== 'legal' && isOfOthers(view) ? 'other' : purpose
}

/** Whether a page presents dealers, partners, useful links. */
export function isOfOthers({ url, h1 }: PageView): boolean {
  const path = URL.parse(url)?.pathname ?? '/'
  return path !== '/' && (OF_OTHERS.test(fold(path)) || HEADED_OTHERS.test(fold(h1[0] ?? '')))
}
