import markers from './parked-pages.data.json'
import type { PageView } from './page-view.ts'

const SHORT_PAGE = 1_500

type Marker = { marker: string; pattern: RegExp; where: string }
const MARKERS: Marker[] = markers.markers.map((entry) => ({
  ...entry,
  pattern: new RegExp(entry.pattern, 'i'),
}))

/** The marker of a parked, for-sale, default-server, suspended or under-construction page, or null. Texts
 *  count only on short pages: a long page that mentions a domain for sale is not parked. */
export function parkedMarker(view: PageView): string | null {
  const short = view.text.length <= SHORT_PAGE
  const head = `${view.title ?? ''}\n${view.h1.join('\n')}`
  const resources = [...view.scripts, ...view.resources, ...view.stylesheets, view.metaRefresh ?? ''].join(
    '\n',
  )
  const anchors = short
    ? view.anchors
        .slice(0, 60)
        .map((anchor) => anchor.href)
        .join('\n')
    : ''
  for (const { marker, pattern, where } of MARKERS) {
    if (where === 'resource' ? pattern.test(resources) : where === 'link' ? pattern.test(anchors) : false)
      return marker
    if (where === 'title' && short && pattern.test(head)) return marker
    if (where === 'text' && short && (pattern.test(view.text) || pattern.test(head))) return marker
  }
  return null
}
