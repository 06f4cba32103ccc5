import type { ExternalLinkFact } from '../site-record.ts'
import { ABOUT_CREDIT, IN_FOOTER, oneLine, type PageView } from './page-view.ts'
import type { PageLink, PagePurpose } from './parsed-page.ts'
import { registrableDomain } from './site-identity.ts'
import { socialProfile } from './socials.ts'

const MAX_LINKS = 2_000
const MAX_EXTERNAL = 450
const MAX_URL = 2_000

const NOT_A_PAGE =
  /\.(?:jpe?g|png|gif|webp|svg|avif|ico|bmp|tiff?|css|js|mjs|json|xml|rss|atom|zip|rar|7z|gz|tar|pdf|docx?|xlsx?|pptx?|od[tsp]|mp[34]|m4[av]|avi|mov|webm|ogg|wav|woff2?|ttf|eot|exe|dmg|apk|ics|txt|csv)$/i
const PURPOSES: [PagePurpose, RegExp][] = [
  [
    'legal',
    /mentions?[-_ ]?l[ée]gales?|\bmentions\b|l[ée]gal(?:es?)?(?:[-_ ]?(?:notice|info|mentions))?\b|imprint|impressum|infos?[-_ ]l[ée]gales?|informations?[-_ ]l[ée]gales?|\bcg[uv]s?\b|conditions[-_ ]g[ée]n[ée]rales|credits?\b/i,
  ],
  [
    'contact',
    /contact|nous[-_ ]?(?:trouver|joindre|ecrire|écrire|situer)|coordonn[ée]es|acc[èe]s\b|plan[-_ ]d[-_' ]?acc[eè]s|devis|rendez[-_ ]?vous|reach[-_ ]us|get[-_ ]in[-_ ]touch|kontakt/i,
  ],
  [
    'team',
    /[ée]quipe|\bteam\b|\bstaff\b|collaborateurs|praticiens|associ[ée]s\b|nos[-_ ](?:experts|avocats|m[ée]decins|conseillers|agents)|dirigeants|interlocuteurs|ansprechpartner|mitarbeiter|(?:^|[\s/_-])[ée]lus(?:$|[\s/_-])|people\b|organigramme|trombinoscope/i,
  ],
  [
    'about',
    /[àa][-_ ]?propos|qui[-_ ]?(?:sommes|suis)|about|pr[ée]sentation|notre[-_ ](?:histoire|entreprise|soci[ée]t[ée]|maison|cabinet|agence)|l[-_' ]?(?:entreprise|agence|atelier|histoire)\b|la[-_ ]soci[ée]t[ée]|histoire|nous[-_ ]conna[iî]tre|company\b|cabinet\b/i,
  ],
]

/** What a page is for, by its address and the words that lead to it. */
export function purposeOf(url: URL, text: string): PagePurpose {
  const path = decodePath(url)
  for (const [purpose, pattern] of PURPOSES) if (pattern.test(path)) return purpose
  if (url.pathname.endsWith('.vcf')) return 'contact'
  if (text.length > 60) return 'other'
  for (const [purpose, pattern] of PURPOSES) if (pattern.test(text)) return purpose
  return 'other'
}

function decodePath(url: URL): string {
  const path = `${url.pathname}${url.search}`.slice(0, 300)
  if (!path.includes('%')) return path
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** Links to pages of the same site (apex and www are one site): anchors, areas, frames, canonical, meta
 *  refresh; each URL once, without fragment. */
export function internalLinks(view: PageView): { links: PageLink[]; metaRefresh: string | null } {
  const links = new Map<string, PageLink>()
  const site = siteOf(view.siteHost)
  const add = (href: string, text: string, rel: string | null): void => {
    const url = urlOf(view, href)
    if (!url || siteOf(url.host) !== site || NOT_A_PAGE.test(url.pathname)) return
    const key = url.href
    const known = links.get(key)
    const kind = purposeOf(url, text)
    if (known) {
      if (known.kind === 'other' && kind !== 'other') Object.assign(known, { kind, text })
    } else if (links.size < MAX_LINKS)
      links.set(key, { url: key, text, rel, nofollow: /\bnofollow\b/i.test(rel ?? ''), kind })
  }
  for (const anchor of view.anchors) {
    if (anchor.tag !== 'link') add(anchor.href, oneLine(anchor.text || anchor.title || ''), anchor.rel)
  }
  if (view.canonical) add(view.canonical, '', 'canonical')
  const metaRefresh = view.metaRefresh ? (pageUrl(view.metaRefresh, view.base)?.href ?? null) : null
  if (metaRefresh) add(metaRefresh, '', 'refresh')
  return { links: [...links.values()], metaRefresh }
}

/** The page in other languages, as its link elements name them. */
export function languageAlternates(view: PageView): { lang: string; url: string }[] {
  return view.alternates.flatMap(({ href, hreflang }) => {
    const url = hreflang === '' ? null : pageUrl(href, view.base)
    return url ? [{ lang: hreflang.slice(0, 20), url: url.href }] : []
  })
}

const READ_URLS = new WeakMap<PageView, Map<string, URL | null>>()

/** Several extractors ask for the address of the same link. */
function urlOf(view: PageView, href: string): URL | null {
  let read = READ_URLS.get(view)
  if (!read) READ_URLS.set(view, (read = new Map()))
  let url = read.get(href)
  if (url === undefined) read.set(href, (url = pageUrl(href, view.base)))
  return url
}

function pageUrl(href: string, base: string): URL | null {
  if (href === '' || href.startsWith('#') || href.length > MAX_URL) return null
  if (/^\s*(?:mailto|tel|javascript|data|sms|callto|fax|whatsapp|skype|geo|blob|about|ftp|file):/i.test(href))
    return null
  const url = URL.parse(href, base)
  if (!url || !/^https?:$/.test(url.protocol) || url.pathname.includes('/cdn-cgi/')) return null
  url.hash = ''
  return url
}

const siteOf = (host: string): string => host.toLowerCase().replace(/^www\./, '')

/** Links that leave the site, each once, social profiles left to their own facts. `credit` marks the one
 *  who made the site. */
export function externalLinks(view: PageView): ExternalLinkFact[] {
  const facts = new Map<string, ExternalLinkFact>()
  const site = siteOf(view.siteHost)
  const siteDomain = registrableDomain(site)
  for (const anchor of view.anchors) {
    if (anchor.tag === 'link') continue
    const url = urlOf(view, anchor.href)
    if (!url || siteOf(url.host) === site || facts.size >= MAX_EXTERNAL) continue
    const credit =
      anchor.tag === 'a' &&
      isCredit(view, anchor) &&
      registrableDomain(url.hostname) !== siteDomain &&
      !socialProfile(url.href)
    const known = facts.get(url.href)
    if (known) known.credit ||= credit
    else
      facts.set(url.href, {
        url: url.href,
        text: oneLine(anchor.text || anchor.title || ''),
        rel: anchor.rel,
        credit,
        pageUrl: view.url,
      })
  }
  return [...facts.values()]
}

const CREDIT_TEXT =
  /r[ée]alis|cr[ée]ation|cr[ée][ée]\b|conception|con[cç]u|webdesign|agence (?:web|digitale|de com)|site (?:web |internet )?par|powered|made by|design(?:ed)? by|propuls/i

function isCredit(view: PageView, anchor: PageView['anchors'][number]): boolean {
  const line = view.lines[anchor.line]
  if (line && line.flags & ABOUT_CREDIT) return true
  return (anchor.flags & IN_FOOTER) !== 0 && CREDIT_TEXT.test(`${anchor.text} ${anchor.title ?? ''}`)
}

/** Registrable domains of the agencies a page credits. */
export function creditDomains(links: ExternalLinkFact[]): Set<string> {
  const domains = new Set<string>()
  for (const link of links) {
    const domain = link.credit ? registrableDomain(URL.parse(link.url)?.hostname ?? '') : null
    if (domain) domains.add(domain)
  }
  return domains
}
