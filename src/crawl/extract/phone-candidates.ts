import type { CountryCode } from 'libphonenumber-js/max'
import type { PageView } from './page-view.ts'
import { SAYS_ABROAD } from './word-spots.ts'

/** Between groups: space, dot, dash, slash, underscore, at most three. */
export const S = String.raw`[ .\-‐‑‒–—−_/·•]{0,3}`
const INTERNATIONAL = String.raw`(?:\+|00)[ .]?\d{1,3}\)?${S}(?:[([]0[)\]]|\(\d{1,4}\))?(?:${S}\d){6,12}`
/** A French number in any usual grouping, or an international one after + or 00. */
const FRENCH = String.raw`\(?\+?33\)?${S}(?:\(0\))?(?:${S}\d){9}|\(?0\)?[ .-]?[1-9]\)?(?:${S}\d){8}|O[1-9](?:[ .-]\d\d){4}`
const AMERICAN = String.raw`(?:1[ .-])?\(?[2-9]\d{2}\)?[ .-]{1,2}\d{3}[ .-]\d{4}`

/** How people write numbers at home, by the suffix of the site. */
const NATIONAL: Record<string, { region: CountryCode; pattern: string }> = {
  be: { region: 'BE', pattern: String.raw`\(?0\d{1,3}\)?(?:${S}\d){6,8}` },
  ch: { region: 'CH', pattern: String.raw`\(?0\d{2}\)?(?:${S}\d){7}` },
  de: { region: 'DE', pattern: String.raw`\(?0 ?\d(?: ?\d){1,3}\)?(?:${S}\d){4,8}` },
  at: { region: 'AT', pattern: String.raw`\(?0 ?\d(?: ?\d){1,3}\)?(?:${S}\d){4,9}` },
  lu: { region: 'LU', pattern: String.raw`6[269]1[ .-]\d{3}[ .-]\d{3}|[2-9]\d(?:[ .-]?\d{2}){2,4}` },
  mc: { region: 'MC', pattern: String.raw`[3-9]\d(?:[ .-]?\d{2}){3,4}` },
  pf: { region: 'PF', pattern: String.raw`[48]\d(?:[ .]?\d{2}){3}` },
  nc: { region: 'NC', pattern: String.raw`[2-57-9]\d[ .]?\d{2}[ .]?\d{2}` },
  uk: { region: 'GB', pattern: String.raw`\(?0\d{2,4}\)?(?:[ -]?\d{2,4}){2,3}` },
  ie: { region: 'IE', pattern: String.raw`\(?0\d{1,2}\)?(?:[ -]?\d{3,4}){2}` },
  nl: { region: 'NL', pattern: String.raw`\(?0\d{1,3}\)?[ -]{0,3}\d{2,8}(?: ?\d{2,4}){0,3}` },
  es: { region: 'ES', pattern: String.raw`[6-9]\d{1,2}(?:[ .-]?\d{2,3}){2,4}` },
  pt: { region: 'PT', pattern: String.raw`[29]\d{1,2}(?:[ .]?\d{2,3}){2,4}` },
  it: {
    region: 'IT',
    pattern: String.raw`\(?0\d{1,3}\)?[ ./-]{0,3}\d{2,8}(?:[ .-]?\d{2,4}){0,3}|3\d{2}[ ./-]?\d{2,3}(?:[ .-]?\d{2,4}){1,2}`,
  },
  ca: { region: 'CA', pattern: AMERICAN },
  quebec: { region: 'CA', pattern: AMERICAN },
  us: { region: 'US', pattern: AMERICAN },
  ma: { region: 'MA', pattern: String.raw`0[5-8](?:${S}\d){8}` },
  dz: { region: 'DZ', pattern: String.raw`0[2-7](?:${S}\d){7,8}` },
  tn: { region: 'TN', pattern: String.raw`[2-79]\d(?:[ .]?\d{3}){2}` },
  sn: { region: 'SN', pattern: String.raw`[37]\d(?:[ .]?\d{2,3}){3}` },
  ci: { region: 'CI', pattern: String.raw`(?:0[157]|2[157])(?:[ .-]?\d{2}){4}` },
  ad: { region: 'AD', pattern: String.raw`[3-9]\d{2}[ .]?\d{3}` },
}
/** Countries of pages under a suffix of no country, by their language; English says nothing, it is what templates
 *  come with. */
const BY_LANGUAGE: Record<string, string> = { de: 'de', it: 'it', es: 'es', pt: 'pt', nl: 'nl', ca: 'es' }

export type Country = { region: CountryCode; candidates: RegExp }

