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
  const params = NO_INDEX.test(meta)
    ? { where: 'meta robots', value: meta }
    : { where: 'X-Robots-Tag', value: header }
  return NO_INDEX.test(params.value) ? [found('noindex-home', { pageUrl: home.finalUrl, params })] : []
}

const checkCanonical = ({ home, host }: SiteView): Finding[] => {
  if (!home || home.truncated) return []
  if ((home.canonical ?? '') === '') {
    if (home.needsBrowser) return []
    return [found('canonical-missing', { pageUrl: home.finalUrl })]
  }
  const target = URL.parse(home.canonical ?? '', home.finalUrl)
  if (!target || bareHost(target.hostname) === host) return []
  const params = { target: target.hostname, address: target.href }
  return [found('canonical-other-site', { pageUrl: home.finalUrl, params })]
}

const checkRobots = ({ site }: SiteView): Finding[] => {
  const { found: exists, disallowsAll, status } = site.robotsTxt
  const pageUrl = URL.parse('/robots.txt', site.finalUrl)?.href ?? site.finalUrl
  if (exists && disallowsAll) return [found('robots-disallow-all', { pageUrl })]
  if (exists || status === null || !isAbsent(status)) return []
  return [found('robots-txt-missing', { pageUrl, params: { status } })]
}

const checkSitemap = ({ site }: SiteView): Finding[] => {
  // An unanswered robots.txt leaves open where the sitemap is.
  if (site.sitemap.found || site.robotsTxt.status === null || site.robotsTxt.status >= 500) return []
  return [found('sitemap-missing', { pageUrl: site.finalUrl })]
}

// A robots.txt refused or in error is not a missing one.
const isAbsent = (status: number): boolean =>
  status !== 401 && status !== 403 && status !== 429 && status < 500
