import { isRuleId, ruleIds, type RuleId } from '#src/analysis/messages.ts'

/** Where a variable comes from, as the picker groups them. */
export type VariableGroup =
  | 'contact'
  | 'company'
  | 'site'
  | 'findings'
  | 'marks'
  | 'seo'
  | 'numbers'
  | 'sender'

/** `always`: never empty. `fact`: read from the site at its last visit, so it ages. `list`: to be looped over.
 *  `old`: the name of the product this one replaces; a newer one says the same. */
export type Variable = {
  name: string
  group: VariableGroup
  always?: true
  fact?: true
  list?: true
  flag?: true
  old?: true
}

const of = (group: VariableGroup, names: string, more: Partial<Variable> = {}): Variable[] =>
  names.split(' ').map((name) => ({ name, group, ...more }))

/** Every variable of a template, in the order of the picker (texts in variable-messages.ts). */
export const variables: readonly Variable[] = [
  ...of('contact', 'salutation email', { always: true }),
  ...of('contact', 'nom responsable email_principal'),
  ...of('contact', 'role'),
  ...of('company', 'entreprise', { always: true }),
  ...of('company', 'secteur ville code_postal adresse telephone siren rating reviews'),
  ...of('company', 'statut', { always: true }),
  ...of('company', 'opportunite score'),
  ...of('company', 'tags', { list: true }),
  ...of('site', 'website site'),
  ...of('site', 'cms cms_version framework framework_version server hosting_provider', { fact: true }),
  ...of('site', 'visited_on', { fact: true }),
  ...of('findings', 'findings security_findings seo_findings speed_findings mobile_findings legal_findings', {
    list: true,
    fact: true,
  }),
  ...of('findings', 'worst', { fact: true }),
  ...of('findings', 'findings_count', { always: true, fact: true }),
  ...of('findings', 'vulnerabilities_count', { always: true, fact: true, old: true }),
  ...of('findings', 'vulnerabilities_top security_issues security_issues_top seo_issues', {
    list: true,
    fact: true,
    old: true,
  }),
  ...of('findings', 'security_headers_missing_top', { list: true, fact: true }),
  ...of('findings', 'security_headers_missing_count', { always: true, fact: true }),
  ...of('findings', 'has_issues show_security_issues_fallback mixed_content_detected', {
    flag: true,
    fact: true,
  }),
  ...of('marks', 'security_score performance_score seo_score mobile_score legal_score', { fact: true }),
  ...of(
    'marks',
    'technical_security_score score_securite risk_score score_pentest pentest_score pentest_surface_score',
    {
      fact: true,
      old: true,
    },
  ),
  ...of('marks', 'show_technical_security_score', { flag: true, fact: true, old: true }),
  ...of('marks', 'avg_response_time_ms avg_weight_bytes', { fact: true }),
  ...of('seo', 'meta_title meta_description canonical_url html_language', { fact: true }),
  ...of('seo', 'meta_title_length meta_description_length sitemap_url_count', { always: true, fact: true }),
  ...of('seo', 'mobile_friendly viewport_meta robots_txt_exists sitemap_exists', { flag: true, fact: true }),
  ...of('numbers', 'pages_scanned total_emails total_people total_phones total_social total_technologies', {
    always: true,
    fact: true,
  }),
  ...of('numbers', 'osint_people_count osint_emails_count social_count', {
    always: true,
    fact: true,
    old: true,
  }),
  ...of('numbers', 'scripts_without_sri cookies_count', { always: true, fact: true }),
  ...of('numbers', 'has_website has_email has_phone has_cms has_social has_https has_analysis', {
    flag: true,
  }),
  ...of('sender', 'sender_name sender_email'),
  ...of('sender', 'sender_organisation'),
  ...of('sender', 'has_signature', { flag: true }),
  ...of('sender', 'today unsubscribe_url', { always: true }),
]

const byName = new Map(variables.map((variable) => [variable.name, variable]))

export const variableOf = (name: string): Variable | null => byName.get(name) ?? null

/** What a finding has for a template, besides the values of its rule (`date`, `days`, `software` …). */
export const findingFields = [
  'title',
  'meaning',
  'fix',
  'evidence',
  'page',
  'severity',
  'category',
  'found_on',
] as const

/** `finding.tls_expires_soon`: the finding of that rule, when there is one. */
export const findingName = (id: RuleId): string => id.replaceAll('-', '_')

export const ruleOfName = (name: string): RuleId | null => {
  const id = name.replaceAll('_', '-')
  return isRuleId(id) ? id : null
}

export const findingNames = ruleIds.map(findingName)

const FACTS = /^(?:total_|osint_|social_count|cms|framework|hosting_provider)/
const PAGES =
  /^(?:avg_|meta_|canonical_url|html_language|mobile_friendly|viewport_meta|pages_scanned|server$|scripts_|cookies_)/

/** What must be read for a variable besides its company and the latest visit. A mark needs the home page too. */
export const needsOf = (
  name: string,
): { pages: boolean; averages: boolean; facts: boolean; findings: boolean } => {
  const group = variableOf(name)?.group
  return {
    pages: group === 'marks' || PAGES.test(name),
    averages: name === 'avg_response_time_ms',
    facts: FACTS.test(name) || name === 'has_social',
    findings:
      group === 'marks' || group === 'findings' || name.startsWith('finding.') || name === 'mobile_friendly',
  }
}
