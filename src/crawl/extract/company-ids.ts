import type { CompanyIdFact } from '../site-record.ts'
import type { JsonLdNode } from './json-ld.ts'
import { textsOf } from './json-ld.ts'
import {
  ABOUT_CREDIT,
  ABOUT_HOST,
  ABOUT_OTHERS,
  IN_QUOTE,
  flagsAt,
  lineAt,
  oneLine,
  type PageView,
  snippetAround,
} from './page-view.ts'
import { SAYS_REGISTER, SAYS_VAT } from './word-spots.ts'

const MAX_IDS = 60
const LA_POSTE = '356000000'

const DIGITS =
  /(?<![\d\p{L}.,+])(\d{3})[ .\-_]{0,2}(\d{3})[ .\-_]{0,2}(\d{3})(?:[ .\-_]{0,3}(\d{5}|\d{2} ?\d{3}|\d{3} ?\d{2}))?(?![\d\p{L}]|[.,]\d)/gu
const VAT =
  /(?<![\p{L}\d])FR[ .:-]{0,2}([0-9A-HJ-NP-Z]{2}|\d \d)[ .-]{0,2}(\d{3})[ .]{0,2}(\d{3})[ .]{0,2}(\d{3})(?!\d)/giu
const FOREIGN_VAT =
  /(?:tva|vat|btw|ust|mwst|iva)[^\n]{0,30}?(?<![\p{L}\d])(BE ?[01]\d{3}[ .]?\d{3}[ .]?\d{3}|LU ?\d{8}|DE ?\d{9}|CHE[- ]?\d{3}[ .]?\d{3}[ .]?\d{3}|GB ?\d{3} ?\d{4} ?\d{2}|IE ?\d{7} ?[A-W][A-I]?|NL ?\d{9} ?B ?\d{2})(?![\p{L}\d])|(?<![\p{L}\d])(?:(AT ?U ?\d{8})(?!\d)|(CHE[- ]?\d{3}[ .]?\d{3}[ .]?\d{3}) ?(?:TVA|MWST|IVA)(?!\p{L}))/giu
const RCS =
  /(?<!\p{L})(?:R\.? ?C\.? ?S\.?|[Rr]egistre du [Cc]ommerce(?: et des [Ss]oci[ée]t[ée]s)?(?: \(RCS\))?)(?: n°)?(?:\s*(?:de|d['’]|du|:)?\s*(?!\d)([\p{Lu}][\p{L}'’\- ]{1,40}?))?(?:\s*(?:sous le )?(?:n°|num[ée]ro|no\.?|:|,|-))*\s*(?:([ABCD])\s?)?(\d{3})[ .]?(\d{3})[ .]?(\d{3})(?!\d)/gu
