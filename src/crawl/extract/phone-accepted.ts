import type { CountryCode, PhoneNumber } from 'libphonenumber-js/max'
import { isConvincing, isFrenchForm, S } from './phone-candidates.ts'
import { parseNumber } from './phone-numbers.ts'

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
export const NUMBER_OF_SOMETHING_ELSE =
  /(?<!\p{L})(?:wi-?fi(?: [\p{L}\d_-]{1,20})?|mot de passe|mdp|password|passwort|contrase[ñn]a|digicode|siret|siren|tva|vat|hrb|lot|dossier|qualibat|qualifelec|rge|d[ée]p[ôo]t l[ée]gal|tirage|loto|code|bce|kbo|rp[mr]|ondernemingsnummer|ide|uid|fn|zvr|rci|nis|cvi|accises?|sacem|uai|rne|nda|qualiopi|matricule|immatriculation|s[ée]rie|mod[èe]le|colis|suivi|tracking|devis|parcelle|certificat|zertifikat|brevet|imei|gencode|carte|duns|rbq|nir|s[ée]curit[ée] sociale|kunden-?nr|rechnung\S*|auftrag\S*|order|invoice|account|fattura|cliente|ust\S*|mwst|btw|kvk|cif|nif|p\.? ?iva|partita iva|rea|steuernummer|nr\.|citq|neq|tps|tvq|charity|registered|compan(?:y|ies) (?:no|number)\.?|registration|r\.?c\.?s\.?|iban|bic|rib|n\.?a\.?f|ape|eori|rpps|adeli|finess|orias|rna|isbn|issn|ean|gtin|r[ée]f(?:[ée]rence)?(?:\.?(?: [\p{L}'’/-]+){1,4} ?(?=:))?|licence|agr[ée]ment|carte pro\S*|cpi|d[ée]claration|police|contrat|capital|facture|commande|compte|n° ?(?:d['’e] ?|du )?(?:commande|client|dossier|s[ée]rie|lot|agr[ée]ment|licence|contrat|compte|facture|enregistrement|immatriculation|ordre|adh[ée]rent)|num[ée]ro d[’'e]\s?\S{3,}|sku|cp|gps|latitude|longitude)[^\w)]{0,4}(?:n°\W?|(?<!\p{L})(?!(?:au|et|ou|at|by|on)\W)[A-Z]{1,2}\W?)?$/iu
/** "Numéro CAF :", "n° d’allocataire :" — a number that is said to be of something, of what kind is looked at. */
const NUMBER_OF =
  /(?:num[ée]ro|n°|no\.)\s?(?:(?:de|d['’]|du|des)\s?)?((?:[\p{L}.'’-]{2,24}\s?){1,3}?)\s?[:=]?\s*$/iu
/** "Annonce n° 0321-2024-17" */
const NUMBERED_THING = /(\p{L}{3,})\.? n° ?:? ?$/u
const NUMBER_TO_CALL =
  /t[ée]l|phone|vert|azur|cristal|indigo|portable|mobile|gsm|fixe|fax|appel|urgence|gratuit|direct|unique|permanence|contact|joindre|standard|accueil|ligne|bureau|cabinet|atelier|magasin|boutique|secr[ée]tariat|suivant|notre|votre|nos|utile|service|astreinte|accueil|national|whats/i
export const PHONE_WORD =
  /(?:t[ée]l(?:[ée]phones?)?|phones?|vini|natel|tel[ée]f(?:on[oe]?|oon)|\bfon|tel|mobil|m[óo]vil|mobiel|cell(?:ulare)?|handy|sans frais|toll[ -]free|(?:^|\s)T[.:]?|mobile|portable|gsm|fixe|appel(?:ez|er)|standard|vert|azur|call|whats ?app|urgences?|fax|joindre|num[ée]ro)\b[^\n]{0,12}$/i
/** "T.03 87…", "Port/06 …"; "C-0387654321" is a reference. */
const SHORT_LABEL = /(?:^|[^\p{L}])(?:T|P|M|F|t[ée]l[ée]?p?h?|fax|port|mob|gsm|fixe|\p{L}{4,})[.,\-/]$/iu
const GLUED_WORD = /(?:(?<!\p{L})[TPM]|t[ée]l[ée]?|phone|fax|mobile|port|gsm|portable)$/iu

/** The number that a stretch of text stands for, or null where the words, signs and digits around it say that it is
 *  none. `previousEnd`: where the number before it ended. */
export function acceptable(
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
export function isSeries(raw: string): boolean {
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
export function shortenFrench(raw: string): string | null {
  const match = new RegExp(String.raw`^(?:\+|00)[ .]?33${S}(?:\(0\)|0)?(?:${S}\d){9}`).exec(raw)
  return match && match[0].length < raw.length ? match[0] : null
}
