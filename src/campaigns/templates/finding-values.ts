import { evidenceText } from '#src/analysis/evidence-messages.ts'
import { plain, severities } from '#src/analysis/finding.ts'
import { gradeFindings, type GradeName } from '#src/analysis/grade-site.ts'
import {
  categoryNames,
  isRuleId,
  namedValues,
  ruleText,
  severityNames,
  type RuleText,
} from '#src/analysis/messages.ts'
import type { Locale } from '#src/lib/i18n.ts'
import type { FoundFinding, KnownCompany } from './queries-values.ts'
import type { Values } from './values.ts'
import { findingName } from './variables.ts'

const MAX_TEXT = 400
const DAY = /^\d{4}-\d{2}-\d{2}$/

type Shown = {
  finding: FoundFinding
  /** What templates see: reading any of it notes that the mail quotes the finding. */
  view: Record<string, unknown>
}
type Home = NonNullable<NonNullable<KnownCompany['visit']>['home']> | null

/** A site's findings as templates see them: `all` worst first, `weighty` without mere information, `byName` under the
 *  name of their rule, where asking whether one is there counts as quoting it. */
export const findingValues = (found: readonly FoundFinding[], locale: Locale, quoted: Values['quoted']) => {
  const day = dayWriter(locale)
  const all = found
    .filter(({ id }) => isRuleId(id))
    .toSorted((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity))
    .map((finding): Shown => ({ finding, view: viewOf(finding, locale, day, quoted) }))
  const byName: Record<string, unknown> = Object.create(null)
  for (const { finding, view } of all)
    Object.defineProperty(byName, findingName(finding.id), {
      enumerable: true,
      configurable: true,
      get: () => {
        note(quoted, finding, locale)
        return view
      },
    })
  return {
    all,
    weighty: all.filter(({ finding }) => finding.severity !== 'info').map(({ view }) => view),
    byName,
    day,
    /** Null: could not be checked. */
    mark: (name: GradeName, home: Home): number | null => {
      if (home === null || home.parked !== null) return null
      if ((name === 'mobile' && home.truncated) || (name === 'legal' && home.needsBrowser)) return null
      return gradeFindings(
        all.map(({ finding }) => finding),
        name,
      ).value
    },
  }
}

export type FoundValues = ReturnType<typeof findingValues>

const viewOf = (
  finding: FoundFinding,
  locale: Locale,
  day: (at: Date) => string,
  quoted: Values['quoted'],
): Record<string, unknown> => {
  let text: RuleText | null = null
  const words = (): RuleText => (text ??= ruleText(locale, finding))
  const readers: Record<string, () => unknown> = {
    id: () => finding.id,
    title: () => plain(words().title, MAX_TEXT),
    meaning: () => plain(words().meaning, MAX_TEXT),
    fix: () => plain(words().fix, MAX_TEXT),
    evidence: () => plain(evidenceText(locale, finding), MAX_TEXT),
    page: () => (/^https?:\/\//i.test(finding.pageUrl) ? finding.pageUrl : null),
    severity: () => severityNames(locale)[finding.severity],
    category: () => categoryNames(locale)[finding.category],
    found_on: () => day(finding.foundAt),
  }
  const params = namedValues(locale, finding.params)
  for (const name of Object.keys(params))
    if (!Object.hasOwn(readers, name)) readers[name] = () => paramOf(params[name], day)
  const view: Record<string, unknown> = Object.create(null)
  const known = new Map<string, unknown>()
  for (const [name, read] of Object.entries(readers))
    Object.defineProperty(view, name, {
      enumerable: true,
      get: () => {
        note(quoted, finding, locale)
        // Subject, HTML and text ask for the same.
        const value = known.has(name) ? known.get(name) : read()
        known.set(name, value)
        return value
      },
    })
  return view
}

// In the words of the mail, so that what it says can be held against it.
const note = (quoted: Values['quoted'], finding: FoundFinding, locale: Locale): void => {
  const { id, pageUrl, foundAt } = finding
  if (quoted.has(id)) return
  const evidence = plain(evidenceText(locale, finding), MAX_TEXT)
  quoted.set(id, { id, evidence, pageUrl, foundAt: foundAt.toISOString() })
}

const paramOf = (value: string | number | undefined, day: (at: Date) => string): unknown => {
  if (typeof value !== 'string') return value ?? null
  // A day that was not known is stored as a question mark.
  if (value === '?') return null
  return DAY.test(value) ? day(new Date(`${value}T12:00:00Z`)) : plain(value, MAX_TEXT)
}

const writers = new Map<Locale, (at: Date) => string>()

const dayWriter = (locale: Locale): ((at: Date) => string) => {
  const known = writers.get(locale)
  if (known) return known
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'Europe/Paris' })
  // French counts the days of a month from “1er”.
  const first = (text: string) => (locale === 'fr' ? text.replace(/^1 /, '1er ') : text)
  const writer = (at: Date) => first(format.format(at))
  writers.set(locale, writer)
  return writer
}