/** A French number in its most usual forms, which are looked for on sites of every country. */
const FRENCH_FORM = String.raw`0[1-9](?:[ .-]\d{2}){4}|0 ?8\d{2}(?:[ .]\d{3}){2}|0 ?8\d{2}(?:[ .]\d{2}){3}`
const WHOLE_FRENCH_FORM = new RegExp(`^(?:${FRENCH_FORM})$`)

export const isFrenchForm = (raw: string): boolean => WHOLE_FRENCH_FORM.test(raw)

const FRANCE: Country = { region: 'FR', candidates: new RegExp(`${INTERNATIONAL}|${FRENCH}`, 'g') }
const COUNTRIES = new Map(
  Object.entries(NATIONAL).map(([suffix, { region, pattern }]) => [
    suffix,
    { region, candidates: new RegExp(`${INTERNATIONAL}|${FRENCH_FORM}|${pattern}`, 'g') },
  ]),
)

/** The country whose way of writing numbers a page follows: that of its site's suffix or, under a suffix of none,
 *  that of its language; else France. */
export function countryOf(view: PageView): Country {
  const suffix = /\.([a-z]{2,})(?::\d+)?$/.exec(view.siteHost)?.[1] ?? ''
  const known = COUNTRIES.get(suffix)
  if (known || (suffix.length === 2 && suffix !== 'eu' && suffix !== 'io')) return known ?? FRANCE
  const [language = '', place = ''] = (view.lang ?? '').toLowerCase().split(/[-_]/)
  if (language === 'en') return FRANCE
  const home = language === 'fr' ? place : COUNTRIES.has(place) ? place : (BY_LANGUAGE[language] ?? '')
  return COUNTRIES.get(home) ?? FRANCE
}

const MAX_PLACES = 100
const AFTER_PLACE = 70
const PLACES: [RegExp, string][] = (
  [
    ['be', 'Belgique|Belgium|Belgi[ëe]|Bruxelles'],
    ['ch', 'Suisse|Switzerland|Schweiz|Gen[èe]ve|Lausanne'],
    ['lu', 'Luxembourg'],
    ['de', 'Allemagne|Deutschland|Germany'],
    ['it', 'Italie|Italia|Italy'],
    ['es', 'Espagne|Espa[ñn]a|Spain'],
    ['uk', 'Royaume-Uni|United Kingdom|Londres|London'],
    ['ca', 'Canada|Qu[ée]bec|Montr[ée]al'],
  ] as const
).map(([suffix, names]) => [new RegExp(`(?<![\\p{L}-])(?:${names})(?!\\p{L})`, 'gu'), suffix])

/** Numbers that stand after the name of a country or town abroad, on its line, as they are written there. */
export function* nationalNumbersAbroad({
  text,
  hints,
}: PageView): Generator<{ start: number; raw: string; region: CountryCode }> {
  if (!(hints & SAYS_ABROAD)) return
  for (const [names, suffix] of PLACES) {
    const { region, pattern } = NATIONAL[suffix]!
    const number = new RegExp(`(?<![\\d+.,/-])(?:${pattern})`)
    let places = 0
    for (const match of text.matchAll(names)) {
      if (++places > MAX_PLACES) break
      const from = match.index + match[0].length
      const window = text.slice(from, from + AFTER_PLACE).split('\n')[0]!
      const found = number.exec(window)
      if (found && !/\+|00 ?\d\d/.test(window.slice(0, found.index)))
        yield { start: from + found.index, raw: found[0], region }
    }
  }
}

/** True when the grouping alone shows that a national number of another country is one. */
export function isConvincing(raw: string, region: CountryCode): boolean {
  const groups = raw.match(/\d+/g) ?? []
  const digits = groups.join('').length
  if (region === 'CA' || region === 'US')
    return (/\)|-/.test(raw) || /\d{3}\.\d{3}\.\d{4}/.test(raw)) && digits >= 10
  if (region === 'ES' || region === 'PT') return digits === 9 && groups.length >= 3 && /[ .]/.test(raw)
  if (region === 'LU') return /^6[269]1[ .-]\d{3}[ .-]\d{3}$/.test(raw)
  if (region === 'IT' && /^3\d\d[ ./-]/.test(raw)) return digits === 9 || digits === 10
  if (region === 'BE' || region === 'CH' || region === 'DE')
    return /^0\d{2,3}[ /.]|^\(0\d{2,4}\) ?\d|^0\d{2,4} ?\/ ?\d/.test(raw)
  return /^\(?0\d{1,4}\)?[ /.-]/.test(raw) && digits >= 9
}
