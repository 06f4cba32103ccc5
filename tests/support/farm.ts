import type { Server } from 'bun'

/** One small business with a site of its own, made from its number: the same number gives the same site. */
export type FarmSite = {
  index: number
  /** `http://127.x.y.z:port/` — a loopback address of its own, so that every site is another host. */
  url: string
  name: string
  email: string
  phone: string
  director: string
  city: string
  postalCode: string
  kind: 'modern' | 'wordpress' | 'old' | 'bare'
}

export type Farm = {
  sites: FarmSite[]
  port: number
  /** Requests answered, by host. */
  hits: Map<string, number>
  /** How the crawler behaved: hosts asked twice at once, and the shortest pause between two requests to one host. */
  manners: { overlaps: Set<string>; shortestPauseMs: number }
  stop: () => Promise<void>
}

type FarmOptions = {
  sites: number
  pages?: number
  /** Approximate bytes of each page, or the least and the most. */
  pageBytes?: number | [number, number]
  /** Overrides for a host (127.x.y.z): a hostile, looping or enormous site. */
  special?: Record<number, (request: Request, site: FarmSite) => Response | Promise<Response>>
  /** How long each answer takes. */
  delayMs?: number
  port?: number
}

const KINDS = ['modern', 'wordpress', 'old', 'bare'] as const
const TRADES = [
  'Garage',
  'Boulangerie',
  'Plomberie',
  'Salon',
  'Menuiserie',
  'Fleuriste',
  'Pharmacie',
  'Restaurant',
]
const NAMES = [
  'Léger',
  'Martin',
  'Noël',
  'Dubois',
  'Lefèvre',
  'Garnier',
  'Chevalier',
  'Roussel',
  'Perrin',
  'Clément',
]
const FIRST_NAMES = [
  'Claire',
  'Jean-Pierre',
  'Éric',
  'Sophie',
  'Marc',
  'Hélène',
  'Luc',
  'Nadia',
  'Paul',
  'Inès',
]
const CITIES: [string, string][] = [
  ['57000', 'Metz'],
  ['54000', 'Nancy'],
  ['67000', 'Strasbourg'],
  ['69003', 'Lyon'],
  ['35000', 'Rennes'],
]
const WORDS =
  'atelier devis réparation entretien qualité service client depuis artisan conseil sur mesure rapide proche équipe projet rénovation installation dépannage horaires tarif garantie choix livraison local savoir-faire'.split(
    ' ',
  )

const pick = <T>(list: readonly T[], number: number): T => list[number % list.length]!

const plain = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()

export const addressOf = (index: number): string => `127.1.${Math.floor(index / 250)}.${(index % 250) + 1}`

const siteOf = (index: number, port: number): FarmSite => {
  const trade = pick(TRADES, index)
  const name = pick(NAMES, Math.floor(index / TRADES.length))
  const [postalCode, city] = pick(CITIES, index)
  const slug = plain(`${trade}-${name}-${index}`)
  return {
    index,
    url: `http://${addressOf(index)}:${port}/`,
    name: `${trade} ${name} ${index}`,
    email: `contact@${slug}.fr`,
    phone: `+3338700${String(1000 + index).padStart(4, '0')}`,
    director: `${pick(FIRST_NAMES, index)} ${name}`,
    city,
    postalCode,
    kind: pick(KINDS, index),
  }
}

