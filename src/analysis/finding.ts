import type { Values } from '#src/lib/fill-in.ts'
import { plainEvidence } from './evidence-messages.ts'
import type { RuleId } from './messages.ts'
import ruleData from './rules.data.json'

export type Category = 'security' | 'technical' | 'seo' | 'performance' | 'mobile' | 'legal'
export type Severity = 'critical' | 'high' | 'medium' | 'low' | 'info'
export type Params = Values

/** One weak point of one site. `evidence` is the fact itself in English (≤ 300 characters), `params` what the
 *  texts of messages.ts and evidence-messages.ts need; `pageUrl` is where it was seen. */
export type Finding = {
  id: RuleId
  category: Category
  severity: Severity
  params: Params
  evidence: string
  pageUrl: string
}

/** Points taken off a mark; `grade` names the mark when it is not the category's own. */
export type Rule = { category: Category; severity: Severity; deduct: number; grade?: Category }

/** Worst first. */
export const severities: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'info']

export const rules = ruleData as Record<RuleId, Rule>

const MAX_EVIDENCE = 300
const MAX_PARAM = 240
const MAX_URL = 2000
// oxlint-disable-next-line no-control-regex -- crawled text may carry terminal escapes and bidi marks
const UNPRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069]+/g

/** Crawled text made fit for a log, a page or a database column: one line, bounded. */
export const plain = (text: string, max: number): string => {
  const clean = text
    .slice(0, max * 4)
    .replace(UNPRINTABLE, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .toWellFormed()
  return clean.length <= max ? clean : `${clean.slice(0, max - 1).toWellFormed()}…`
}

/** A finding of rule `id` with the category and severity of rules.data.json unless told otherwise; its evidence is
 *  the rule's text filled with `params`. */
export const found = (
  id: RuleId,
  fact: { pageUrl: string; params?: Params; severity?: Severity },
): Finding => {
  const params = Object.fromEntries(
    Object.entries(fact.params ?? {}).map(([key, value]) => [
      key,
      typeof value === 'string' ? plain(value, MAX_PARAM) : value,
    ]),
  )
  return {
    id,
    category: rules[id].category,
    severity: fact.severity ?? rules[id].severity,
    params,
    evidence: plain(plainEvidence(id, params), MAX_EVIDENCE),
    pageUrl: plain(fact.pageUrl, MAX_URL),
  }
}
