import { catalogue, formatNumber, type Locale } from './i18n.ts'

/** Values of a stored text. A value `names` that lists some of more things has `namesMore`, how many were left
 *  out, beside it. */
export type Values = Record<string, string | number>

const PLACEHOLDER = /\{(\w+)\}/g
const DAY = /^\d{4}-\d{2}-\d{2}$/

const rest = catalogue({
  fr: { more: (count: string) => ` et ${count} de plus` },
  en: { more: (count: string) => ` and ${count} more` },
})

/** `{name}` replaced by its value: numbers and ISO days as the language writes them. */
export const fillIn = (locale: Locale, template: string, values: Values): string =>
  template.replace(PLACEHOLDER, (_, name: string) => {
    const value = values[name]
    const more = values[`${name}More`]
    const tail = typeof more === 'number' ? rest(locale).more(formatNumber(locale, more)) : ''
    if (typeof value === 'number') return formatNumber(locale, value) + tail
    return value === undefined ? '?' : (DAY.test(value) ? formatDay(locale, value) : value) + tail
  })

/** The same in English with numbers and days left as computers write them. */
export const fillPlain = (template: string, values: Values): string =>
  template.replace(PLACEHOLDER, (_, name: string) => {
    const more = values[`${name}More`]
    return `${values[name] ?? '?'}${typeof more === 'number' ? rest('en').more(String(more)) : ''}`
  })

/** True when every placeholder of a template has its value. */
export const hasAll = (template: string, values: Values): boolean =>
  [...template.matchAll(PLACEHOLDER)].every(([, name = '']) => Object.hasOwn(values, name))

/** The first few of a list as the value `name`, with the number of the others beside it. */
export const listValue = (name: string, items: readonly string[], max = 3): Values =>
  items.length <= max
    ? { [name]: items.join(', ') }
    : { [name]: items.slice(0, max).join(', '), [`${name}More`]: items.length - max }

const formatDay = (locale: Locale, value: string): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(value))
