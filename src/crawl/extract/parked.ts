import markers from './parked-pages.data.json'
import { IN_NOSCRIPT, type PageView } from './page-view.ts'

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

const APP_ROOT = [
  '#root',
  '#app',
  '#__next',
  '#__nuxt',
  '#___gatsby',
  '#svelte',
  '#main-app',
  '#application',
  '#ember-app',
]
const NEEDS_SCRIPT =
  /(?:enable|activ\w+|requires?|need|besoin d[eu]|nécessite\w*|without)\s[^.\n]{0,40}javascript|javascript\s[^.\n]{0,40}(?:enabled|disabled|activ|requis|required)/i
const SHELL_TEXT = 200

/** True for the empty shell of an application that draws itself by script. */
export function needsBrowser(view: PageView): boolean {
  const visible = view.lines
    .filter((line) => (line.flags & IN_NOSCRIPT) === 0)
    .reduce((sum, line) => sum + line.text.length, 0)
  if (visible > SHELL_TEXT || view.scripts.length + view.inlineScripts.length === 0) return false
  if (
    APP_ROOT.some((mark) => view.marks.has(mark)) ||
    view.marks.has('ng-version') ||
    view.marks.has('data-reactroot')
  )
    return true
  return view.scripts.length > 0 && NEEDS_SCRIPT.test(view.text) && view.anchors.length < 5
}
