import type { PageView } from './page-view.ts'
import { visibleLength } from './visible-length.ts'

const MAX_TEXT = 200
const MAX_LINKS = 3
const MAX_SCRIPT = 3_000
const MAX_TARGET = 1_000

const ASSIGNED = String.raw`(?:^|[^\w$.])(?:(?:window|document|self|top|parent|this)\s*\.\s*)*location(?:\s*\.\s*href)?\s*=(?!=)\s*`
const CALLED = String.raw`(?:^|[^\w$])location\s*\.\s*(?:replace|assign)\s*\(\s*`
const LEADS = new RegExp(
  `(?:${ASSIGNED}|${CALLED})(?:(["'\`])([^"'\`\\s\\\\]{1,${MAX_TARGET}})\\1\\s*(?:[;)}"']|$)|)`,
  'gm',
)
const FRENCH = /(?:^|[/.?=_-])fr(?:[/._&-]|$)/i

/** Where an almost empty page sends its visitor by script. `target` when that is written out (of several, as on a page
 *  that looks at the visitor's language, the French one); null with `leads` when only running the script tells. */
export function scriptRedirect(view: PageView): { leads: boolean; target: string | null } {
  const none = { leads: false, target: null }
  if (visibleLength(view) > MAX_TEXT || linkCount(view) > MAX_LINKS) return none
  const short = view.inlineScripts.filter((script) => script.length <= MAX_SCRIPT)
  const targets: string[] = []
  let leads = false
  for (const script of short) {
    for (const match of script.matchAll(LEADS)) {
      leads = true
      const url = match[2] === undefined ? null : URL.parse(match[2], view.base)
      if (url && /^https?:$/.test(url.protocol)) targets.push(url.href)
    }
  }
  const first = targets.find((url) => FRENCH.test(new URL(url).pathname)) ?? targets[0] ?? null
  return leads ? { leads, target: first } : none
}

const linkCount = (view: PageView): number => view.anchors.filter(({ tag }) => tag === 'a').length
