import { found, type Finding } from '../finding.ts'
import type { SiteView } from '../site-view.ts'

// A year or two is a foot of the page somebody forgot; more is a site nobody looks after.
const OLD_AFTER_YEARS = 3
const VERY_OLD_AFTER_YEARS = 6

/** What tells that a site was made long ago and left alone: its last copyright year, and its markup. */
export const checkAge = (view: SiteView): Finding[] => [...checkCopyright(view), ...checkMarkup(view)]

const checkCopyright = ({ home, staticPages, now }: SiteView): Finding[] => {
  const years = staticPages.flatMap((page) => page.copyrightYear ?? [])
  if (!home || years.length === 0) return []
  const year = Math.max(...years)
  const age = now.getUTCFullYear() - year
  if (age < OLD_AFTER_YEARS) return []
  const page = staticPages.find((one) => one.copyrightYear === year) ?? home
  return [
    found('copyright-old', {
      severity: age >= VERY_OLD_AFTER_YEARS ? 'medium' : 'low',
      pageUrl: page.finalUrl,
      params: { year: String(year) },
    }),
  ]
}

const checkMarkup = ({ home }: SiteView): Finding[] => {
  // Flash has a rule of its own.
  const marks = (home?.oldMarkup ?? []).filter((mark) => mark !== 'flash')
  if (!home || marks.length === 0) return []
  // One kind alone may come from an editor or a pasted text; frames and layout tables do not.
  const built = marks.includes('frameset') || marks.includes('tables')
  if (!built && marks.length < 2) return []
  return [
    found('old-layout', {
      severity: built && marks.length > 1 ? 'high' : 'medium',
      pageUrl: home.finalUrl,
      params: { marks: marks.join(', ') },
    }),
  ]
}
