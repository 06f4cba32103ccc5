/** Typed message catalogues: one per room and language, checked complete by the compiler and by
 *  tests/i18n.test.ts. A message is a string, or a function of its values (plurals, numbers). */
export const locales = ['fr', 'en'] as const
export type Locale = (typeof locales)[number]

// oxlint-disable-next-line typescript/no-explicit-any -- a message function takes whatever its text needs
type Messages = Record<string, string | ((...values: any[]) => string)>
// oxlint-disable-next-line typescript/no-explicit-any -- as above
type SameKeys<T extends Messages> = {
  [K in keyof T]: T[K] extends (...values: infer V extends any[]) => string
    ? (...values: V) => string
    : string
}

export type Catalogue<T extends Messages> = ((locale: Locale) => SameKeys<T>) & {
  texts: { fr: T; en: SameKeys<T> }
}

/** `const messages = catalogue({ fr: {…}, en: {…} })`, then `const t = messages(page.locale)`. */
export const catalogue = <const T extends Messages>(texts: { fr: T; en: SameKeys<T> }): Catalogue<T> =>
  Object.assign((locale: Locale): SameKeys<T> => texts[locale] as SameKeys<T>, { texts })

/** One of two or three texts by number; French counts 0 and 1 as singular, English only 1. */
export const plural = (locale: Locale, count: number, one: string, many: string): string =>
  new Intl.PluralRules(locale).select(count) === 'one' ? one : many

/** With a capital, as a sentence or a label begins. */
export const capitalised = (locale: Locale, text: string): string =>
  text.charAt(0).toLocaleUpperCase(locale) + text.slice(1)

/** A label before its value: French sets a space before the colon. */
export const withColon = (locale: Locale, label: string): string =>
  locale === 'fr' ? `${label} :` : `${label}:`

/** The quotation marks of a language, for a quoted text that is more than a string. */
export const quotationMarks = (locale: Locale): { open: string; close: string } =>
  locale === 'fr' ? { open: '«\u00a0', close: '\u00a0»' } : { open: '“', close: '”' }

export const formatNumber = (locale: Locale, value: number): string =>
  new Intl.NumberFormat(locale).format(value)

export const formatDate = (locale: Locale, value: Date): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' }).format(value)

const days = {
  fr: new Intl.DateTimeFormat('fr', { dateStyle: 'long' }),
  en: new Intl.DateTimeFormat('en', { dateStyle: 'long' }),
}

/** A day in words, such as 3 mars 2026. */
export const formatDay = (locale: Locale, value: Date): string => days[locale].format(value)
