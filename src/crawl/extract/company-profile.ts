import hosts from './web-hosts.data.json'
import { type JsonLdNode, isForeignPath, textOf } from './json-ld.ts'
import { openingHours } from './opening-hours.ts'
import { pageLanguages } from './page-language.ts'
import {
  ABOUT_CREDIT,
  ABOUT_HOST,
  ABOUT_OTHERS,
  flagsAt,
  IN_FOOTER,
  IN_QUOTE,
  oneLine,
  type PageView,
  snippetAround,
  snippetOfLine,
} from './page-view.ts'
import type { PagePurpose, ProfileHint } from './parsed-page.ts'

const FOREIGN = ABOUT_HOST | ABOUT_CREDIT | ABOUT_OTHERS | IN_QUOTE
const MAX_FORMS = 40

/** Abbreviations as the register writes them, and the words they stand for. */
const FORM =
  /(?<![\p{L}\d.])(?:(S\.?A\.?R\.?L\.?U?|E\.?U\.?R\.?L\.?|S\.?A\.?S\.?U?|S\.?N\.?C|S\.?C\.?I|S\.?C\.?P|SELARL|SELASU?|SELAFA|S\.?C\.?O\.?P|SCIC|SCEA|EARL|GAEC|SCM|SCA|SICA|GIE|E\.?I\.?R\.?L|EI|SA)(?:\.(?!\p{L}))?(?![\p{L}\d-])|(soci[ée]t[ée] [àa] responsabilit[ée] limit[ée]e(?: unipersonnelle)?|entreprise unipersonnelle [àa] responsabilit[ée] limit[ée]e|soci[ée]t[ée] par actions simplifi[ée]e(?: unipersonnelle| [àa] associ[ée] unique)?|soci[ée]t[ée] anonyme|soci[ée]t[ée] en nom collectif|soci[ée]t[ée] civile(?: immobili[èe]re| professionnelle)?|entreprise individuelle|entrepreneu(?:r|se) individuel(?:le)?|auto-?entrepreneu(?:r|se)|micro-?entrepris?e(?:neur)?|micro-?entrepreneu(?:r|se)|association (?:loi (?:de )?1901|d[ée]clar[ée]e|[àa] but non lucratif)|profession(?:nel)? lib[ée]rale?))/giu
