import { END_OF_LIFE_SOURCE, supportOf, type Support } from '../end-of-life.ts'
import { found, type Finding, type Severity } from '../finding.ts'
import { listValue } from '#src/lib/fill-in.ts'
import type { SiteView } from '../site-view.ts'
import data from '../software.data.json'
import { softwareOf, type Software } from '../software.ts'
import type { RuleId } from '../messages.ts'

const YEAR_MS = 365 * 86_400_000
// Packages of these distributions get security fixes after the author's own support has ended.
const DISTRIBUTION = /debian|ubuntu|raspbian|\+deb\d|red ?hat|\.el\d|rocky|alma/i
const FLASH = /swfobject|\.swf(\?|$)/i

const ruleOf = data.rules as Record<string, RuleId>
const editors: Record<string, { ended: string; why: string }> = data.discontinuedEditors

/** Versions told to every visitor, versions no longer maintained, and Flash. */
export const checkSoftware = (view: SiteView): Finding[] => {
  const software = softwareOf(view.site)
  return [
    ...checkDisclosure(software),
    ...judgedOf(software).flatMap((program) => checkSupport(program, view.now)),
    ...checkEditor(view),
    ...checkFlash(view),
  ]
}

/** Where the system's release is known, it decides for the server that came with it. */
const judgedOf = (software: Software[]): Software[] => {
  if (!software.some((program) => program.from === 'system')) return software
  return software.filter(
    (program) => program.from !== 'server' || ruleOf[program.product ?? ''] !== 'server-end-of-life',
  )
}

const checkDisclosure = (software: Software[]): Finding[] =>
  (
    [
      ['server', 'server-version-disclosed'],
      ['platform', 'platform-version-disclosed'],
      ['generator', 'cms-version-disclosed'],
    ] as const
  ).flatMap(([from, id]) => {
    const named = software.filter((program) => program.from === from)
    const first = named[0]
    if (!first) return []
    const names = named.map((program) => `${program.name} ${program.version}`)
    const params = { ...listValue('software', names), raw: first.raw }
    return [found(id, { pageUrl: first.pageUrl, params })]
  })

const checkSupport = (program: Software, now: Date): Finding[] => {
  const rule = program.product === null ? undefined : ruleOf[program.product]
  if (!rule || program.product === null) return []
  const support = supportOf(program.product, program.version, now)
  if (support.state !== 'ended') return []
  const name = program.product === 'windows-server' ? program.name : `${support.title} ${program.version}`
  return [
    found(rule, {
      severity: severityOf(rule, program, support, now),
      pageUrl: program.pageUrl,
      params: {
        software: name,
        date: support.since ?? '?',
        atLatest: support.atLatest ? 1 : 0,
        source: END_OF_LIFE_SOURCE,
      },
    }),
  ]
}

const severityOf = (
  rule: RuleId,
  program: Software,
  support: Support & { state: 'ended' },
  now: Date,
): Severity => {
  const years = support.since === null ? 0 : (now.getTime() - Date.parse(support.since)) / YEAR_MS
  const distribution = DISTRIBUTION.test(program.raw) && program.from !== 'system'
  if (rule === 'php-end-of-life') return years > 2 && !distribution ? 'high' : 'medium'
  if (rule === 'library-end-of-life') return years > 5 ? 'medium' : 'low'
  if (rule === 'server-end-of-life') return distribution ? 'info' : years > 3 ? 'medium' : 'low'
  // WordPress counts a release as ended when the next one is out: a year behind is late, not abandoned.
  if (program.product === 'wordpress') return years > 3 ? 'high' : years > 1 ? 'medium' : 'low'
  return years > 1 ? 'high' : 'medium'
}

const checkEditor = ({ site }: SiteView): Finding[] => {
  const fact = site.technologies.find(({ name }) => Object.hasOwn(editors, name))
  const editor = fact && editors[fact.name]
  if (!fact || !editor) return []
  const params = { software: fact.name, date: editor.ended, snippet: fact.snippet }
  return [found('editor-discontinued', { pageUrl: fact.pageUrl, params })]
}

const checkFlash = ({ pages }: SiteView): Finding[] => {
  const page = pages.find(
    ({ scripts, oldMarkup }) => oldMarkup?.includes('flash') || scripts.some((script) => FLASH.test(script)),
  )
  const script = page?.scripts.find((candidate) => FLASH.test(candidate)) ?? '.swf'
  return page ? [found('flash-used', { pageUrl: page.finalUrl, params: { script } })] : []
}
