import type { SiteRecord } from '#src/crawl/site-record.ts'
import { fold } from './site-view.ts'
import data from './software.data.json'

/** A program named with its version by the site itself. `product` is the key of end-of-life.data.json, null for
 *  a program that list does not have; `raw` is the text that told. */
export type Software = {
  name: string
  version: string
  product: string | null
  from: 'server' | 'system' | 'platform' | 'generator' | 'script' | 'technology'
  raw: string
  pageUrl: string
}

const MAX_PAGES = 30
const MAX_SCRIPTS = 200
// "(CentOS Stream)" is another system.
const DISTRIBUTION = /\((debian|ubuntu|centos)\)/i
const VERSION = /\d+(?:\.\d+)*/
const TOKEN = /([A-Za-z][A-Za-z0-9.+_-]{0,40})\/(\d[\w.+~:-]{0,40})/g
const GENERATOR = /^([A-Za-z][A-Za-z0-9!.+ ]{0,40}?)[\s-]+v?(\d+(?:\.\d+){0,3})(?![\d%])/

// File names and CDN paths that carry the library's own version (not a cache-busting `?v=`).
const SCRIPT_VERSIONS: [string, RegExp][] = [
  ['jquery', /\/jquery[.-](\d+\.\d+(?:\.\d+)?)(?:\.slim)?(?:\.min)?\.js/i],
  ['jquery', /\/jquery(?:\/|@)(\d+\.\d+(?:\.\d+)?)\/(?:dist\/)?jquery(?:\.slim)?(?:\.min)?\.js/i],
  ['jquery', /\/wp-includes\/js\/jquery\/jquery(?:\.min)?\.js\?ver=(\d+\.\d+(?:\.\d+)?)/i],
  ['jquery-ui', /\/jquery-?ui[.-](\d+\.\d+(?:\.\d+)?)(?:\.custom)?(?:\.min)?\.js/i],
  ['jquery-ui', /\/(?:jqueryui|jquery-ui)(?:\/|@)(\d+\.\d+(?:\.\d+)?)\//i],
  ['bootstrap', /\/(?:twitter-)?bootstrap(?:\/|@)(\d+\.\d+(?:\.\d+)?)\//i],
  ['bootstrap', /\/bootstrap[.-](\d+\.\d+(?:\.\d+)?)(?:\.bundle)?(?:\.min)?\.(?:js|css)/i],
  ['angularjs', /\/angular(?:\.?js)?(?:\/|@)(1\.\d+(?:\.\d+)?)\//i],
  ['vue', /\/vue(?:\/|@)(\d+\.\d+(?:\.\d+)?)\//i],
  [
    'wordpress',
    /\/wp-includes\/(?:js\/wp-embed|js\/wp-emoji-release|css\/dist\/block-library\/style)(?:\.min)?\.(?:js|css)\?ver=(\d+\.\d+(?:\.\d+)?)$/i,
  ],
]

const aliases = data.aliases as Record<string, string>
const distributions = data.distributions as Record<string, Record<string, string>>

/** Every program and version a site tells about itself: by headers, generator, script names and the crawl's
 *  technology facts; each program once, the source nearest to the server first. */
export const softwareOf = (site: SiteRecord): Software[] => {
  const all: Software[] = []
  for (const page of site.pages.slice(0, MAX_PAGES)) {
    const { headers, finalUrl: pageUrl } = page
    const addresses = [...page.scripts, ...page.stylesheets].slice(0, MAX_SCRIPTS)
    const told = [
      ...tokensOf(headers['server'] ?? '', 'server'),
      ...tokensOf(headers['x-powered-by'] ?? '', 'platform'),
      ...named(headers['x-generator'] ?? ''),
      ...named(page.generator ?? ''),
      ...addresses.flatMap(versionsInAddress),
    ]
    all.push(...told.map((software) => ({ ...software, pageUrl })))
  }
  for (const fact of site.technologies) {
    const version = VERSION.exec(fact.version ?? '')?.[0]
    if (version)
      all.push({
        ...program(fact.name, version),
        from: 'technology',
        raw: `${fact.name} ${fact.version}`,
        pageUrl: fact.pageUrl,
      })
  }
  return [...Map.groupBy(all, (software) => software.product ?? fold(software.name)).values()].flatMap(
    (same) => same.slice(0, 1),
  )
}

type Told = Omit<Software, 'pageUrl'>

const tokensOf = (header: string, from: 'server' | 'platform'): Told[] => {
  const tokens = [...header.slice(0, 500).matchAll(TOKEN)].map(([, name = '', version = '']) => ({
    ...program(name, VERSION.exec(version)?.[0] ?? version),
    raw: header,
    from,
  }))
  return [...tokens, ...tokens.flatMap((token) => systemOf(token, header))]
}

/** The Linux release that ships exactly this server, when the header names the distribution. */
const systemOf = (server: Told, header: string): Told[] => {
  const distribution = DISTRIBUTION.exec(header)?.[1]?.toLowerCase() ?? ''
  const version = distributions[distribution]?.[`${server.name}/${server.version}`]
  return version ? [{ ...server, name: distribution, version, product: distribution, from: 'system' }] : []
}

const named = (generator: string): Told[] => {
  const match = GENERATOR.exec(generator.trim().slice(0, 200))
  if (!match) return []
  const name = (match[1] ?? '').replace(/\s+(cms|version|open source.*)$/i, '')
  return [{ ...program(name, match[2] ?? ''), raw: generator, from: 'generator' }]
}

const versionsInAddress = (address: string): Told[] =>
  SCRIPT_VERSIONS.flatMap(([product, pattern]) => {
    const version = pattern.exec(address.slice(0, 500))?.[1]
    return version ? [{ name: product, version, product, raw: address, from: 'script' as const }] : []
  })

/** The key of a program in end-of-life.data.json, by the name a technology goes by; null when that list lacks it. */
export const productOf = (name: string): string | null => program(name, '').product

const program = (name: string, version: string): Pick<Software, 'name' | 'version' | 'product'> => {
  const product = Object.hasOwn(aliases, fold(name)) ? (aliases[fold(name)] ?? null) : null
  if (product !== 'windows-server') return { name, version, product }
  // IIS tells which Windows it came with; from 10 on it no longer does.
  const windows = (data.iisToWindows as Record<string, string>)[version]
  return windows
    ? { name: `Windows Server (IIS ${version})`, version: windows, product }
    : { name, version, product: null }
}
