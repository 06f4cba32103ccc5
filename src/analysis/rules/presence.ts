import { found, type Finding } from '../finding.ts'
import type { SiteView } from '../site-view.ts'
import { isPersonal } from '#src/crawl/contacts/personal-form.ts'
import { turnedAway } from '#src/crawl/refusals.ts'

/** Whether there is a site at all behind the address, and a way to reach the company on it. */
export const checkPresence = (view: SiteView): Finding[] => [...checkEntry(view), ...checkContact(view)]

const checkEntry = ({ entry }: SiteView): Finding[] => {
  if (!entry) return []
  if (entry.parked !== null) {
    return [found('parked', { pageUrl: entry.finalUrl, params: { marker: entry.parked } })]
  }
  if (entry.status < 400 || turnedAway(entry.status)) return []
  return [found('home-error', { pageUrl: entry.finalUrl, params: { status: entry.status } })]
}

const checkContact = ({ site, home, pages, staticPages }: SiteView): Finding[] => {
  if (!home || staticPages.length < pages.length) return []
  const reachable =
    site.emails.some((email) => email.kind === 'role' || email.kind === 'person') ||
    site.phones.some((phone) => phone.kind === undefined && phone.type !== 'fax') ||
    site.forms.some((form) => isPersonal(form) && !form.hasPassword)
  if (reachable) return []
  return [found('no-contact', { pageUrl: home.finalUrl, params: { pages: pages.length } })]
}
