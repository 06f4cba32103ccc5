import { catalogue, type Locale } from '#src/lib/i18n.ts'

/** Why a row was not imported. */
export const rejectReasons = catalogue({
  fr: {
    no_name: 'Il manque le nom de l’entreprise.',
    unreadable: 'La ligne n’a pas pu être lue.',
  },
  en: {
    no_name: 'The company’s name is missing.',
    unreadable: 'The row could not be read.',
  },
})

export const rejectReasonText = (locale: Locale, code: string): string => {
  const texts: Record<string, string> = rejectReasons(locale)
  return texts[code] ?? code
}
