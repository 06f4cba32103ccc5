import { found, type Finding } from '../finding.ts'
import { fold, type SiteView } from '../site-view.ts'
import { isPersonal } from '#src/crawl/contacts/personal-form.ts'
import type { PageRecord } from '#src/crawl/site-record.ts'

const LEGAL =
  /mentions?[ _-]*legales?|informations?[ _-]*legales?|mentions?[ _-]*obligatoires|legal[ _-]*(notice|mentions?)|impressum|mentionslegales/
const PRIVACY =
  /confidentialite|donnees[ _-]*(a[ _-]*caractere[ _-]*)?personnel|vie[ _-]*privee|privacy|\brgpd\b|\bgdpr\b|protection[ _-]*des[ _-]*donnees/
const FRENCH_DOMAIN = /\.(fr|re|gp|mq|gf|yt|pm|wf|nc|pf|bzh|corsica|alsace|paris)$/
const OTHER_FRENCH_SPEAKING = /\.(be|ch|lu|ca|quebec|ma|tn|dz|sn|ci|mc)$/

/** Pages French law asks for: the legal notice (LCEN, article 1-1; a fine of up to €75,000) and, where personal
 *  details are asked for, the information of GDPR article 13. Judged from the pages read, never from a guess. */
export const checkLegal = (view: SiteView): Finding[] => {
  const { staticPages, home, site } = view
  if (!home || home.needsBrowser) return []
  const count = staticPages.length
  const pageUrl = home.finalUrl
  const hasNotice = isThere(view, LEGAL)
  const findings: Finding[] = []
  if (isFrench(view) && !hasNotice && site.companyIds.length === 0) {
    findings.push(found('legal-notice-missing', { pageUrl, params: { pages: count } }))
  }
  const form = site.forms.find(isPersonal)
  if (form && !isThere(view, PRIVACY)) {
    findings.push(
      found('privacy-page-missing', {
        // The legal notice often holds that text too.
        severity: hasNotice ? 'low' : 'medium',
        pageUrl: form.pageUrl,
        params: { pages: count },
      }),
    )
  }
  return findings
}

/** True when a page of that kind was read, or is known to exist though it could not be read: linked to (robots.txt
 *  may keep it from crawlers), or in error. */
const isThere = ({ staticPages, pages, site }: SiteView, kind: RegExp): boolean =>
  staticPages.some((page) => kind.test(nameOf(page))) ||
  site.errors.some(({ url }) => kind.test(pathOf(url))) ||
  pages.some((page) =>
    page.policyLinks?.some(({ url, text }) => kind.test(fold(text)) || kind.test(pathOf(url ?? ''))),
  )

const nameOf = (page: PageRecord): string => {
  return fold([pathOf(page.finalUrl), page.title ?? '', ...page.h1].join(' | '))
}

const pathOf = (url: string): string => fold(decode(URL.parse(url)?.pathname ?? ''))

const isFrench = ({ site, home, host }: SiteView): boolean =>
  FRENCH_DOMAIN.test(host) ||
  site.companyIds.some((id) => id.kind !== 'vat' || id.value.toUpperCase().startsWith('FR')) ||
  site.phones.some((phone) => phone.kind === undefined && phone.value.startsWith('+33')) ||
  site.addresses.some((address) => /^(fr|france)$/i.test(address.country ?? '')) ||
  (/^fr($|-fr)/i.test(home?.lang ?? '') && !OTHER_FRENCH_SPEAKING.test(host))

const decode = (path: string): string => {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}
