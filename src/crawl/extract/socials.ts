import networks from './social-networks.data.json'
import type { SocialFact } from '../site-record.ts'
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

/** Social profiles a page links to or names in its JSON-LD and Twitter metas. */
export function extractSocials(view: PageView, jsonLd: JsonLdNode[]): SocialFact[] {
  const facts = new Map<string, SocialFact>()
  const keep = (href: string, method: string, snippet: string, confidence: number): void => {
    const found = socialProfile(href)
    if (!found) return
    const key = found.url.toLowerCase()
    const known = facts.get(key)
    if (known ? known.confidence >= confidence : facts.size >= MAX_SOCIALS) return
    facts.set(key, { ...found, pageUrl: view.url, method, snippet: oneLine(snippet), confidence })
  }
  for (const anchor of view.anchors) {
    if (!/^(?:https?:)?\/\//i.test(anchor.href) || anchor.tag === 'iframe') continue
    const flags = anchor.flags | (view.lines[anchor.line]?.flags ?? 0)
    if (flags & IN_QUOTE || (anchor.flags & ABOUT_CREDIT) !== 0) continue
    const href = anchor.href.startsWith('//') ? `https:${anchor.href}` : anchor.href
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
  return [...facts.values()]
}
