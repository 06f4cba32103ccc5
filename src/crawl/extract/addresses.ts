import type { AddressFact } from '../site-record.ts'
import { addressesWithCodeLast, FOUR_DIGITS, foreignStreetAtEnd } from './addresses-abroad.ts'
import { isForeignPath, type JsonLdNode, textOf } from './json-ld.ts'
import {
  ABOUT_CREDIT,
  ABOUT_HOST,
  ABOUT_OTHERS,
  flagsAt,
  IN_FOOTER,
  IN_NAV,
  IN_QUOTE,
  lineAt,
  oneLine,
  type PageView,
  snippetAround,
} from './page-view.ts'
import { houseNamer } from './named-houses.ts'
import type { PageAddress, PagePurpose } from './parsed-page.ts'
import { othersNamer, siteName } from './whose-contact.ts'
import { countryOf as countryOfPage } from './phone-candidates.ts'

const MAX_ADDRESSES = 60
const MAX_CANDIDATES = 1_000
const MAX_BRACKETS = 100
const MAX_BEFORE = 200
const MAX_LINES_BACK = 3

const STREET_TYPE = String.raw`(?:rue|r\.|avenue|av\.?|ave\.?|boulevard|boul\.?|blvd|bld|bd\.?|place|pl\.?|chemin|che?m?\.|all[ée]es?|all\.|impasse|imp\.|route|rte\.?|quai|cours|square|sq\.?|faubourg|fbg?\.?|passage|ruelle|sentier|voie|rond[ -]point|esplanade|promenade|parvis|mail|villa|cit[ée]|mont[ée]e|c[ôo]te|traverse|venelle|levée|sente|grande[ -]rue|grand['’ -]?rue|hameau|lotissement|r[ée]sidence|chauss[ée]e|galerie|clos|cour|pont|port|rampe|degr[ée]s|carrefour|parc|zone|z\.?a\.?c?\.?e?\.?|z\.?i\.?|domaine|quartier|lieu[- ]dit|espace|centre|b[âa]timent|b[âa]t\.?|immeuble|in der|am|straße|strasse)`
const NUMBERED = new RegExp(
  String.raw`(?:^|[\s,:;(–-])(\d{1,4}(?:\s?(?:[-/&à]|et)\s?\d{1,4})?\s?(?:bis|ter|quater|[A-Da-d](?=[\s,]))?\s?,?\s?(?:(?:${STREET_TYPE})(?=[\s'’.])\s?[^\n|;•()]{2,80}|grande?['’ -]?rue))$`,
  'iu',
)
const UNNUMBERED = new RegExp(
  String.raw`(?:^|[\s,:;(–-])((?:Z\.?A\.?C?\.?E?\.?|Z\.?I\.?|zone (?:artisanale|industrielle|commerciale|d['’]activit[ée]s?)|parc d['’]activit[ée]s?|centre commercial|lieu[- ]?dit|le bourg|hameau|lotissement|route|rue|avenue|place|chemin|quai|boulevard|all[ée]e|impasse|promenade|section|anse|morne|habitation|plage|gare|mairie|sentes?|sentier|esplanade|parvis|manoir|abbaye|carrefour|quatre chemins|col|pont|port|a[ée]rodrome|a[ée]roport|stade|base nautique|presqu['’][îi]le|[îi]le|quartier|maison (?:des|de la|du|de l)|p[ôo]le|cours|mont[ée]e|clos|square|faubourg|centre|grande?['’ -]?rue|r[ée]sidence|domaine|ferme|moulin|ch[âa]teau|technop[ôo]le|BP|CS)(?:[\s'’.][^\n|;•()]{1,70})?)$`,
  'iu',
)
const CITY_WORD = String.raw`(?:\p{Lu}[\p{L}'’]*|[ldLD]['’]\p{Lu}\p{L}*)`
const LINK_WORD = String.raw`(?:sur|sous|en|de|du|des|la|le|les|lès|lez|aux?|et|d|l|à|saint|sainte)`
const POSTCODE_CITY = new RegExp(
  String.raw`(?<![\d\p{L}]|\p{L}-)(?:(?:F|FR|L|B|CH|D|A|I|E|NL)[ -]{0,3})?(\d{2} ?\d{3}|\d{4,5})(?:[\s,]{1,3}|\s[-–]\s)(?!(?:CH|FR?|AT?|BE?|LU?|DE?)[ -]{1,3}\d)((?:S(?:ain)?te?\. ?)?${CITY_WORD}(?:[ \-'’](?:${LINK_WORD}[ \-'’])*${CITY_WORD}){0,5}(?:[\s-]+(?:cedex|CEDEX|Cedex)(?:[\s-]*\d{1,2})?|[ ]\d{1,2}(?:e|er|ème)?(?![\d\p{L}]|[ .\n-]\d))?)`,
  'gu',
)
const PRICE_OF_A_HOUSE = /(?<!\d)\d{2,3}[  .'’]\d{3} ?(?:€|EUR|CHF)/
const LINES_OF_OFFER = 2
const MAX_OFFER = 400
const NOT_CITY =
  /^(?:euros?|eur|clients?|m2|km|ans?|heures?|t[ée]l|telefon|telefax|horario|uhr|fax|siret|rcs|habitants?|[àa]|en|et|de|du|depuis|copyright|tous|all|mentions|janvier|f[ée]vrier|mars|avril|mai|juin|juillet|ao[ûu]t|septembre|octobre|novembre|d[ée]cembre|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|tva|ape|naf|cedex|email|e-mail|mail|mobile|contact|france|nous|vos|nos|capital|produits?|photos?)$/i

/** Postal addresses of a page: JSON-LD, microdata (given in `structured`) and French address lines. */
export function extractAddresses(
  view: PageView,
  jsonLd: JsonLdNode[],
  structured: Omit<AddressFact, 'pageUrl'>[],
  purpose: PagePurpose,
): PageAddress[] {
  const facts: PageAddress[] = []
  const keep = (fact: PageAddress): void => {
    const same = facts.find((known) => sameAddress(known, fact))
    if (!same) {
      if (facts.length < MAX_ADDRESSES) facts.push(fact)
      return
    }
    if (!same.doubted || !fact.doubted) {
      delete same.doubted
      delete fact.doubted
    }
    if (fact.confidence > same.confidence && (fact.street || !same.street)) Object.assign(same, fact)
    else if (!same.street && fact.street) Object.assign(same, fact)
  }
  for (const node of jsonLd) {
    const fact =
      node.types.includes('PostalAddress') && !isForeignPath(node.path) ? fromJsonLd(node, view) : null
    if (fact) keep(fact)
  }
  for (const found of structured) keep({ ...found, pageUrl: view.url })
  for (const fact of fromText(view, purpose)) keep(fact)
  for (const fact of fromBrackets(view, purpose)) keep(fact)
  for (const fact of addressesWithCodeLast(view)) keep(fact)
  return facts
}

function fromJsonLd(node: JsonLdNode, view: PageView): AddressFact | null {
  const street = textOf(node.value.streetAddress)
  const postalCode = textOf(node.value.postalCode)?.replace(/^(?:FR?|L|B|CH)-\s?/, '') ?? null
  const city = textOf(node.value.addressLocality)
  if (!postalCode && !(street && city)) return null
  return {
    street,
    postalCode,
    city,
    country: textOf(node.value.addressCountry) ?? countryOf(postalCode),
    pageUrl: view.url,
    method: 'json-ld',
    snippet: oneLine([street, postalCode, city].filter(Boolean).join(', ')),
    confidence: 0.95,
  }
}

function* fromText(view: PageView, purpose: PagePurpose): Generator<PageAddress> {
  const { text, lines } = view
  const { region } = countryOfPage(view)
  const country = region === 'FR' || region === 'MC' ? null : region
  const ofOthers = othersNamer(view)
  const namesHouse = houseNamer(view)
  const nameOfSite = (): string => (name ??= siteName(view))
  let name: string | null = null
  let lineIndex = 0
  let candidates = 0
  for (const match of text.matchAll(POSTCODE_CITY)) {
    while (lineIndex + 1 < lines.length && lines[lineIndex + 1]!.start <= match.index) lineIndex++
    const line = lines[lineIndex]!
    if (flagsAt(view, match.index) & (ABOUT_HOST | ABOUT_CREDIT | ABOUT_OTHERS | IN_QUOTE)) continue
    if (++candidates > MAX_CANDIDATES) return
    const postalCode = match[1]!.replace(' ', '')
    const city = cleanCity(match[2]!)
    if (!city || !isPostcode(postalCode, match[0], region)) continue
    const position = match.index - line.start
    const before = line.text.slice(Math.max(0, position - MAX_BEFORE), position)
    const found = streetBefore(before, view, lineIndex, country !== null)
    if (!found.street) found.street = hamletBefore(before, view, lineIndex, nameOfSite)
    const start = found.start ?? match.index
    const alone = before.trim() === '' && line.text.length < match[0].length + 14
    const labelled = /(?:adresse|si[èe]ge(?: social)?|situ[ée]e?s?|domicili[ée]e?|[àa]|,|-|–|:)\s*$/i.test(
      before,
    )
    const expected = purpose === 'contact' || purpose === 'legal' || (line.flags & IN_FOOTER) !== 0
    if (!found.street && !(expected && (alone || (labelled && postalCode.length === 5)))) continue
    if (postalCode.length === 4 && !found.street) continue
    const street = found.street ? text.indexOf(found.street.split(', ')[0]!, start) : -1
    const from = street >= 0 && street < match.index ? street : match.index
    if (ofOthers(from, match.index + match[0].length)) continue
    yield {
      street: found.street,
      postalCode,
      city,
      country: country ?? countryOf(postalCode),
      pageUrl: view.url,
      method: 'text',
      snippet: snippetAround(view, start, match.index + match[0].length),
      confidence: found.street ? (purpose === 'contact' || purpose === 'legal' ? 0.9 : 0.85) : 0.6,
      ...(namesHouse(from, true) || (purpose === 'other' && isForSale(view, lineIndex))
        ? { doubted: true }
        : {}),
    }
  }
}

/** "Réf. 1207 – 285 000 €. 7 rue Carnot, 89500 Villeneuve": what is sold stands there, not who sells it. */
function isForSale({ lines }: PageView, index: number): boolean {
  return lines.slice(Math.max(0, index - LINES_OF_OFFER), index + 1).some(({ text }) => {
    const said = text.slice(0, MAX_OFFER)
    return PRICE_OF_A_HOUSE.test(said) && !/capital/i.test(said)
  })
}

const CODE_IN_BRACKETS = /\((\d{5})\)/g
const CITY_AT_END = new RegExp(
  String.raw`(?<![\p{L}'’-])(${CITY_WORD}(?:[ -](?:${LINK_WORD}[ -])*${CITY_WORD}){0,4}) ?$`,
  'u',
)

/** "3, rue Bourgneuf – BAYONNE (64100)", "11 bis rue de la Gare à Mutzig (67190)" */
function* fromBrackets(view: PageView, purpose: PagePurpose): Generator<AddressFact> {
  if (countryOfPage(view).region !== 'FR') return
  const ofOthers = othersNamer(view)
  let candidates = 0
  for (const match of view.text.matchAll(CODE_IN_BRACKETS)) {
    if (++candidates > MAX_BRACKETS) return
    if (flagsAt(view, match.index) & (ABOUT_HOST | ABOUT_CREDIT | ABOUT_OTHERS | IN_QUOTE)) continue
    const line = view.lines[lineAt(view, match.index)]!
    const said = line.text.slice(0, match.index - line.start).slice(-MAX_BEFORE)
    const named = CITY_AT_END.exec(said.slice(-70))?.[1]?.split(' à ').at(-1)
    const city = named ? cleanCity(named) : null
    if (!named || !city || !isPostcode(match[1]!, match[0], 'FR')) continue
    const before = said.slice(0, said.lastIndexOf(named))
    const street = streetAtEnd(before.replace(/(?:[\s,–—-]|\s(?:à|a|in))+$/u, ''), false)
    if (!street || !/^\d/.test(street)) continue
    const start = match.index - named.length - street.length - 2
    const end = match.index + match[0].length
    if (ofOthers(start, end)) continue
    yield {
      street,
      postalCode: match[1]!,
      city,
      country: 'FR',
      pageUrl: view.url,
      method: 'text',
      snippet: snippetAround(view, Math.max(line.start, start), end),
      confidence: purpose === 'contact' || purpose === 'legal' ? 0.9 : 0.85,
    }
  }
}

/** The street that ends right before the postcode, on its line or on one of the lines above. */
function streetBefore(
  before: string,
  view: PageView,
  lineIndex: number,
  abroad: boolean,
): { street: string | null; start: number | null } {
  const trimmed = before
    .replace(/[\s,;:(\-–|•·]+$/, '')
    // "2 place de la Mairie (BP 7), 76340 …"
    .replace(/,?\s?\((?:BP|CS|TSA)[ \d]{1,8}\)$/i, '')
  const sameLine = streetAtEnd(trimmed, abroad)
  if (sameLine) return { street: sameLine, start: view.lines[lineIndex]!.start }
  if (trimmed !== '' && !/^(?:F|FR)$/.test(trimmed) && trimmed.length > 25)
    return { street: null, start: null }
  for (let back = 1; back <= MAX_LINES_BACK && lineIndex - back >= 0; back++) {
    const line = view.lines[lineIndex - back]!
    if (line.text.length > 160) break
    const street = streetAtEnd(line.text.replace(/[\s,;:(\-–|•·]+$/, ''), abroad)
    if (street) {
      const above = view.lines[lineIndex - back - 1]?.text ?? ''
      const needsNumber = /^(?:BP|CS)\b/i.test(street) && back < MAX_LINES_BACK
      const full = needsNumber ? streetAtEnd(above, abroad) : null
      return { street: full ? `${full}, ${street}` : street, start: line.start }
    }
    // Building, floor or box number lines stand between street and city; anything else ends the search.
    if (
      !/^(?:b[âa]t|bp|cs|[ée]tage|immeuble|r[ée]sidence|esc|porte|appt|case postale|postfach|postbus|france$|z\.?[ai])/i.test(
        line.text,
      )
    )
      break
  }
  return { street: null, start: null }
}

/** Names of hamlets and farms, which need no number */
const HAMLET =
  /^(?:(?:au |aux )?(?:Ker[\p{L}]+|Le|La|Les|L['’]|Mas|Moulin|Ferme|Hameau|Lieu|Coat|Puech|Pech|Quartier|Ch[âa]teau|Manoir|Domaine|Grand|Petit|Haut|Bas|Bois|Col|Gare|Chalet|Villa|Maison|Prieur[ée]|Abbaye)(?=[\s'’\p{Lu}]|$)[\p{L}'’ -]{0,40})$/u

/** "Kerbiriou Vihan" above "29120 Plomeur": a name of a place that is not the company's own. */
function hamletBefore(
  before: string,
  view: PageView,
  lineIndex: number,
  nameOfSite: () => string,
): string | null {
  const here = before.replace(/[\s,;–-]+$/, '')
  const text = here === '' ? (view.lines[lineIndex - 1]?.text ?? '') : here
  const place = text
    .split(/,\s|\s[–-]\s|:\s/)
    .at(-1)!
    .trim()
  if (here === '' && (view.lines[lineIndex - 1]?.flags ?? 0) & IN_NAV) return null
  if (place.length < 4 || place.length > 44 || !HAMLET.test(place)) return null
  if (place.startsWith('Ker')) return place
  return nameOfSite().includes(place.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()) ? null : place
}

const HOUSE = /((?:Maison|Villa|R[ée]sidence|Ferme|Mas|Manoir|Immeuble) [^,–|;]{2,40}),\s$/u
/** "dont le siège est situé Kerlann, 56160 Ploërdut" */
const PLACED =
  /(?:si[èe]ge(?: social)?(?: est)?(?: situ[ée])?|situ[ée]e?s?|adresse|sise?|domicili[ée]e?|courrier)(?: à| au| aux)?\s?:?\s?(\p{Lu}[^,.;:\n|]{2,50})$/u

function streetAtEnd(text: string, abroad: boolean): string | null {
  const tail = text.slice(-130)
  const numbered = NUMBERED.exec(tail)
  if (abroad && !numbered) return foreignStreetAtEnd(tail)
  const match = numbered ?? UNNUMBERED.exec(tail) ?? PLACED.exec(tail)
  if (!match) return null
  let street = match[1]!
  // "Le Haut Chemin" whole, not its last word
  if (!numbered && !/[\s'’]/.test(street) && /^\p{Lu}[\p{L}'’ -]{4,38}$/u.test(tail)) street = tail
  // "Maison Etxe Zaharra, quartier Lehenbiscay"
  const house = numbered ? null : HOUSE.exec(tail.slice(0, tail.length - street.length))
  if (house && /^(?:quartier|hameau|lieu)/i.test(street)) street = `${house[1]!}, ${street}`
  // "place when asked" is no street: without a number the name must be capitalised.
  if (!numbered && !/\s\S*\p{Lu}|^\p{Lu}/u.test(street)) return null
  // The pattern starts at the earliest number: "5 ans … 12 rue" must start at 12.
  const later =
    /(?:^|.*[\s,:–-])(\d{1,4}(?:\s?(?:bis|ter|quater|[A-D]))?,?\s(?:rue|avenue|boulevard|place|chemin|all[ée]e|impasse|route|quai)\s.+)$/i.exec(
      street,
    )
  if (later && !/^\d/.test(street)) street = later[1]!
  street = street
    .replace(/\s+/g, ' ')
    .replace(/[\s,;:–-]+$/, '')
    .trim()
  return street.length >= 4 && street.length <= 120 && !/[@?!]/.test(street) ? street : null
}

function cleanCity(raw: string): string | null {
  const city = raw
    .replace(/\s+(?:T[ée]l|Tel|Fax|France|FRANCE|Siret|SIRET|RCS|Mobile|Email|Contact)\b.*$/, '')
    .trim()
  const first = city.split(/[\s]/)[0]!
  if (NOT_CITY.test(first) || city.length < 2 || city.length > 60) return null
  return city
}

function isPostcode(code: string, whole: string, region: string): boolean {
  if (code.length === 4) return /^(?:L|B|CH|A)[ -]/.test(whole) || FOUR_DIGITS.has(region as 'BE')
  if (region !== 'FR') return true
  const department = Number(code.slice(0, 2))
  return (department >= 1 && department <= 95) || /^97[1-8]|^98[0-9]/.test(code)
}

const countryOf = (postalCode: string | null): string | null =>
  postalCode && /^\d{5}$/.test(postalCode) ? (postalCode.startsWith('980') ? 'MC' : 'FR') : null

export function sameAddress(a: Pick<AddressFact, 'street' | 'postalCode' | 'city'>, b: typeof a): boolean {
  if (a.postalCode !== b.postalCode) return false
  if (!a.street || !b.street) return key(a.city) === key(b.city)
  return key(a.street) === key(b.street)
}

const key = (text: string | null): string =>
  (text ?? '')
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/\bav(?:e|\.)?\b/g, 'avenue')
    .replace(/\b(?:bd|bld|blvd|boul)\b\.?/g, 'boulevard')
    .replace(/\brte\b\.?/g, 'route')
    .replace(/\bpl\b\.?/g, 'place')
    .replace(/\bst\b\.?/g, 'saint')
    .replace(/[^a-z0-9]/g, '')
