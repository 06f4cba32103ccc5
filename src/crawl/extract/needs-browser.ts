import { IN_NOSCRIPT, type PageView } from './page-view.ts'
import { parkedMarker } from './parked.ts'
import { scriptRedirect } from './script-redirect.ts'
import { visibleLength, visibleLines } from './visible-length.ts'

const SHELL_TEXT = 200
/** A title and a slogan may stand in a shell for search engines. */
const STRONG_SHELL_TEXT = 350
const EMPTY_TEXT = 40
const FEW_LINKS = 5

const APP_ROOTS = [
  '#root',
  '#app',
  '#__next',
  '#__nuxt',
  '#___gatsby',
  '#svelte',
  '#main-app',
  '#application',
  '#ember-app',
  '#react-root',
  '#app-root',
  '#q-app',
  '#SITE_CONTAINER',
  '#flutter_target',
  '#__gwt_historyFrame',
  'data-reactroot',
  'ng-version',
  'ng-app',
  'data-ng-app',
]
const ASKS_FOR_SCRIPT =
  /(?:enable|activ\w+|requires?|need|besoin d[eu]|nécessite\w*|without|sans|turn on|doesn.t work\w*)\s[^.\n]{0,60}javascript|javascript\s[^.\n]{0,60}(?:enabled|disabled|activ|requis|required|nécessaire|turned on|indispensable|erforderlich|aktivier)/i
// Files as the build tools of applications name them.
const APP_SCRIPT =
  /\/_next\/static\/|\/_nuxt\/|\/static\/js\/(?:main|bundle|runtime|\d+)[.~-]|\/assets\/(?:index|main|app|vendor)[.-][\w-]{6,}\.js|(?:^|\/)(?:app|main|bundle|runtime|polyfills|vendors?|chunk-vendors|index|client|build)[.-](?:[\w-]{6,}\.)?(?:min\.)?js(?:\?|$)|(?:^|\/)(?:bundle|app|main|build|polyfills|runtime)\.js(?:\?|$)|flutter(?:_bootstrap)?\.js|main\.dart\.js|\.nocache\.js|parastorage\.com\/(?:services|unpkg)\/|\/webpack|\/ember/i
const STARTS_APP =
  /__NEXT_DATA__|__NUXT__|__remixContext|__INITIAL_STATE__|__APOLLO_STATE__|webpackJsonp|webpackChunk|ReactDOM|createRoot\(|createApp\(|new Vue\(|angular\.module\(|bootstrapModule|_flutter|getElementById\(["'](?:root|app)["']\)|System\.import\(|require\(\[|import\(["']/
const SETS_COOKIE = /document\.cookie\s*=/
const GOES_ON = /location\s*\.?\s*(?:reload|href|replace|assign|=)/
// A visitor is to prove that no machine asks: so no machine goes on.
const HUMAN_CHECK =
  /challenges\.cloudflare\.com|\/cdn-cgi\/challenge-platform|_cf_chl_opt|hcaptcha\.com|recaptcha\/api|captcha-delivery\.com|datadome|_incapsula_resource|sgcaptcha|perimeterx|px-captcha|awswaf/i
const CONTACT = /[\w.-]@[\w-]+\.|(?:\+33|\b0)\s?[1-9](?:[\s.-]?\d\d){4}/

/** True for a page that says next to nothing until a script has run: the shell of an application, a page that asks for
 *  JavaScript, a redirect that only a script can tell, a check that cookies are kept. Not for a page that is short but
 *  whole, a parked one, one of frames, nor one that wants a human. */
export function needsBrowser(view: PageView): boolean {
  const scripts = [...view.scripts, ...view.inlineScripts]
  const visible = visibleLength(view)
  if (scripts.length === 0 || visible > STRONG_SHELL_TEXT) return false
  return (
    shows(view, visible) && !wantsHuman(view) && (view.oldTags.frameset ?? 0) === 0 && !parkedMarker(view)
  )
}

const shows = (view: PageView, visible: number): boolean => {
  if (
    view.inlineScripts.some((script) => SETS_COOKIE.test(script) && GOES_ON.test(script)) &&
    isBare(view, visible)
  )
    return true
  const redirect = scriptRedirect(view)
  if (redirect.leads && redirect.target === null && isBare(view, visible)) return true
  if (isWhole(view)) return false
  const asks = asksForScript(view)
  const app =
    view.scripts.some((src) => APP_SCRIPT.test(src)) ||
    view.inlineScripts.some((text) => STARTS_APP.test(text))
  const rooted = APP_ROOTS.some((mark) => view.marks.has(mark))
  if (rooted && (asks || app)) return true
  if (visible > SHELL_TEXT) return false
  if (asks || app) return view.scripts.length > 0 || app
  return visible <= EMPTY_TEXT && (rooted || (isBare(view, visible) && ownScripts(view) > 0))
}

// Links, forms, pictures and ways to get in touch are what a page is for: a shell has none of them yet.
const isWhole = (view: PageView): boolean =>
  linkCount(view) >= FEW_LINKS ||
  view.forms.length > 0 ||
  CONTACT.test(visibleLines(view).join('\n')) ||
  view.anchors.some(
    ({ tag, href, flags }) =>
      (flags & IN_NOSCRIPT) === 0 && (/^(?:mailto|tel):/i.test(href) || tag === 'area'),
  )

const isBare = (view: PageView, visible: number): boolean =>
  visible <= SHELL_TEXT &&
  linkCount(view) < 2 &&
  view.forms.length === 0 &&
  view.images.length === 0 &&
  !view.anchors.some(({ tag, flags }) => tag === 'iframe' && (flags & IN_NOSCRIPT) === 0)

const linkCount = (view: PageView): number =>
  view.anchors.filter(({ tag, flags }) => tag === 'a' && (flags & IN_NOSCRIPT) === 0).length

const asksForScript = (view: PageView): boolean =>
  view.lines.some(({ text }) => ASKS_FOR_SCRIPT.test(text.slice(0, 600)))

// Counters, consent and tag managers draw no page.
const ownScripts = (view: PageView): number =>
  view.scripts.filter((src) => {
    const url = URL.parse(src, view.base)
    return (
      url !== null &&
      url.host === new URL(view.base).host &&
      !/analytics|gtag|gtm|matomo|piwik|stats?\b|consent|cookie|jquery/i.test(url.pathname)
    )
  }).length

const wantsHuman = (view: PageView): boolean =>
  [...view.scripts, ...view.inlineScripts, ...view.resources].some((text) => HUMAN_CHECK.test(text))
