import { houseNamer } from './named-houses.ts'
import {
  ABOUT_CREDIT,
  ABOUT_HOST,
  ABOUT_OTHERS,
  flagsAt,
  IN_FOOTER,
  IN_HEADER,
  IN_QUOTE,
  lineAt,
  type PageView,
} from './page-view.ts'
import type { PagePhone } from './parsed-page.ts'
import { registrableDomain, relationToSite } from './site-identity.ts'
import { socialProfile } from './socials.ts'
import { othersNamer } from './whose-contact.ts'

/** Whose a number is; empty for the house's */
export type Bearer = Pick<PagePhone, 'kind' | 'doubted'>
export type Whose = (position: number, end: number) => Bearer

/** Tells of a position in a page whose number stands there. */
export function whoseNumber(view: PageView): Whose {
  const ofOthers = othersNamer(view)
  const namesHouse = houseNamer(view)
  return (position, end) => {
    const kind = kindOf(flagsAt(view, position))
    if (kind) return { kind }
    if (besideOthers(view, position) || ofOthers(position, end)) return { kind: 'thirdparty' }
    return namesHouse(position) ? { kind: 'thirdparty', doubted: true } : {}
  }
}

/** Of a number that stands twice on a page: the house's in one place is the house's. */
export function surerOf(one: PagePhone, other: PagePhone): Bearer {
  if (!one.kind || !other.kind) return {}
  if (!one.doubted || !other.doubted) return { kind: one.doubted ? other.kind : one.kind }
  return { kind: one.kind, doubted: true }
}

/** "<a href=https://partner.fr>Partner</a> – 05 55 …": the number of whom the line links to, except in a header or
 *  footer, where the agency stands beside the company. */
function besideOthers(view: PageView, position: number): boolean {
  const index = lineAt(view, position)
  const line = view.lines[index]
  if (!line || line.flags & (IN_FOOTER | IN_HEADER) || line.text.length > 200) return false
  const linked = view.anchors.find((anchor) => anchor.line === index && /^https?:/i.test(anchor.href))
  const host = linked ? (URL.parse(linked.href)?.hostname ?? '') : ''
  if (!linked || host === '' || socialProfile(linked.href)) return false
  const relation = relationToSite(registrableDomain(host) ?? host, view.siteHost)
  return (
    relation === 'other' && line.text.indexOf(linked.text) < position - line.start && linked.text.length > 3
  )
}

function kindOf(flags: number): Bearer['kind'] {
  if (flags & ABOUT_CREDIT) return 'agency'
  return flags & (ABOUT_HOST | ABOUT_OTHERS | IN_QUOTE) ? 'thirdparty' : undefined
}