/** Serves `sites` small-business sites on loopback addresses of their own until stopped. */
export const startFarm = (options: FarmOptions): Farm => {
  const hits = new Map<string, number>()
  const pages = options.pages ?? 6
  const cache = new Map<string, Uint8Array<ArrayBuffer>>()
  const manners: Farm['manners'] = { overlaps: new Set(), shortestPauseMs: Infinity }
  const active = new Set<string>()
  const ended = new Map<string, number>()
  const slowly = async (host: string, milliseconds: number): Promise<void> => {
    if (active.has(host)) manners.overlaps.add(host)
    const pause = performance.now() - (ended.get(host) ?? -Infinity)
    manners.shortestPauseMs = Math.min(manners.shortestPauseMs, pause)
    active.add(host)
    await Bun.sleep(milliseconds)
    active.delete(host)
    ended.set(host, performance.now())
  }
  const server: Server<unknown> = Bun.serve({
    port: options.port ?? 0,
    hostname: '0.0.0.0',
    idleTimeout: 30,
    fetch: async (request) => {
      const url = new URL(request.url)
      hits.set(url.hostname, (hits.get(url.hostname) ?? 0) + 1)
      if (options.delayMs) await slowly(url.hostname, options.delayMs)
      const [, , high = '0', low = '1'] = url.hostname.split('.')
      const index = Number(high) * 250 + Number(low) - 1
      const site = sites[index]
      if (!site) return new Response('unknown site', { status: 404 })
      const special = options.special?.[index]
      if (special) return special(request, site)
      return answer(site, url.pathname, { pages, bytes: options.pageBytes ?? 6_000, cache })
    },
  })
  const port = server.port!
  const sites = Array.from({ length: options.sites }, (_, index) => siteOf(index, port))
  return { sites, port, hits, manners, stop: () => server.stop(true) }
}

const HEADERS: Record<FarmSite['kind'], Record<string, string>> = {
  modern: {
    'strict-transport-security': 'max-age=31536000',
    'content-security-policy': "default-src 'self'",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'strict-origin-when-cross-origin',
    server: 'nginx',
  },
  wordpress: { server: 'Apache/2.4.10 (Debian)', 'x-powered-by': 'PHP/7.0.33' },
  old: { server: 'Apache/2.2.22', 'x-powered-by': 'PHP/5.4.45' },
  bare: {},
}

const answer = (
  site: FarmSite,
  path: string,
  {
    pages,
    bytes,
    cache,
  }: { pages: number; bytes: number | [number, number]; cache: Map<string, Uint8Array<ArrayBuffer>> },
): Response => {
  if (path === '/robots.txt')
    return site.kind === 'modern'
      ? new Response(`User-agent: *\nDisallow: /prive/\nSitemap: ${site.url}sitemap.xml\n`)
      : new Response('', { status: 404 })
  if (path === '/sitemap.xml' && site.kind === 'modern')
    return new Response(sitemapOf(site, pages), { headers: { 'content-type': 'application/xml' } })
  const key = `${site.index}${path}`
  let html = cache.get(key)
  if (html === undefined) {
    html = new TextEncoder().encode(pageOf(site, path, pages, bytes) ?? '')
    cache.set(key, html)
  }
  if (html.length === 0)
    return new Response('<!doctype html><title>404</title><p>Introuvable', { status: 404 })
  return new Response(html, {
    headers: { 'content-type': 'text/html; charset=utf-8', ...HEADERS[site.kind] },
  })
}

/** The paths of every site with so many pages. */
export const pathsOf = (pages: number): string[] => [
  '/',
  '/contact',
  '/mentions-legales',
  ...Array.from({ length: Math.max(0, pages - 3) }, (_, index) => pathOf(index)),
]

// Words, not numbers: what differs only in a number is a list walked page by page.
const pathOf = (index: number): string => {
  const next = index + 1 + Math.floor(index / WORDS.length)
  return `/${plain(pick(WORDS, index))}-${plain(pick(WORDS, next))}`
}

const sitemapOf = (site: FarmSite, pages: number): string =>
  `<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${pathsOf(pages)
    .map((path) => `<url><loc>${site.url.slice(0, -1)}${path}</loc></url>`)
    .join('')}</urlset>`

