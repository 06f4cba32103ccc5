import { getCountries } from 'libphonenumber-js/max'
import { foldText } from './company-key.ts'

const OTHER_NAMES: Record<string, string> = {
  uk: 'GB',
  angleterre: 'GB',
  england: 'GB',
  'great britain': 'GB',
  'grande bretagne': 'GB',
  ecosse: 'GB',
  scotland: 'GB',
  usa: 'US',
  'etats unis d amerique': 'US',
  'united states of america': 'US',
  hollande: 'NL',
  holland: 'NL',
  deutschland: 'DE',
  espana: 'ES',
  italia: 'IT',
  schweiz: 'CH',
  suiza: 'CH',
  belgie: 'BE',
  'czech republic': 'CZ',
  'republique tcheque': 'CZ',
  'france metropolitaine': 'FR',
  fra: 'FR',
  bel: 'BE',
  che: 'CH',
  lux: 'LU',
  deu: 'DE',
  esp: 'ES',
  ita: 'IT',
  gbr: 'GB',
  reunion: 'RE',
}

let codes: Map<string, string> | undefined

const readNames = (): Map<string, string> => {
  const names = new Map(Object.entries(OTHER_NAMES))
  for (const language of ['en', 'fr']) {
    const display = new Intl.DisplayNames(language, { type: 'region' })
    for (const code of getCountries()) names.set(foldText(display.of(code) ?? code), code)
  }
  for (const code of getCountries()) names.set(code.toLowerCase(), code)
  return names
}

/** The ISO 3166 code of a country written as a code or by its French or English name; null when unknown. */
export const countryCode = (country: string): string | null =>
  (codes ??= readNames()).get(foldText(country)) ?? null
