import data from './technologies.data.json'

/** One technology. `headers` and `meta`: name → pattern whose first group is the version, empty for mere presence.
 *  `urls`: literal parts of resource URLs, with a host (`clarity.ms/tag/`) or without; `hosts`: their host or a parent
 *  of it. `marks`: class, `#id` or data- attribute; `shapes`: how many marks of a form. `inline`: literals in inline scripts; `comments`: in comments, a
 *  version may follow; `banners`: in scripts, styles and comments, a version must follow. `cookies`: name, or prefix*.
 *  `version`: pattern over the URL that matched; `versions`: what a literal of `urls` alone says of it; `numbers`: what
 *  a version in an address must look like, since `?ver=` may be the site's own. `strong`: URL
 *  and mark signals are ambiguous alone, two different kinds must agree. */
export type Rule = {
  name: string
  category: string
  headers?: Record<string, string>
  meta?: Record<string, string>
  urls?: string[]
  hosts?: string[]
  marks?: string[]
  shapes?: Record<string, number>
  inline?: string[]
  comments?: string[]
  banners?: string[]
  cookies?: string[]
  fieldNames?: string[]
  formHosts?: string[]
  version?: string
  versions?: Record<string, string>
  numbers?: string
  implies?: string[]
  strong?: number
}

const RULES = data.rules as Rule[]
const WITH_HOST = /^[a-z0-9-]+(?:\.[a-z0-9-]+)+\//
const WORDPRESS_PART = /^\/wp-content\/(?:plugins|themes)\/[^/]+\/$/
const PLATFORM =
  /^(?:cms|ecommerce|builder|page-builder|wordpress-plugin|wordpress-theme|static-generator|framework)$/

export type UrlLiteral = {
  rule: Rule
  literal: string
  withHost: boolean
  platform: boolean
  isPart: boolean
}
export type PatternRule = { rule: Rule; pattern: RegExp | null }

export const RULE_BY_NAME = new Map(RULES.map((rule) => [rule.name, rule]))
export const HEADER_RULES = patternRules((rule) => rule.headers)
export const META_RULES = patternRules((rule) => rule.meta)
export const VERSION_PATTERNS = new Map(
  RULES.filter((rule) => rule.version).map((rule) => [rule.name, new RegExp(rule.version!, 'i')]),
)
export const NUMBERS = new Map(
  RULES.filter((rule) => rule.numbers).map((rule) => [rule.name, new RegExp(rule.numbers!)]),
)
export const URL_LITERALS: UrlLiteral[] = RULES.flatMap((rule) =>
  (rule.urls ?? []).map((written) => {
    const literal = written.toLowerCase()
    const isPart = WORDPRESS_PART.test(literal)
    return {
      rule,
      literal,
      withHost: WITH_HOST.test(literal),
      platform: PLATFORM.test(rule.category),
      isPart,
    }
  }),
)
export const INLINE_LITERALS = literals((rule) => rule.inline)
export const COMMENT_LITERALS = literals((rule) => rule.comments)
export const BANNER_LITERALS = literals((rule) => rule.banners)
export const HOSTS = indexBy((rule) => rule.hosts)
export const MARKS = indexBy((rule) => rule.marks)
export const SHAPES = RULES.flatMap((rule) =>
  Object.entries(rule.shapes ?? {}).map(([form, least]) => ({ rule, form: new RegExp(form), least })),
)
export const BOOKING_HOSTS = indexBy((rule) =>
  /^(?:booking|ticketing)$/.test(rule.category) ? rule.hosts : [],
)
export const FIELDS = indexBy((rule) => rule.fieldNames)
export const FORM_HOSTS = indexBy((rule) => rule.formHosts)
export const COOKIES = literals((rule) => rule.cookies)

function literals(pick: (rule: Rule) => string[] | undefined): { rule: Rule; literal: string }[] {
  return RULES.flatMap((rule) => (pick(rule) ?? []).map((literal) => ({ rule, literal })))
}

function patternRules(pick: (rule: Rule) => Record<string, string> | undefined): Map<string, PatternRule[]> {
  const map = new Map<string, PatternRule[]>()
  for (const rule of RULES) {
    for (const [name, pattern] of Object.entries(pick(rule) ?? {})) {
      const list = map.get(name) ?? []
      list.push({ rule, pattern: pattern === '' ? null : new RegExp(pattern, 'i') })
      map.set(name, list)
    }
  }
  return map
}

function indexBy(pick: (rule: Rule) => string[] | undefined): Map<string, Rule[]> {
  const map = new Map<string, Rule[]>()
  for (const rule of RULES) for (const key of pick(rule) ?? []) map.set(key, [...(map.get(key) ?? []), rule])
  return map
}

/** The rules of a host and of the domains above it. */
export function rulesOfHost(index: Map<string, Rule[]>, host: string): Rule[] {
  const found: Rule[] = []
  let rest = host
  while (rest.includes('.')) {
    found.push(...(index.get(rest) ?? []))
    rest = rest.slice(rest.indexOf('.') + 1)
  }
  return found
}