const pageOf = (
  site: FarmSite,
  path: string,
  pages: number,
  pageBytes: number | [number, number],
): string | null => {
  const known = pathsOf(pages)
  const at = known.indexOf(path)
  if (at < 0) return null
  const [least, most] = typeof pageBytes === 'number' ? [pageBytes, pageBytes] : pageBytes
  const bytes = least + ((site.index * 37 + at * 61) % 101) * ((most - least) / 100)
  const body =
    path === '/contact'
      ? contact(site)
      : path === '/mentions-legales'
        ? legal(site)
        : `<h1>${site.name}</h1><p>Votre ${site.name} à ${site.city}.</p>`
  const links = known
    .map((one) => `<li><a href="${one}">${one === '/' ? 'Accueil' : one.slice(1)}</a></li>`)
    .join('')
  return `<!doctype html><html${site.kind === 'old' ? '' : ' lang="fr"'}><head><meta charset="utf-8">${head(site, at)}</head>
<body><nav><ul>${links}</ul></nav><main>${body}${filler(site, at, { bytes, pages })}</main>
<footer>© ${site.kind === 'old' ? 2009 : 2026} ${site.name} · <a href="https://www.facebook.com/${site.email.split('@')[1]?.replace('.fr', '')}">Facebook</a></footer></body></html>`
}

const head = (site: FarmSite, at: number): string => {
  const title = `<title>${site.name} ${at === 0 ? `à ${site.city}` : `page ${at}`}</title>`
  if (site.kind === 'old') return title
  const viewport = '<meta name="viewport" content="width=device-width, initial-scale=1">'
  if (site.kind === 'wordpress')
    return `${title}${viewport}<meta name="generator" content="WordPress 5.2.4"><script src="/wp-includes/js/jquery/jquery.min.js?ver=1.12.4"></script><link rel="stylesheet" href="/wp-content/themes/local/style.css?ver=5.2.4">`
  const description = `<meta name="description" content="${site.name}, votre artisan à ${site.city} : devis gratuit, qualité et conseil depuis vingt ans.">`
  return `${title}${viewport}${site.kind === 'modern' ? description : ''}`
}

const national = (site: FarmSite): string => `0${site.phone.slice(3)}`.replace(/(\d\d)(?=\d)/g, '$1 ')

const contact = (site: FarmSite): string =>
  `<h1>Contact</h1><p>${site.name}, 12 rue des Artisans, ${site.postalCode} ${site.city}</p>
<p>Tél. : <a href="tel:${site.phone}">${national(site)}</a> – <a href="mailto:${site.email}">${site.email}</a></p>`

const legal = (site: FarmSite): string =>
  `<h1>Mentions légales</h1><p>Directeur de la publication : ${site.director}, gérant.</p>
<p>${site.name} SARL au capital de 8 000 €, ${site.postalCode} ${site.city}.</p>`

// A page of some size is a third styles and scripts; the rest is text with a picture and a link here and there.
const filler = (site: FarmSite, at: number, { bytes, pages }: { bytes: number; pages: number }): string => {
  const parts = [`<style>${rules(bytes / 6)}</style><script>${statements(bytes / 6)}</script>`]
  let size = parts[0]!.length
  for (let index = 0; size < bytes; index++) {
    const words = Array.from({ length: 80 }, (_, word) =>
      pick(WORDS, site.index * 7 + at * 13 + index * 5 + word * word),
    )
    const image = `<img src="/img/${at}-${index}.jpg" width="320" height="200"${site.kind === 'modern' ? ' alt="réalisation"' : ''}>`
    const link = `<a href="${pathOf(index % Math.max(1, pages - 3))}#r${index}">En savoir plus</a>`
    const part = `<article class="card"><h2>${words.slice(0, 3).join(' ')}</h2><p>${words.slice(3, 40).join(' ')}.</p><p><strong>${words[40]}</strong> ${words.slice(41).join(' ')}.</p>${image}${link}</article>\n`
    parts.push(part)
    size += part.length
  }
  return parts.join('')
}

const rules = (length: number): string =>
  Array.from(
    { length: Math.floor(length / 60) },
    (_, index) => `.card-${index}>.in{margin:0 auto;padding:${index % 40}px;color:#${1000 + index}}`,
  ).join('\n')

const statements = (length: number): string =>
  Array.from(
    { length: Math.floor(length / 60) },
    (_, index) => `window.settings["option_${index}"]={"on":${index % 2 === 0},"after":${index * 7}};`,
  ).join('\n')
