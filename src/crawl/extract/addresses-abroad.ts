import type { CountryCode } from 'libphonenumber-js/max'
import type { AddressFact } from '../site-record.ts'
import {
  ABOUT_CREDIT,
  ABOUT_HOST,
  ABOUT_OTHERS,
  flagsAt,
  IN_QUOTE,
  lineAt,
  type PageView,
  snippetAround,
} from './page-view.ts'
import { countryOf } from './phone-candidates.ts'
import { othersNamer } from './whose-contact.ts'

const MAX_CANDIDATES = 200
const CONFIDENCE = 0.85

/** Countries whose postcodes have four digits, often without a sign of the country. */
export const FOUR_DIGITS = new Set<CountryCode>(['BE', 'CH', 'LU', 'AT'])

/** "Hafenstraße 19", "Avenue de la Gare 9", "Carrer de la Platja, 7", "Via Roma 12/b", "Douvieweg 7 bus 2": the number
 *  comes after the name in most countries. */
const NUMBER_LAST =
  /(?:^|[,;:|–•·(] ?|\. )(\p{L}[\p{L}\p{M}'’.\- ]{2,60}?,? ?\d{1,4} ?[a-zA-Z]?(?:[-/–] ?\d{0,4}[a-zA-Z]?)?(?:,? ?(?:bus|bte|bo[îi]te|box|bis|piso|planta|local|interno|int\.|top) ?[\dA-Za-z.º]{1,5}|,? \d{1,2}[ºªrnta]{1,2}(?: \d{1,2}[ºªa-z]{0,2})?)?)$/u
/** Roads out of town, told by the kilometre or not at all */
const ROAD =
  /(?:^|[,;:|–•·] ?)((?:Ctra\.?|Carretera|Camino|Pol(?:\.|[íi]gono) ?(?:Ind(?:ustrial|\.)?)?|Contrada|Localit[àa]|Loc\.) [^;|•·\n]{3,60})$/u
const NUMBER_WORDS =
  /^(?:T[ée]l|Case postale|C\.? ?P\.?(?= ?\d)|Postfach|Postbus|P\.? ?O\.? ?Box|Fon|Fax|Mobil|Gsm|BTW|TVA|Nr|HRB|Folio|Tomo|Hoja|§|CHE|IBAN)/iu

/** The street of a foreign address that ends a text, or null. */
export function foreignStreetAtEnd(text: string): string | null {
  const street = (NUMBER_LAST.exec(text.slice(-110)) ?? ROAD.exec(text.slice(-110)))?.[1]?.trim()
  return street && !NUMBER_WORDS.test(street) && !/[@?!]/.test(street) ? street : null
}

const CODE_LAST: Partial<Record<CountryCode, RegExp>> = {
  GB: /(?<![\p{L}\d])([A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2})(?![\p{L}\d])/gu,
  CA: /(?<![\p{L}\d])([ABCEGHJ-NPRSTVXY]\d[A-Z] ?\d[A-Z]\d)(?![\p{L}\d])/gu,
  US: /(?<=[, ][A-Z]{2} )(\d{5})(?:-\d{4})?(?!\d)/gu,
  IE: /(?<![\p{L}\d])([A-Z]\d[\dW] ?[A-Z\d]{4})(?![\p{L}\d])/gu,
}
const FOREIGN = ABOUT_HOST | ABOUT_CREDIT | ABOUT_OTHERS | IN_QUOTE

/** Addresses of countries that write the postcode after the town: the British Isles and North America. */
export function* addressesWithCodeLast(view: PageView): Generator<AddressFact> {
  const { region } = countryOf(view)
  const pattern = CODE_LAST[region]
  if (!pattern) return
  const ofOthers = othersNamer(view)
  let candidates = 0
  for (const match of view.text.matchAll(pattern)) {
    if (++candidates > MAX_CANDIDATES) return
    const end = match.index + match[0].length
    if (flagsAt(view, match.index) & FOREIGN || ofOthers(match.index, end)) continue
    const index = lineAt(view, match.index)
    const lines = view.lines.slice(Math.max(0, index - 3), index).map((line) => line.text.replace(ROOM, ''))
    const before = view.text.slice(view.lines[index]!.start, match.index)
    const parts = [...lines, ...before.split(/[,|•·]|\. /)].map((part) => part.replace(/[\s,]+$/, '').trim())
    const found = placeOf(parts.filter(Boolean))
    if (!found) continue
    yield {
      ...found,
      postalCode: match[1]!,
      country: region,
      pageUrl: view.url,
      method: 'text',
      snippet: snippetAround(view, match.index - 60, match.index + match[0].length),
      confidence: CONFIDENCE,
    }
  }
}

const NUMBERED =
  /(?:^|[:,] ?)(\d{1,5}[a-z]?(?:[-–]\d{1,4})?,? (?:\p{L}|\d+(?:st|nd|rd|th)\b)[\p{L}\d'’.\- ]{2,60})$/iu
/** ", bureau 204" */
const ROOM = /,? (?:bureau|suite|local|app(?:t|artement)?\.?|unit[ée]?|[ée]tage|floor) ?#?\w{1,5}$/i
/** "Unit 4", "Old Sawmill Yard", "Mill Lane": parts of an address without a number */
const NAMED =
  /^(?:.*: )?((?:Unit|Suite|Flat|Studio|Building|Barn|Workshop) \w{1,4}|[A-Z][\p{L}'’ -]{2,40} (?:Lane|Street|Road|Avenue|Close|Court|Way|Yard|Drive|Place|Square|Terrace|Hill|Park|Row|Mews|Crescent|Green|Walk|Farm|House|Mill|Estate|Dairy|Barn|Cottage|Hall|Lodge|Stables|Rectory|Vicarage|Forge|Granary|Bakery|Brewery|Maltings|Wharf|Quay|Works|Centre|Courtyard))$/u
/** "Northallerton, North Yorkshire, DL6 2QX": a county stands between town and code. */
const COUNTY =
  /^(?:(?:North|South|East|West|Greater|County|Co\.?) )?(?:\p{L}{3,}shire|Kent|Essex|Sussex|Surrey|Norfolk|Suffolk|Cornwall|Devon|Dorset|Somerset|Cumbria|Rutland|Durham|Merseyside|Northumberland|Middlesex|Midlands|Glamorgan|Antrim|Down|Tyrone|Cork|Kerry|Galway|Mayo|Wicklow|Kildare|Meath)$/u
const PROVINCE = /\s*(?:\((?:[\p{L}. -]{2,30})\)|\b(?:QC|Qc|ON|NB|NS|MB|SK|AB|BC|PE|NL|[A-Z]{2}))\s*$/u

/** The town is the last part before the code (a province or county aside), the street the numbered part before it. */
function placeOf(parts: string[]): { street: string; city: string } | null {
  const last = parts.map((part) => part.replace(PROVINCE, '').trim())
  while (last.length > 0 && last.at(-1) === '') last.pop()
  const above = last.at(-2) ?? ''
  const isCounty = COUNTY.test(last.at(-1) ?? '') && /^\p{Lu}[\p{L} -]{2,30}$/u.test(above)
  if (isCounty && !NAMED.test(above)) last.pop()
  for (let at = last.length - 1; at >= Math.max(0, last.length - 5); at--) {
    const whole = at > 0 && /^\d{1,5}$/.test(last[at - 1]!) ? `${last[at - 1]}, ${last[at]}` : last[at]!
    const street = NUMBERED.exec(whole)?.[1]
    const city = last[at + 1]
    if (street && city && city.length <= 40 && /^\p{Lu}/u.test(city)) return { street, city }
  }
  const street: string[] = []
  for (let at = last.length - 2; at >= 0 && NAMED.test(last[at]!); at--)
    street.unshift(NAMED.exec(last[at]!)![1]!)
  const city = last.at(-1) ?? ''
  return street.length > 0 && /^\p{Lu}[\p{L} -]{2,30}$/u.test(city)
    ? { street: street.join(', '), city }
    : null
}
