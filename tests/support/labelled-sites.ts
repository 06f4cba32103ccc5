import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { FeatureName } from '#src/crawl/site-record.ts'
import type { Resolve } from '#src/lib/address-vetting.ts'

const ROOT = join(import.meta.dir, '../crawl/labelled')
/** Stands for `http://host:port` in feeds, sitemaps and robots.txt, where links must be absolute. */
const ORIGIN = '%%ORIGIN%%'
const SITES_A_NET = 250
const PLAIN_TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.txt': 'text/plain',
  '.xml': 'application/xml',
}

type Page = { file?: string; status?: number; headers?: Record<string, string> }
type SiteFile = {
  host: string
  /** The address the crawl begins with, without port, when it is not `http://host/`. */
  start?: string
  /** Names that answer every path with a redirect to `host`. */
  redirectsFrom?: string[]
  headers?: Record<string, string | string[]>
  imported?: Record<string, string>
  pages: Record<string, Page>
}

/** `capital` in euros, `openingHours` as schema.org writes them, `languages` as two letters; several directors
 *  where the site names several and one is as good as the other. */
export type CompanyTruth = {
  legalForm?: string | null
  capital?: number | null
  director?: string | string[] | null
  host?: string | null
  openingHours?: string[]
  languages?: string[]
}

/** What a careful human says of a site (labelled/README.md). */
export type SiteTruth = {
  emails: { value: string; kind: 'role' | 'person' | 'agency' | 'thirdparty' }[]
  phones: { value: string; type: string; kind?: 'agency' | 'thirdparty' }[]
  people: { name: string; roleKind?: string; email?: string }[]
  addresses: { street: string; postalCode: string; city: string }[]
  companyIds: { kind: string; value: string }[]
  socials: { network: string; url: string }[]
  technologies: { name: string; version?: string }[]
  /** What is missing here was not looked for; null or empty: the site does not say it. */
  company?: CompanyTruth
  features?: { present: FeatureName[]; absent: FeatureName[]; lastPost?: string | null }
  absent: { emails: string[]; phones: string[]; people: string[] }
  /** True or defensible, neither asked for nor held against the finder; written as one line each. */
  tolerated?: Partial<Record<Exclude<keyof SiteTruth, 'absent' | 'tolerated' | 'notes'>, string[]>>
  notes: string
}

export type LabelledSite = SiteFile & { part: Part; folder: string; address: string; truth: SiteTruth }
export type Part = 'open' | 'held'

/** Every labelled site of a part, or those named; each with a loopback address of its own. A folder without its truth
 *  is still being written and left out. */
export const readLabelledSites = (part: Part, names: string[] = []): LabelledSite[] =>
  readdirSync(join(ROOT, part))
    .filter((name) => existsSync(join(ROOT, part, name, 'truth.json')))
    .filter((name) => names.length === 0 || names.includes(name))
    .toSorted()
    .map((name, index) => {
      const folder = join(ROOT, part, name)
      return {
        ...(readJson(folder, 'site.json') as SiteFile),
        part,
        folder,
        address: addressOf(part, index),
        truth: readJson(folder, 'truth.json') as SiteTruth,
      }
    })

/** 127.3.1.1 …, 127.3.3.1 … of the open sites, 127.3.2.1 … of those kept aside */
const addressOf = (part: Part, index: number): string =>
  `127.3.${(part === 'open' ? 1 : 2) + 2 * Math.floor(index / SITES_A_NET)}.${(index % SITES_A_NET) + 1}`

const readJson = (folder: string, name: string): unknown =>
  JSON.parse(readFileSync(join(folder, name), 'utf8'))

/** Serves the sites under their own names until stopped; `resolve` knows these names and no others. */
export const serveLabelledSites = (sites: LabelledSite[]) => {
  const byName = new Map(sites.flatMap((site) => namesOf(site).map((name) => [name, site] as const)))
  const server = Bun.serve({
    port: 0,
    hostname: '0.0.0.0',
    fetch: (request) => {
      const url = new URL(request.url)
      const site = byName.get(url.hostname)
      if (!site) return new Response('unknown site', { status: 421 })
      const { port } = url
      if (url.hostname !== site.host)
        return Response.redirect(`http://${site.host}:${port}${url.pathname}${url.search}`, 301)
      return answer(site, url)
    },
  })
  const resolve: Resolve = async (name) => {
    const site = byName.get(name)
    if (!site) throw new Error(`ENOTFOUND ${name}`)
    return [site.address]
  }
  return {
    resolve,
    startOf: (site: LabelledSite): string => {
      const start = new URL(site.start ?? `http://${site.host}/`)
      start.port = String(server.port)
      return start.href
    },
    stop: () => server.stop(true),
  }
}

const namesOf = (site: LabelledSite): string[] => [site.host, ...(site.redirectsFrom ?? [])]

// A page may be named with its query, in any order and spelling; a path without one answers for every query, as
// index.php does.
const pageFor = (site: LabelledSite, url: URL): Page | undefined => {
  const asked = keyOf(url)
  const named = Object.entries(site.pages).find(([path]) => keyOf(new URL(path, url)) === asked)
  return named?.[1] ?? site.pages[decodeURI(url.pathname)]
}

const keyOf = (url: URL): string => {
  const query = new URLSearchParams(url.search)
  query.sort()
  return `${decodeURI(url.pathname)}?${query}`
}

const answer = (site: LabelledSite, url: URL): Response => {
  const headers = headersOf(site)
  const page = pageFor(site, url)
  if (!page) {
    headers.set('content-type', 'text/html')
    return new Response('<!doctype html><title>404</title><p>Page introuvable', { status: 404, headers })
  }
  const extension = extname(page.file ?? '')
  headers.set('content-type', PLAIN_TYPES[extension] ?? 'application/octet-stream')
  for (const [name, value] of Object.entries(page.headers ?? {})) headers.set(name, value)
  if (page.file === undefined) return new Response(null, { status: page.status ?? 200, headers })
  const bytes = new Uint8Array(readFileSync(join(site.folder, page.file)))
  const isMachineFile = extension === '.xml' || extension === '.txt'
  const body = isMachineFile
    ? new TextDecoder().decode(bytes).replaceAll(ORIGIN, `http://${url.host}`)
    : basedHere(bytes, url)
  return new Response(body, { status: page.status ?? 200, headers })
}

// A base of the site's own name means the port it is served on here; the bytes may be of any encoding.
const basedHere = (bytes: Uint8Array<ArrayBuffer>, { hostname, host }: URL): Uint8Array<ArrayBuffer> => {
  const html = Buffer.from(bytes).toString('latin1')
  const based = html.replace(`<base href="http://${hostname}/"`, `<base href="http://${host}/"`)
  return based === html ? bytes : Buffer.from(based, 'latin1')
}

const headersOf = (site: LabelledSite): Headers => {
  const headers = new Headers()
  for (const [name, value] of Object.entries(site.headers ?? {}))
    for (const one of [value].flat()) headers.append(name, one)
  return headers
}