const CAPITAL =
  /capital(?: social)?(?: variable| fixe)?(?: est)?(?: minimum)? ?(?:de|:|d['’]un montant de)?\s{0,2}((?:\d{1,3}(?:[ .\u00a0\u202f]\d{3})+|\d{1,9})(?:,\d{1,2})?)\s?(?:€|euros?\b|EUR\b)/giu
const HOSTED_BY =
  /(?:h[ée]berg(?:é|ée|eur|ement)(?: du site| du pr[ée]sent site| web| internet)?(?: est assur[ée]e?)?(?: par| chez|\s*:)(?: (?:la )?soci[ée]t[ée])?|hosted by)\s*:?\s*\n?\s*([\p{Lu}\d][^\n,;:()–|]{1,50}?)(?= ?[\n,;:()–|]| - |\. |\.$| (?:dont|situ[ée]|au capital|[àa] l['’]adresse|sis|S\.?A\.?S|SARL|SA)\b|$)/giu

const LEGAL_WORDS = /siren|siret|r\.?c\.?s\b|capital|juridique|immatricul/i
const HOSTING_WORDS = /h[ée]berg|hosted|hosting/i
const KNOWN_HOSTS = hosts.hosts.map(({ name, pattern }) => ({ name, pattern: new RegExp(pattern, 'i') }))

/** What a page says of the company itself: legal form, capital, host, opening hours, languages. */
export function companyProfile(
  view: PageView,
  jsonLd: JsonLdNode[],
  purpose: PagePurpose,
  microdataHours: string[],
): ProfileHint[] {
  // The costly patterns run only where a page speaks of such things.
  const legal = purpose === 'legal' || LEGAL_WORDS.test(view.text)
  return [
    ...(legal ? legalForms(view, purpose) : []),
    ...(legal ? capitals(view) : []),
    ...(HOSTING_WORDS.test(view.text) ? hostOf(view, purpose) : []),
    ...openingHours(view, jsonLd, microdataHours),
    ...fromLegalName(view, jsonLd),
    ...pageLanguages(view),
  ]
}

function* legalForms(view: PageView, purpose: PagePurpose): Generator<ProfileHint> {
  let tried = 0
  for (const match of view.text.matchAll(FORM)) {
    if (++tried > MAX_FORMS) return
    const form = formOf(match[1] ?? match[2]!)
    const written = match[1] ?? ''
    const flags = flagsAt(view, match.index)
    // In lower case "sa" and "ei" are words.
    if (!form || flags & FOREIGN || (written && written !== written.toUpperCase())) continue
    const around = view.text.slice(Math.max(0, match.index - 40), match.index + 60)
    const said =
      /forme juridique|statut juridique|capital|immatricul|siren|siret|r\.?c\.?s\.?|si[èe]ge social/i.test(
        around,
      )
    if (form.length <= 2 && !said) continue
    if (purpose !== 'legal' && !(flags & IN_FOOTER) && !said) continue
    yield {
      kind: 'legalForm',
      value: form,
      pageUrl: view.url,
      method: 'text',
      snippet: snippetAround(view, match.index, match.index + match[0].length),
      confidence: said ? 0.95 : purpose === 'legal' ? 0.88 : 0.78,
    }
  }
}

const WORDED: [RegExp, string][] = [
  [/unipersonnelle à resp|limit[ée]e unipersonnelle/, 'EURL'],
  [/responsabilit/, 'SARL'],
  [/simplifi[ée]e (?:unip|[àa] asso)/, 'SASU'],
  [/simplifi/, 'SAS'],
  [/anonyme/, 'SA'],
  [/nom collectif/, 'SNC'],
  [/civile immo/, 'SCI'],
  [/civile prof/, 'SCP'],
  [/civile/, 'Société civile'],
  [/individuel/, 'EI'],
  [/auto-?entre|micro-?entre/, 'Micro-entreprise'],
  [/association/, 'Association'],
  [/lib[ée]ral/, 'Profession libérale'],
]

function formOf(text: string): string | null {
  const plain = text.replaceAll('.', '')
  if (/^[A-Z]{2,7}$/i.test(plain)) return plain.toUpperCase() === 'SARLU' ? 'EURL' : plain.toUpperCase()
  return WORDED.find(([pattern]) => pattern.test(text.toLowerCase()))?.[1] ?? null
}

function* capitals(view: PageView): Generator<ProfileHint> {
  for (const match of view.text.matchAll(CAPITAL)) {
    if (flagsAt(view, match.index) & FOREIGN) continue
    const amount = Number(match[1]!.replace(/[ .\u00a0\u202f]/g, '').replace(',', '.'))
    if (!(amount > 0)) continue
    yield {
      kind: 'capital',
      value: String(amount),
      pageUrl: view.url,
      method: 'text',
      snippet: snippetAround(view, match.index, match.index + match[0].length),
      confidence: 0.93,
    }
  }
}

/** A known host among the lines that speak of one, else the name that follows "hébergé par". */
function* hostOf(view: PageView, purpose: PagePurpose): Generator<ProfileHint> {
  const hint = (value: string, snippet: string, confidence: number): ProfileHint => ({
    kind: 'host',
    value,
    pageUrl: view.url,
    method: 'legal-notice',
    snippet,
    confidence,
  })
  for (const [index, line] of view.lines.entries()) {
    if (!(line.flags & ABOUT_HOST)) continue
    const about = line.text.slice(line.aboutFrom ?? 0)
    const known = KNOWN_HOSTS.find(({ pattern }) => pattern.test(about))
    if (!known) continue
    yield hint(known.name, snippetOfLine(view, index), purpose === 'legal' ? 0.95 : 0.85)
    return
  }
  for (const match of view.text.matchAll(HOSTED_BY)) {
    const name = match[1]!.trim()
    if (/^(?:le|la|les|un|une|nos|notre|ce|site|internet|web)\b/i.test(name) || name.length < 3) continue
    yield hint(oneLine(name), snippetAround(view, match.index, match.index + match[0].length), 0.8)
    return
  }
}

function* fromLegalName(view: PageView, jsonLd: JsonLdNode[]): Generator<ProfileHint> {
  for (const { value, path } of jsonLd) {
    const name = isForeignPath(path) ? null : textOf(value.legalName)
    const written =
      name && /(?:^|\s)(SARL|EURL|SASU?|SA|SNC|SCI|SELARL|SCOP|EARL|GAEC|EI)(?:\s|$)/.exec(name)?.[1]
    if (written)
      yield {
        kind: 'legalForm',
        value: written,
        pageUrl: view.url,
        method: 'json-ld',
        snippet: oneLine(name),
        confidence: 0.9,
      }
  }
}
