import { type CountryCode, parsePhoneNumberFromString, type PhoneNumber } from 'libphonenumber-js/max'
import type { PhoneFact } from '../site-record.ts'
import { percentDecode } from './percent-decode.ts'
import { countryOf, isConvincing, isFrenchForm, nationalNumbersAbroad, S } from './phone-candidates.ts'
import {
  ABOUT_CREDIT,
  ABOUT_HOST,
  ABOUT_OTHERS,
  IN_FOOTER,
  IN_HEADER,
  IN_QUOTE,
  flagsAt,
  lineAt,
  oneLine,
  type PageView,
  snippetAround,
  snippetOfLine,
} from './page-view.ts'
import { othersNamer } from './whose-contact.ts'
import { registrableDomain, relationToSite } from './site-identity.ts'
import { socialProfile } from './socials.ts'

const MAX_PHONES = 200
const MAX_PARSED = 2_000

/** How the ten digits of a French number are grouped when people write it. */
const GROUPINGS = new Set(
  '2-2-2-2-2 2-2-3-3 2-3-2-3 10 4-2-2-2 4-3-3 4-6 1-3-3-3 1-3-2-2-2 1-9 2-8 2-4-4 3-3-2-2 3-3-4 2-2-2-4 2-2-6 2-6-2 2-4-2-2 1-1-2-2-2-2 6-4 4-4-2 5-5 2-3-3-2'.split(
    ' ',
  ),
)
const SINGLE_DIGITS = '1-1-1-1-1-1-1-1-1-1'
/** "0-6-7-7…", "0 6 - 3 1 - 4 8…" */
const SPELLED = /^0(?:([-.]\s?)\d(?:\1\d){8}|(\s?)\d(\s?[-./]\s?)\d\2\d(?:\3\d\2\d){3})$/
/** Written with dashes and without a word before them, these are numbers of files: "02-40-47-0001". */
const GROUPINGS_OF_CODES = new Set('2-2-2-4 2-8 4-6 6-4 2-4-4 4-4-2 5-5 2-2-6 2-6-2 1-9'.split(' '))
const NUMBER_OF_SOMETHING_ELSE =
  /(?<!\p{L})(?:siret|siren|tva|vat|hrb|lot|dossier|qualibat|qualifelec|rge|d[ée]p[ôo]t l[ée]gal|tirage|loto|code|bce|kbo|rp[mr]|ondernemingsnummer|ide|uid|fn|zvr|rci|nis|cvi|accises?|sacem|uai|rne|nda|qualiopi|matricule|immatriculation|s[ée]rie|mod[èe]le|colis|suivi|tracking|devis|parcelle|certificat|zertifikat|brevet|imei|gencode|carte|duns|rbq|nir|s[ée]curit[ée] sociale|kunden-?nr|rechnung\S*|auftrag\S*|order|invoice|account|fattura|cliente|ust\S*|mwst|btw|kvk|cif|nif|p\.? ?iva|partita iva|rea|steuernummer|nr\.|citq|neq|tps|tvq|charity|registered|compan(?:y|ies) (?:no|number)\.?|registration|r\.?c\.?s\.?|iban|bic|rib|n\.?a\.?f|ape|eori|rpps|adeli|finess|orias|rna|isbn|issn|ean|gtin|r[ée]f(?:[ée]rence)?|licence|agr[ée]ment|carte pro\S*|cpi|d[ée]claration|police|contrat|capital|facture|commande|compte|n° ?(?:d['’e] ?|du )?(?:commande|client|dossier|s[ée]rie|lot|agr[ée]ment|licence|contrat|compte|facture|enregistrement|immatriculation|ordre|adh[ée]rent)|num[ée]ro d[’'e]\s?\S{3,}|sku|cp|gps|latitude|longitude)\W{0,4}(?:n°\W?|[A-Z]{1,2}\W?)?$/iu
/** "Numéro CAF :", "n° d’allocataire :" — a number that is said to be of something, of what kind is looked at. */
const NUMBER_OF =
  /(?:num[ée]ro|n°|no\.)\s?(?:(?:de|d['’]|du|des)\s?)?((?:[\p{L}.'’-]{2,24}\s?){1,3}?)\s?[:=]?\s*$/iu
/** "Annonce n° 0321-2024-17" */
const NUMBERED_THING = /(\p{L}{3,})\.? n° ?:? ?$/u
const NUMBER_TO_CALL =
  /t[ée]l|phone|vert|azur|cristal|indigo|portable|mobile|gsm|fixe|fax|appel|urgence|gratuit|direct|unique|permanence|contact|joindre|standard|accueil|ligne|bureau|cabinet|atelier|magasin|boutique|secr[ée]tariat|suivant|notre|votre|nos|utile|service|astreinte|accueil|national|whats/i
const PHONE_WORD =
  /(?:t[ée]l(?:[ée]phones?)?|phones?|vini|natel|tel[ée]f(?:on[oe]?|oon)|tel|mobil|m[óo]vil|mobiel|cell(?:ulare)?|handy|sans frais|toll[ -]free|(?:^|\s)T[.:]?|mobile|portable|gsm|fixe|appel(?:ez|er)|standard|vert|azur|call|whats ?app|urgences?|fax|joindre|num[ée]ro)\b[^\n]{0,12}$/i
const FAX = /(?:(?:\b|tele)fax|t[ée]l[ée]copi(?:e|eur)|t[ée]l[ée]c|\bF)\s*\.?\s*[:.)]?\s*$/i
const FAX_NEAR = /(?:(?:\b|tele)fax\b|t[ée]l[ée]copi)[^\d\n]{0,15}$/i
/** "T.03 87…", "Port/06 …"; "C-0387654321" is a reference. */
const SHORT_LABEL = /(?:^|[^\p{L}])(?:T|P|M|F|t[ée]l[ée]?p?h?|fax|port|mob|gsm|fixe|\p{L}{4,})[.,\-/]$/iu
const GLUED_WORD = /(?:(?<!\p{L})[TPM]|t[ée]l[ée]?|phone|fax|mobile|port|gsm|portable)$/iu
const FAX_AFTER = /^(?:\s?[([]\s?(?:fax|t[ée]l[ée]cop)(?!\s?:?\s?\.?\d)| ?fax(?:[\n)]|$))/i
const SECOND_LINE = /^ ?\/ ?(\d\d)(?![\d/:hH%]|[ .-]?\d| ?€)/
const TEL_AND_FAX = /t[ée]l\S*\s*(?:[/&,+-]|et)\s*(?:t[ée]l[ée])?(?:fax|copie)[^\d\n]{0,10}$/i

const OVERSEAS_CODE: Record<string, string> = {
  '262': '262',
  '263': '262',
  '269': '262',
  '639': '262',
  '692': '262',
  '693': '262',
  '590': '590',
  '690': '590',
  '691': '590',
  '594': '594',
  '694': '594',
  '596': '596',
  '696': '596',
  '697': '596',
}

/** Every phone number of a page, each once by its best method. */
export function extractPhones(
  view: PageView,
  structured: { value: string; method: string; snippet: string; fax: boolean }[],
): PhoneFact[] {
  const best = new Map<string, PhoneFact>()
  const keep = (fact: PhoneFact): void => {
    const known = best.get(fact.value)
    if (!known) {
      if (best.size < MAX_PHONES) best.set(fact.value, fact)
      return
    }
    // Said to be a fax anywhere on the page, unless a link invites to call it.
    const fax = known.type === 'fax' || fact.type === 'fax'
    const called = known.method === 'tel' || fact.method === 'tel'
    const better = fact.confidence > known.confidence ? fact : known
    const type =
      fax && !called
        ? 'fax'
        : better.type === 'fax'
          ? known.type === 'fax'
            ? fact.type
            : known.type
          : better.type
    const { kind: _, ...rest } = better
    const kind = known.kind && fact.kind ? known.kind : undefined
    best.set(fact.value, { ...rest, type, ...(kind ? { kind } : {}) })
  }
  const { region } = countryOf(view)
  const ofOthers = othersNamer(view)
  for (const fact of phonesInLinks(view, ofOthers)) keep(fact)
  for (const found of structured) {
    const number = parseNumber(found.value, region)
    if (!number) continue
    const type = found.fax ? 'fax' : typeOf(number)
    keep({
      value: number.number,
      raw: oneLine(found.value),
      type,
      pageUrl: view.url,
      method: found.method,
      snippet: found.snippet,
      confidence: 0.9,
    })
  }
  for (const fact of phonesInText(view, ofOthers)) keep(fact)
  if (region === 'FR') for (const fact of phonesAbroad(view, ofOthers)) if (!best.has(fact.value)) keep(fact)
  for (const fact of phonesInScripts(view)) if (!best.has(fact.value)) keep(fact)
  return [...best.values()]
}

type OfOthers = (position: number, end: number) => boolean

function* phonesInLinks(view: PageView, ofOthers: OfOthers): Generator<PhoneFact> {
  const { region } = countryOf(view)
  for (const anchor of view.anchors) {
    const href = anchor.href
    const scheme = /^\s*(tel|callto|fax|sms|phone):\/{0,2}/i.exec(href)
    const whatsapp =
      /^https?:\/\/(?:wa\.me\/|(?:api|web)\.whatsapp\.com\/send\/?\?(?:.*&)?phone=)\+?(\d{8,15})/i.exec(href)
    if (!scheme && !whatsapp) continue
    const raw = scheme ? percentDecode(href.slice(scheme[0].length)).split(/[;?]/)[0]! : `+${whatsapp![1]!}`
    const number = parseNumber(raw, region) ?? (scheme ? parseNumber(anchor.text, region) : null)
    if (!number) continue
    const line = view.lines[anchor.line]
    const shown = line ? Math.max(0, line.text.indexOf(anchor.text.slice(0, 20))) : 0
    const position = line ? line.start + shown : 0
    const kind = line
      ? (kindOf(flagsAt(view, position)) ??
        (ofOthers(position, position + anchor.text.length) ? 'thirdparty' : undefined))
      : undefined
    const label = line ? line.text.slice(0, shown) : ''
    const fax = /^\s*fax/i.test(href) || FAX_NEAR.test(label)
    yield {
      value: number.number,
      raw: oneLine(anchor.text && /\d{2}/.test(anchor.text) ? anchor.text : raw).slice(0, 60),
      type: fax ? 'fax' : typeOf(number),
      ...(kind ? { kind } : {}),
      pageUrl: view.url,
      method: whatsapp ? 'whatsapp' : 'tel',
      snippet: snippetOfLine(view, anchor.line) || raw,
      confidence: whatsapp ? 0.8 : 0.95,
    }
  }
}

const KEYED =
  /["'](?:[a-z]{0,12}[_-]?)?(?:phone|telephone|tel|mobile|fax|whatsapp)(?:_?-?number)?\\?["']\s*:\s*\\?["']([+\d(][\d .()/-]{7,20}\d)\\?["']/gi

/** `"phone": "+33 3 …"` in the data that a page carries for its scripts. */
function* phonesInScripts(view: PageView): Generator<PhoneFact> {
  const { region } = countryOf(view)
  for (const script of view.inlineScripts) {
    if (!/phone|["']tel|mobile/i.test(script)) continue
    for (const match of script.matchAll(KEYED)) {
      const number = parseNumber(match[1]!, region)
      if (!number) continue
      const type = /fax/i.test(match[0]) ? 'fax' : typeOf(number)
      const raw = oneLine(match[1]!)
      const snippet = oneLine(match[0])
      yield { value: number.number, raw, type, pageUrl: view.url, method: 'script', snippet, confidence: 0.7 }
    }
  }
}

function* phonesInText(view: PageView, ofOthers: OfOthers): Generator<PhoneFact> {
  const { text } = view
  let parsed = 0
  let previousEnd = -10
  const { region, candidates: candidate } = countryOf(view)
  candidate.lastIndex = 0
  for (let match = candidate.exec(text); match; match = candidate.exec(text)) {
    if (++parsed > MAX_PARSED) return
    const start = match.index
    let raw = match[0]
    let end = start + raw.length
    let number = raw.includes('\n') ? null : acceptable(text, start, raw, previousEnd, region)
    if (!number && /^(?:\+|00)/.test(raw)) {
      // An international number may have swallowed digits of what follows it.
      const shorter = shortenFrench(raw)
      if (shorter) {
        raw = shorter
        end = start + raw.length
        number = acceptable(text, start, raw, previousEnd, region)
      }
    }
    if (!number) {
      candidate.lastIndex = start + 1
      continue
    }
    candidate.lastIndex = end
    previousEnd = end
    const before = text.slice(Math.max(0, start - 40), start).replace(/\n/g, ' ')
    const kind =
      kindOf(flagsAt(view, start)) ??
      (besideOthers(view, start) || ofOthers(start, end) ? 'thirdparty' : undefined)
    const after = text.slice(end, end + 16)
    const fax =
      FAX_AFTER.test(after) || ((FAX.test(before) || FAX_NEAR.test(before)) && !TEL_AND_FAX.test(before))
    const labelled = PHONE_WORD.test(before) || FAX.test(before)
    yield {
      value: number.number,
      raw: oneLine(raw),
      type: fax ? 'fax' : typeOf(number),
      ...(kind ? { kind } : {}),
      pageUrl: view.url,
      method: 'text',
      snippet: snippetAround(view, start, end),
      confidence: labelled ? 0.92 : /\D/.test(raw.replace(/^\+/, '')) ? 0.88 : 0.75,
    }
    // "03 87 11 22 33 / 34": a second line of the same house.
    const tail = SECOND_LINE.exec(after)?.[1]
    const second = tail ? parseNumber(raw.replace(/\d\D?\d$/, tail)) : null
    if (second && second.number !== number.number)
      yield {
        value: second.number,
        raw: oneLine(`${raw}${after.slice(0, after.indexOf(tail!) + 2)}`),
        type: typeOf(second),
        ...(kind ? { kind } : {}),
        pageUrl: view.url,
        method: 'text',
        snippet: snippetAround(view, start, end + 6),
        confidence: 0.75,
      }
  }
}

/** "Suisse : 022 348 15 20" on a French site: written as they do there, after the name of the place. */
function* phonesAbroad(view: PageView, ofOthers: OfOthers): Generator<PhoneFact> {
  for (const { start, raw, region } of nationalNumbersAbroad(view.text)) {
    const before = view.text.slice(Math.max(0, start - 40), start).replace(/\n/g, ' ')
    const end = start + raw.length
    if (/[\d\p{L}]/u.test(view.text[end] ?? '') || NUMBER_OF_SOMETHING_ELSE.test(before)) continue
    const number = PHONE_WORD.test(before) || isConvincing(raw, region) ? parseNumber(raw, region) : null
    if (!number) continue
    const kind = kindOf(flagsAt(view, start)) ?? (ofOthers(start, end) ? 'thirdparty' : undefined)
    const fax = FAX.test(before) || FAX_NEAR.test(before)
    yield {
      value: number.number,
      raw: oneLine(raw),
      type: fax ? 'fax' : typeOf(number),
      ...(kind ? { kind } : {}),
      pageUrl: view.url,
      method: 'text',
      snippet: snippetAround(view, start, end),
      confidence: 0.75,
    }
  }
}

function acceptable(
  text: string,
  start: number,
  raw: string,
  previousEnd: number,
  region: CountryCode = 'FR',
): PhoneNumber | null {
  const end = start + raw.length
  if (/\d/.test(text[end] ?? '') || /\d/.test(text[start - 1] ?? '')) return null
  if (/\p{L}/u.test(text[start - 1] ?? '') && !GLUED_WORD.test(text.slice(Math.max(0, start - 10), start)))
    return null
  // 1.03.87…, 12/03…, ref-03…: part of a longer code
  if (
    /[\d\p{L}][.,/\-_]$/u.test(text.slice(Math.max(0, start - 2), start)) &&
    /^\d/.test(raw) &&
    start - previousEnd > 1
  ) {
    if (!SHORT_LABEL.test(text.slice(Math.max(0, start - 12), start))) return null
  }
  if (
    /^(?:[,.]\d|\s?[:hH]\s?\d|\s?(?:€|euros?\b|EUR\b|%|m²|HT\b|TTC\b)|[^\S\n]?(?:[mck]?m[²³]?|kg|g|kW|kWh|Hz|visites?|m[gl]|[cd]l|vues?|pi[èe]ces?|exemplaires?)(?![\p{L}.]))/iu.test(
      text.slice(end, end + 8),
    )
  )
    return null
  const before = text.slice(Math.max(0, start - 48), start)
  const sameLine = before.slice(before.lastIndexOf('\n') + 1)
  if (/(?:https?:|www\.)\S*$/i.test(sameLine)) return null
  const label = NUMBER_OF.exec(sameLine)?.[1]
  if (label && !NUMBER_TO_CALL.test(label)) return null
  const thing = NUMBERED_THING.exec(sameLine)?.[1]
  if (thing && !NUMBER_TO_CALL.test(thing)) return null
  const labelled = PHONE_WORD.test(before.replace(/\n/g, ' '))
  if (!labelled && NUMBER_OF_SOMETHING_ELSE.test(before.replace(/\n/g, ' '))) return null
  if (region !== 'FR' && !/^(?:\+|00)/.test(raw)) {
    if (
      isFrenchForm(raw) &&
      (NO_TRUNK_ZERO.has(region) || SAYS_FRANCE.test(sameLine) || !parseNumber(raw, region))
    )
      return isSeries(raw) ? null : parseNumber(raw)
    if (region === 'BE' && !labelled && isBelgianCompany(raw)) return null
    // Without the French grouping only a word before it tells a number from other digits.
    return labelled || isConvincing(raw, region) ? parseNumber(raw, region) : null
  }
  // 33 without + : "33 3 87 …", never the middle of "R.M. 334 762 101 88"
  if (/^\(?33\)?\d/.test(raw) && !labelled) return null
  if (raw.startsWith('0') && !raw.startsWith('00')) {
    const groups = (raw.replace(/[()]/g, '').match(/\d+/g) ?? []).map((group) => group.length).join('-')
    const spelled = groups === SINGLE_DIGITS && (labelled || SPELLED.test(raw))
    if (!labelled && isSeries(raw)) return null
    if ((!GROUPINGS.has(groups) && !spelled) || (raw.includes('/') && groups !== '2-2-2-2-2')) return null
    if (!labelled && (groups === '5-5' || (GROUPINGS_OF_CODES.has(groups) && /\d[-_/]\d/.test(raw))))
      return null
    if (!labelled && !spelled && mixesSeparators(raw) && !/^0[67]/.test(raw)) return null
    // "12/03/2024 10:00"-like runs and IBAN or card groups: digits right before or after, same spacing.
    const digitsBefore = /(\d+) ?$/.exec(sameLine)
    if (digitsBefore && start - previousEnd > 3 && !labelled) {
      const run = digitsBefore[1]!
      if (
        run.length <= 4 &&
        !/(?:\d{1,2}[/.]\d{1,2}[/.]|\d[hH:])\d+ ?$/.test(sameLine) &&
        !/^(?:19|20)\d\d$/.test(run)
      )
        return null
    }
    const after = /^ ?(\d{2,})/.exec(text.slice(end, end + 8))
    if (after && !/^0\d/.test(after[1]!) && after[1]!.length !== 5) return null
    if (/^ ?0\d(?: \d\d){0,2}(?!\d| ?\d)/.test(text.slice(end, end + 12)) && groups === '2-2-2-2-2') {
      // Twelve digits in pairs: an account number rather than a phone.
      if (!/^ ?0\d(?:[ .-]?\d\d){4}/.test(text.slice(end, end + 20))) return null
    }
  }
  return parseNumber(raw, region)
}

/** What says, on a site of another country, that the number is a French one: its name, or a French postcode. */
const SAYS_FRANCE =
  /(?<!\p{L})(?:France|Frankreich|Francia|Frankrijk|Fran[çc]a|fran[çc]\p{L}+|franz[öo]s\p{L}+|frances\p{L}*|French|FR)(?!\p{L})|(?<!\d)\d{5} \p{Lu}\p{L}+/u

/** Where no number begins with 0 at home */
const NO_TRUNK_ZERO = new Set<CountryCode>(['MC', 'LU', 'AD', 'PF', 'NC', 'ES', 'PT', 'SN', 'TN'])

/** Ten digits of a Belgian company number: the last two are 97 less the rest of the others by 97 (KBO/BCE). */
function isBelgianCompany(raw: string): boolean {
  const digits = raw.replace(/\D/g, '')
  return digits.length === 10 && 97 - (Number(digits.slice(0, 8)) % 97) === Number(digits.slice(8))
}

/** "02 04 06 08 10": pairs that grow by the same step count something. */
function isSeries(raw: string): boolean {
  const pairs = (raw.match(/\d+/g) ?? []).map(Number)
  const step = pairs[1]! - pairs[0]!
  return (
    pairs.length === 5 && step !== 0 && pairs.every((pair, at) => at < 2 || pair === pairs[at - 1]! + step)
  )
}

/** "08 00 - 12 00 14": opening hours; people who write phones separate all groups alike. */
function mixesSeparators(raw: string): boolean {
  const separators = (raw.replace(/^([^/]+)\/([^/]+)$/, '$1 $2').match(/(?<=\d)\D+(?=\d)/g) ?? []).map(
    (one) => one.trim(),
  )
  return new Set(separators).size > 1
}

/** +33 3 87 00 11 22 57000: keeps the nine digits of a French number. */
function shortenFrench(raw: string): string | null {
  const match = new RegExp(String.raw`^(?:\+|00)[ .]?33${S}(?:\(0\)|0)?(?:${S}\d){9}`).exec(raw)
  return match && match[0].length < raw.length ? match[0] : null
}

/** A valid number however written, of `region` unless it says otherwise; null for placeholders and anything else. */
export function parseNumber(raw: string, region: CountryCode = 'FR'): PhoneNumber | null {
  let text = raw.replace(/[([]0[)\]]/g, '').replace(/[^\d+]/g, '')
  if (text.startsWith('00')) text = `+${text.slice(2)}`
  if (/^33\d{9}$/.test(text)) text = `+${text}`
  text = text.replace(/^\+330(?=\d{9}$)/, '+33')
  if (text.length < (region === 'FR' ? 9 : 6) || text.length > 16 || isPlaceholder(text)) return null
  const overseas = region === 'FR' ? overseasNumber(text) : null
  if (overseas) return overseas
  const number = parsePhoneNumberFromString(text, region)
  return number?.isValid() ? number : null
}

/** 0262… is dialled like any French number but belongs to +262: overseas departments have codes of their own. */
function overseasNumber(text: string): PhoneNumber | null {
  const national = /^(?:\+33|0)((?:262|263|269|590|594|596|639|690|691|692|693|694|696|697)\d{6})$/.exec(
    text,
  )?.[1]
  if (!national) return null
  const number = parsePhoneNumberFromString(`+${OVERSEAS_CODE[national.slice(0, 3)]}${national}`)
  return number?.isValid() ? number : null
}

function isPlaceholder(digits: string): boolean {
  const national = digits.replace(/^\+33/, '0').replace(/^\+/, '')
  if (
    /^0(\d)(?:\1){8}$/.test(national) ||
    (/^0\d(\d\d)\1{3}$/.test(national) && /^0[1-9](?:00|99){4}$/.test(national))
  )
    return true
  return ['0123456789', '0102030405', '0612345678', '0987654321', '0405060708'].includes(national)
}

/** The kind of line a number belongs to. */
export function typeOf(number: PhoneNumber): PhoneFact['type'] {
  switch (number.getType()) {
    case 'FIXED_LINE':
    case 'FIXED_LINE_OR_MOBILE':
      return 'fixed'
    case 'MOBILE':
      return 'mobile'
    case 'TOLL_FREE':
      return 'tollfree'
    case 'PREMIUM_RATE':
    case 'SHARED_COST':
      return 'premium'
    default:
      return 'other'
  }
}

/** "<a href=https://partner.fr>Partner</a> – 05 55 …": the number of whom the line links to, except in a header or
 *  footer, where the agency stands beside the company. */
function besideOthers(view: PageView, position: number): boolean {
  const index = lineAt(view, position)
  const line = view.lines[index]
  if (!line || line.flags & (IN_FOOTER | IN_HEADER) || line.text.length > 200) return false
  const linked = view.anchors.find((anchor) => anchor.line === index && /^https?:/i.test(anchor.href))
  const host = linked ? (URL.parse(linked.href)?.hostname ?? '') : ''
  if (!linked || host === '' || socialProfile(linked.href)) return false
  const relation = relationToSite(registrableDomain(host) ?? host, view.siteHost)
  return (
    relation === 'other' && line.text.indexOf(linked.text) < position - line.start && linked.text.length > 3
  )
}

function kindOf(flags: number): 'agency' | 'thirdparty' | undefined {
  if (flags & ABOUT_CREDIT) return 'agency'
  return flags & (ABOUT_HOST | ABOUT_OTHERS | IN_QUOTE) ? 'thirdparty' : undefined
}
