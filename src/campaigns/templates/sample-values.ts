import { formatNumber, type Locale } from '#src/lib/i18n.ts'
import type { Values } from './values.ts'
import { findingFields, findingNames, variables, type Variable } from './variables.ts'

const MAX_SAMPLE = 80

/** A variable for the picker: what to write, and what it says for the company chosen. */
export type PickedVariable = Variable & { insert: string; sample: string }

/** Every variable with its value for one recipient, and the way to write it that is always right. */
export const sampleValues = ({ scope }: Values, locale: Locale): PickedVariable[] =>
  variables.map((variable) => ({
    ...variable,
    insert: insertOf(variable, locale),
    sample: sampleOf(scope[variable.name], locale),
  }))

const insertOf = ({ name, always, list, flag }: Variable, locale: Locale): string => {
  if (flag) return `{% if ${name} %}…{% endif %}`
  if (name === 'tags') return '{{ tags | join: ", " }}'
  if (name === 'worst') return '{% if worst %}{{ worst.title }}{% endif %}'
  if (list) return `{% for point in ${name} limit: 3 %}{{ point.title }}{% endfor %}`
  if (always) return `{{ ${name} }}`
  return `{{ ${name} | default: "${locale === 'fr' ? 'à défaut' : 'otherwise'}" }}`
}

const sampleOf = (value: unknown, locale: Locale): string => {
  if (value === null || value === undefined) return ''
  if (typeof value === 'boolean') return locale === 'fr' ? (value ? 'vrai' : 'faux') : String(value)
  if (typeof value === 'number') return formatNumber(locale, value)
  if (Array.isArray(value)) return shorten(value.map((one) => sampleOf(one, locale)).join(' · '))
  if (typeof value === 'object') return shorten(String((value as { title?: unknown }).title ?? ''))
  return shorten(String(value))
}

const shorten = (text: string): string => (text.length > MAX_SAMPLE ? `${text.slice(0, MAX_SAMPLE)}…` : text)

/** Names of the findings one can ask for (`finding.NAME`) and the fields that each has. */
export const findingHelp = { names: findingNames, fields: findingFields }
