import { found, type Finding } from '../finding.ts'
import type { SiteView } from '../site-view.ts'
import { isPersonal } from './transport.ts'

/** Whether there is a site at all behind the address, and a way to reach the company on it. */
export const checkPresence = (view: SiteView): Finding[] => [...checkEntry(view), ...checkContact(view)]

const checkEntry = ({ entry }: SiteView): Finding[] => {
  if (!entry) return []
  if (entry.parked !== null) {
    return [
      found('parked', {
        evidence: `parked or unfinished site: ${entry.parked}`,
        pageUrl: entry.finalUrl,
        params: { marker: entry.parked },
      }),
    ]
  }
  // 401, 403 and 429 refuse this visitor; a browser may well get the page.
  if (entry.status < 400 || [401, 403, 429].includes(entry.status)) return []
  const params = { status: entry.status }
  return [
    found('home-error', {
      evidence: `the home page answers ${entry.status}`,
      pageUrl: entry.finalUrl,
      params,
    }),
  ]
}

const checkContact = ({ site, home, pages, staticPages }: SiteView): Finding[] => {
  if (!home || staticPages.length < pages.length) return []
  const reachable =
    site.emails.some((email) => email.kind === 'role' || email.kind === 'person') ||
    site.phones.some((phone) => phone.kind === undefined && phone.type !== 'fax') ||
    site.forms.some((form) => isPersonal(form) && !form.hasPassword)
  if (reachable) return []
  const evidence = `no e-mail address, phone number or contact form on the ${pages.length} pages read`
  return [found('no-contact', { evidence, pageUrl: home.finalUrl, params: { pages: pages.length } })]
}
