import networks from './social-networks.data.json'
import type { SocialFact } from '../site-record.ts'
import { registrableDomain } from './site-identity.ts'
import { isForeignPath, type JsonLdNode, textsOf } from './json-ld.ts'
import { ABOUT_CREDIT, IN_QUOTE, oneLine, type PageView, snippetOfLine } from './page-view.ts'

const MAX_SOCIALS = 60
const LOCALE_HOST = /^(?:www|m|mobile|web|[a-z]{2}(?:-[a-z]{2})?)\./
const KEPT_QUERIES: Record<string, string> = { '/profile.php': 'id', '/send': 'phone', '/send/': 'phone' }

const BY_HOST = new Map(
  networks.networks.flatMap((network) => {
    const rule = {
      ...network,
      profile: new RegExp(network.profile, 'i'),
      skip: new RegExp(network.skip, 'i'),
    }
    return network.hosts.map((host) => [host, rule] as const)
  }),
)
const MASTODON = new Set(networks.mastodonHosts.split(' '))
/** Who makes themes, builders and hosts: their own profiles stay behind in the pages of those who use them. */
const MAKERS = new Set(networks.makers.split(' '))
const PLACEHOLDERS = new Set(networks.placeholders.split(' '))
/** A maker's name with something behind it: themefusionavada, elementorfr */
const OF_MAKER =
  /^(?:themefusion|elegantthemes|wpbakery|elementor|colorlib|prestashop|squarespace|bootstrapmade|woocommerce|generatepress|themeforest|qodeinteractive|godaddy|webflowhq)./

/** Profiles in the settings that builders write into their pages. */
const IN_SETTINGS =
  /"(?:profileUrl|(?:facebook|instagram|linkedin|youtube|twitter|tiktok|pinterest)_?(?:url|link))"\s*:\s*"(https?:[^"\s]{10,200})"/gi
const MAX_SETTINGS = 30

/** The profile a URL names: network and canonical URL (https, one host, no tracking); null for share and
 *  intent links, posts, and pages of the network itself. Hosts are compared whole, never by substring. */
export function socialProfile(href: string): { network: string; url: string } | null {
  const url = URL.parse(href)
  if (!url || !/^https?:$/.test(url.protocol)) return null
  const host = url.hostname.toLowerCase()
  const rule = BY_HOST.get(host) ?? BY_HOST.get(host.replace(LOCALE_HOST, ''))
  const path = url.pathname.replace(/\/{2,}/g, '/').replace(/^\/#!/, '')
  if (!rule) {
    const handle = /^\/(@[\w.]+)/.exec(path)?.[1]
    return handle && MASTODON.has(host) ? { network: 'mastodon', url: `https://${host}/${handle}` } : null
  }
  if (rule.skip.test(path)) return null
  const profile = rule.profile.exec(path)?.[0]
  if (!profile || profile === '/') return null
  const kept = KEPT_QUERIES[profile]
  const value = kept ? url.searchParams.get(kept) : null
  if (kept && !value) return null
  if (rule.network === 'whatsapp' && kept) {
    const digits = value!.replace(/\D/g, '')
    return digits.length >= 8 ? { network: 'whatsapp', url: `https://wa.me/${digits}` } : null
  }
  const canonicalHost = rule.canonical || host
  return {
    network: rule.network,
    url: `https://${canonicalHost}${profile}${kept ? `?${kept}=${value}` : ''}`,
  }
}

/** Social profiles a page links to, embeds or names in its JSON-LD, metas and settings; not those of who made the
 *  site or its theme (`credited`: registrable domains of the agencies it names). */
export function extractSocials(
  view: PageView,
  jsonLd: JsonLdNode[],
  credited: Set<string> = new Set(),
): SocialFact[] {
  const facts = new Map<string, SocialFact>()
  const own = labelOf(registrableDomain(view.siteHost) ?? '')
  const makers = new Set([...credited].map(labelOf))
  const keep = (href: string, method: string, snippet: string, confidence: number): void => {
    const found = socialProfile(href)
    if (!found) return
    const handle = handleOf(found.url)
    if (
      handle !== own &&
      (MAKERS.has(handle) || OF_MAKER.test(handle) || makers.has(handle) || PLACEHOLDERS.has(handle))
    )
      return
    const key = found.url.toLowerCase()
    const known = facts.get(key)
    if (known ? known.confidence >= confidence : facts.size >= MAX_SOCIALS) return
    facts.set(key, { ...found, pageUrl: view.url, method, snippet: oneLine(snippet), confidence })
  }
  for (const anchor of view.anchors) {
    if (!/^(?:https?:)?\/\//i.test(anchor.href)) continue
    const href = anchor.href.startsWith('//') ? `https:${anchor.href}` : anchor.href
    if (anchor.tag === 'iframe') {
      const shown = shownByPlugin(href)
      if (shown) keep(shown, 'plugin', href, 0.88)
      continue
    }
    const flags = anchor.flags | (view.lines[anchor.line]?.flags ?? 0)
    if (flags & IN_QUOTE || (anchor.flags & ABOUT_CREDIT) !== 0) continue
    const snippet = anchor.text || anchor.title || snippetOfLine(view, anchor.line) || anchor.href
    keep(href, anchor.tag === 'link' ? 'link-rel' : 'link', `${snippet} ${anchor.href}`, 0.9)
  }
  for (const { value, path } of jsonLd) {
    if (isForeignPath(path)) continue
    for (const href of textsOf(value.sameAs)) keep(href, 'json-ld', href, 0.95)
  }
  for (const meta of view.metas) {
    if (meta.name === 'article:publisher' || meta.name === 'og:see_also')
      keep(meta.content, 'meta', meta.content, 0.85)
    const handle = meta.name === 'twitter:site' ? /^@(\w{1,15})$/.exec(meta.content) : null
    if (handle) keep(`https://x.com/${handle[1]}`, 'meta', meta.content, 0.8)
  }
  let read = 0
  for (const script of view.inlineScripts)
    for (const match of script.matchAll(IN_SETTINGS)) {
      if (++read > MAX_SETTINGS) break
      keep(match[1]!.replaceAll('\\/', '/'), 'settings', match[0], 0.8)
    }
  return [...facts.values()]
}

/** Letters and digits of the last part of a profile's path. */
const handleOf = (url: string): string => {
  const { pathname, search } = new URL(url)
  return search === '' ? plainOf(pathname.split('/').filter(Boolean).at(-1) ?? '') : ''
}

const labelOf = (domain: string): string => plainOf(domain.split('.')[0] ?? '')

const plainOf = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, '')

/** The page that Facebook's page plug-in shows. */
const shownByPlugin = (src: string): string | null => {
  if (!/^https?:\/\/(?:[\w-]+\.)?facebook\.com\/(?:v[\d.]+\/)?plugins\/(?:page|likebox)\.php/i.test(src))
    return null
  return URL.parse(src)?.searchParams.get('href') ?? null
}
