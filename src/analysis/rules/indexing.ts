import { found, type Finding } from '../finding.ts'
import { bareHost, type SiteView } from '../site-view.ts'

const NO_INDEX = /(^|[\s,:])(noindex|none)($|[\s,])/i

/** Whether search engines may list the site and find its pages. */
export const checkIndexing = (view: SiteView): Finding[] => [
  ...checkHome(view),
  ...checkCanonical(view),
  ...checkRobots(view),
  ...checkSitemap(view),
]

const checkHome = ({ home }: SiteView): Finding[] => {
  if (!home) return []
  const meta = home.robots ?? ''
  const header = home.headers['x-robots-tag'] ?? ''
  const told = NO_INDEX.test(meta)
    ? `meta robots "${meta}"`
    : NO_INDEX.test(header)
      ? `X-Robots-Tag "${header}"`
      : null
  return told === null
    ? []
    : [found('noindex-home', { evidence: `home page with ${told}`, pageUrl: home.finalUrl })]
}

const checkCanonical = ({ home, host }: SiteView): Finding[] => {
  if (!home || home.truncated) return []
  if ((home.canonical ?? '') === '') {
    if (home.needsBrowser) return []
    return [
      found('canonical-missing', {
        evidence: 'no canonical address on the home page',
        pageUrl: home.finalUrl,
      }),
    ]
  }
  const target = URL.parse(home.canonical ?? '', home.finalUrl)
  if (!target || bareHost(target.hostname) === host) return []
  const evidence = `the home page names ${target.href} as its original`
  return [
    found('canonical-other-site', { evidence, pageUrl: home.finalUrl, params: { target: target.hostname } }),
  ]
}

const checkRobots = ({ site }: SiteView): Finding[] => {
  const { found: exists, disallowsAll, status } = site.robotsTxt
  const pageUrl = URL.parse('/robots.txt', site.finalUrl)?.href ?? site.finalUrl
  if (exists && disallowsAll)
    return [found('robots-disallow-all', { evidence: 'robots.txt forbids the whole site', pageUrl })]
  if (exists || !isAbsent(status)) return []
  return [found('robots-txt-missing', { evidence: `robots.txt answers ${status}`, pageUrl })]
}

const checkSitemap = ({ site }: SiteView): Finding[] => {
  // An unanswered robots.txt leaves open where the sitemap is.
  if (site.sitemap.found || site.robotsTxt.status === null || site.robotsTxt.status >= 500) return []
  return [
    found('sitemap-missing', {
      evidence: 'no sitemap in robots.txt nor at the usual addresses',
      pageUrl: site.finalUrl,
    }),
  ]
}

// A robots.txt refused or in error is not a missing one.
const isAbsent = (status: number | null): boolean =>
  status !== null && status !== 401 && status !== 403 && status !== 429 && status < 500
