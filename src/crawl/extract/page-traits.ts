import type { PageRecord } from '../site-record.ts'
import { fold } from './names.ts'
import { lineAt, oneLine, type PageView } from './page-view.ts'
import { registrableDomain } from './site-identity.ts'

const FIRST_YEAR = 1995
const LAST_YEAR = 2100
const MAX_URL = 2_000
const MAX_SCRIPTS = 50
const MAX_POLICY_LINKS = 20
const LONGEST_LINK = 80
// Fewer are leftovers of an editor, or a table of figures inside a form.
const LEAST_FONT = 5
const LEAST_CENTER = 3
const LEAST_NESTED_TABLES = 3

const YEAR = String.raw`((?:19|20)\d{2})`
const MARK = /©|\(c\)|copyright|droits|rights/g
const AFTER_MARK = new RegExp(
  String.raw`(?:©|\(c\)|copyright|tous droits r[ée]serv[ée]s|all rights reserved)\D{0,40}${YEAR}(?:\s*(?:-|–|—|/|à|to)\s*${YEAR})?`,
  'giu',
)
const BEFORE_MARK = new RegExp(String.raw`(?<!\d)${YEAR}\s*(?:©|\(c\)|copyright)`, 'giu')
const POLICY =
  /mentions?[ _-]*(?:legales?|obligatoires)|(?:informations?|infos?)[ _-]*legales?|legal[ _-]*(?:notice|mentions?)|impressum|mentionslegales|confidentialite|donnees[ _-]*(?:a[ _-]*caractere[ _-]*)?personnel|vie[ _-]*privee|privacy|\brgpd\b|\bgdpr\b|protection[ _-]*des[ _-]*donnees|\bcg[uv]\b|conditions[ _-]*generales/
/** Letters without accents that each of them has: most links have none, and to fold them all is slow. */
const POLICY_PARTS = /ment|gal|impr|conf|donn|vie|priv|rgpd|gdpr|prot|cg[uv]|cond/i
const FLASH = /\.swf(?:[?#]|$)|swfobject/i

type Traits = Pick<
  PageRecord,
  'copyrightYear' | 'oldMarkup' | 'metaCsp' | 'scriptsWithoutSri' | 'policyLinks'
>

/** What tells the age and care of a page besides its facts. */
export function pageTraits(view: PageView): Traits {
  return {
    copyrightYear: copyrightYear(view),
    oldMarkup: oldMarkup(view),
    metaCsp:
      view.metas
        .find(({ name }) => name === 'http-equiv:content-security-policy')
        ?.content.slice(0, MAX_URL) ?? null,
    scriptsWithoutSri: scriptsWithoutSri(view),
    policyLinks: policyLinks(view),
  }
}

function copyrightYear(view: PageView): number | null {
  const years: number[] = []
  const marked = new Set<number>()
  for (const { index } of view.lower.matchAll(MARK)) marked.add(lineAt(view, index))
  for (const line of marked) {
    const { text } = view.lines[line]!
    for (const match of text.matchAll(AFTER_MARK)) years.push(Number(match[2] ?? match[1]))
    for (const match of text.matchAll(BEFORE_MARK)) years.push(Number(match[1]))
  }
  const likely = years.filter((year) => year >= FIRST_YEAR && year <= LAST_YEAR)
  return likely.length > 0 ? Math.max(...likely) : null
}

function oldMarkup(view: PageView): string[] {
  const count = (tag: string): number => view.oldTags[tag] ?? 0
  const found: [string, boolean][] = [
    ['frameset', count('frameset') > 0],
    ['tables', count('nested-table') >= LEAST_NESTED_TABLES],
    ['font', count('font') >= LEAST_FONT],
    ['center', count('center') >= LEAST_CENTER],
    ['marquee', count('marquee') > 0],
    ['flash', [...view.resources, ...view.scripts].some((url) => FLASH.test(url))],
  ]
  return found.filter(([, is]) => is).map(([code]) => code)
}

function scriptsWithoutSri(view: PageView): string[] {
  const own = registrableDomain(view.siteHost)
  const foreign = new Set<string>()
  for (const src of view.unguardedScripts) {
    const url = URL.parse(src, view.base)
    if (!url || !/^https?:$/.test(url.protocol) || url.host === view.siteHost) continue
    if (own !== null && registrableDomain(url.hostname) === own) continue
    if (foreign.size < MAX_SCRIPTS) foreign.add(url.href.slice(0, MAX_URL))
  }
  return [...foreign]
}

function policyLinks(view: PageView): { url: string | null; text: string }[] {
  const links: { url: string | null; text: string }[] = []
  const seen = new Set<string>()
  for (const anchor of view.anchors) {
    if (links.length >= MAX_POLICY_LINKS) break
    const text = oneLine(anchor.text || anchor.title || '')
    if (anchor.tag !== 'a' || !(named(text) || isPolicy(anchor.href.slice(0, 300)))) continue
    const inPage = /^\s*(?:#|javascript:)/i.test(anchor.href)
    const url = inPage ? null : (URL.parse(anchor.href, view.base)?.href.slice(0, MAX_URL) ?? null)
    const key = `${url} ${text}`
    if (seen.has(key)) continue
    seen.add(key)
    links.push({ url, text })
  }
  return links
}

const named = (text: string): boolean => text.length <= LONGEST_LINK && isPolicy(text)
const isPolicy = (text: string): boolean => POLICY_PARTS.test(text) && POLICY.test(fold(text))