const RCS_AFTER =
  /(?<!\d)(\d{3})[ .]?(\d{3})[ .]?(\d{3})(?:[ .]?\d{5})?\s*(?:-|–|,)?\s*R\.? ?C\.? ?S\.?\s*(?:de\s|d['’])?\s*([\p{Lu}][\p{L}'’-]+(?: (?:sur|sous|en|de|la|le|les|l['’]?)? ?[\p{Lu}][\p{L}'’-]+){0,3})/gu
const SIREN_WORD =
  /siren|siret|r\.? ?c\.? ?s|tva|immatricul|registre du commerce|identifi(?:ant|cation)|rm\b|r[ée]pertoire des m[ée]tiers|inscrit/i
const SIRET_WORD = /siret|siren|immatricul|identifi|entreprise|rcs|tva/i

/** SIREN, SIRET, VAT and RCS numbers of a page, checksum verified; those of the host, of the agency and of
 *  other companies named in the legal notice are left out. */
export function extractCompanyIds(view: PageView, jsonLd: JsonLdNode[]): CompanyIdFact[] {
  const facts = new Map<string, CompanyIdFact>()
  const keep = (
    kind: CompanyIdFact['kind'],
    value: string,
    method: string,
    snippet: string,
    confidence: number,
  ): void => {
    const key = `${kind} ${value}`
    const known = facts.get(key)
    if (known ? known.confidence >= confidence : facts.size >= MAX_IDS) return
    facts.set(key, { kind, value, pageUrl: view.url, method, snippet, confidence })
  }
  const keepText = (
    kind: CompanyIdFact['kind'],
    value: string,
    match: RegExpExecArray,
    confidence: number,
  ): void => {
    keep(kind, value, 'text', snippetAround(view, match.index, match.index + match[0].length), confidence)
  }
  const { text } = view
  const foreign = (index: number): boolean => {
    const flags = flagsAt(view, index)
    if (flags & (ABOUT_HOST | ABOUT_CREDIT | IN_QUOTE)) return true
    if (!(flags & ABOUT_OTHERS)) return false
    // "© Klein, SARL — assurance MAF n° 12 — RCS Metz …": after the dash it speaks of the company again.
    const line = view.lines[lineAt(view, index)]!
    const passing = line.aboutFrom ? line.text.slice(line.aboutFrom, index - line.start) : ''
    return !/.\s[—–|·•-]\s/.test(passing)
  }

  for (const match of text.matchAll(VAT)) {
    const siren = match[2]! + match[3]! + match[4]!
    const vatKey = match[1]!.replace(' ', '').toUpperCase()
    if (foreign(match.index) || !isVatKey(vatKey, siren)) continue
    keepText('vat', `FR${vatKey}${siren}`, match, 0.97)
    keepText('siren', siren, match, 0.9)
  }
  for (const match of view.hints & SAYS_VAT ? text.matchAll(FOREIGN_VAT) : []) {
    const vat = (match[1] ?? match[2] ?? match[3]!).replace(/[ .-]/g, '').toUpperCase()
    if (!foreign(match.index) && (!vat.startsWith('CHE') || isSwissUid(vat.slice(3))))
      keepText('vat', vat, match, 0.8)
  }
  const registered = (view.hints & SAYS_REGISTER) !== 0
  for (const match of registered ? text.matchAll(RCS) : []) {
    const siren = match[3]! + match[4]! + match[5]!
    if (foreign(match.index) || !isLuhn(siren)) continue
    const city = cleanRcsCity(match[1])
    keepText('rcs', [city, siren].filter(Boolean).join(' '), match, city ? 0.95 : 0.8)
    keepText('siren', siren, match, 0.95)
  }
  for (const match of registered ? text.matchAll(RCS_AFTER) : []) {
    const siren = match[1]! + match[2]! + match[3]!
    if (foreign(match.index) || !isLuhn(siren)) continue
    keepText('rcs', `${cleanRcsCity(match[4]) ?? ''} ${siren}`.trim(), match, 0.95)
    keepText('siren', siren, match, 0.95)
  }
  for (const match of text.matchAll(DIGITS)) {
    if (foreign(match.index)) continue
    const siren = match[1]! + match[2]! + match[3]!
    const around = text.slice(Math.max(0, match.index - 90), match.index)
    if (match[4]) {
      const siret = siren + match[4].replace(' ', '')
      const labelled = SIRET_WORD.test(around)
      if (!isSiret(siret) || (!labelled && !isLuhn(siren))) continue
      keepText('siret', siret, match, labelled ? 0.97 : 0.75)
      keepText('siren', siren, match, labelled ? 0.95 : 0.7)
    } else if (isLuhn(siren) && siren !== '000000000' && SIREN_WORD.test(around))
      keepText('siren', siren, match, 0.92)
  }
  for (const { value, types } of jsonLd) {
    for (const vat of textsOf(value.vatID)) {
      const plain = vat.replace(/[^A-Za-z0-9]/g, '').toUpperCase()
      const french = /^FR(\w\w)(\d{9})$/.exec(plain)
      if (french && isVatKey(french[1]!, french[2]!)) keep('vat', plain, 'json-ld', oneLine(vat), 0.95)
    }
    for (const id of types.length > 0
      ? textsOf([value.taxID, value.identifier, value.iso6523Code].flat())
      : []) {
      const digits = id.replace(/\D/g, '')
      if (digits.length === 14 && isSiret(digits)) keep('siret', digits, 'json-ld', oneLine(id), 0.95)
      else if (digits.length === 9 && isLuhn(digits)) keep('siren', digits, 'json-ld', oneLine(id), 0.85)
    }
  }
  return [...facts.values()]
}

/** Sum of digits, every second one from the right doubled, is a multiple of ten. */
export function isLuhn(digits: string): boolean {
  let sum = 0
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index])
    const doubled = index % 2 === 1 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return sum % 10 === 0 && /[1-9]/.test(digits)
}

/** Luhn over 14 digits; establishments of La Poste sum to a multiple of five instead (Insee). */
export function isSiret(digits: string): boolean {
  if (isLuhn(digits)) return isLuhn(digits.slice(0, 9))
  if (!digits.startsWith(LA_POSTE)) return false
  return [...digits].reduce((sum, digit) => sum + Number(digit), 0) % 5 === 0
}

/** French VAT key: (12 + 3 × (SIREN mod 97)) mod 97; keys with a letter exist and only the SIREN is checked. */
export function isVatKey(key: string, siren: string): boolean {
  if (!isLuhn(siren)) return false
  if (!/^\d\d$/.test(key)) return /[A-Z]/.test(key)
  return (12 + 3 * (Number(siren) % 97)) % 97 === Number(key)
}

const UID_WEIGHTS = [5, 4, 3, 2, 7, 6, 5, 4]
/** The last digit of a Swiss UID is 11 less the weighted sum of the others by 11. */
function isSwissUid(digits: string): boolean {
  const sum = UID_WEIGHTS.reduce((total, weight, at) => total + weight * Number(digits[at]), 0)
  return (11 - (sum % 11)) % 11 === Number(digits[8])
}

function cleanRcsCity(raw: string | undefined): string | null {
  const city = (raw ?? '')
    .replace(/\s(?:sous|n°|num[ée]ro|le \d)(?!\p{L}).*$/iu, '')
    .replace(/\s+(?:[ABCD]|T\.?[IGC]\.?)$/, '')
    .replace(/[\s,:-]+$/, '')
    .trim()
  return city === '' || /^(?:sous|n|et|au)$/i.test(city) ? null : city
}
