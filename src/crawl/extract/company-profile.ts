import hosts from './web-hosts.data.json'
import { type JsonLdNode, isForeignPath, textOf } from './json-ld.ts'
import { legalForms } from './legal-forms.ts'
import { fold } from './names.ts'
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
import { registrableDomain } from './site-identity.ts'

const FOREIGN = ABOUT_HOST | ABOUT_CREDIT | ABOUT_OTHERS | IN_QUOTE

const CAPITAL =
  /(?:capital|stammkapital|cap(?:itale)?\.? soc(?:iale|\.)?|maatschappelijk kapitaal|share capital)(?: social)?(?: variable| fixe)?(?: est)?(?: minimum)? ?(?:de|:|d['’]un montant de|di|von)?\s{0,2}(?:€|euros?|EUR)?\s?((?:\d{1,3}(?:[ .\u00a0\u202f]\d{3})+|\d{1,9})(?:,\d{1,2})?)(?:\s?(?:€|euros?\b|EUR\b)| i\.\s?v\.)/giu
/** "SARL au capital social de 9 000 €", "9 000 € de capital" */
const OF_CAPITAL =
  /((?:\d{1,3}(?:[ .\u00a0\u202f]\d{3})+|\d{1,9})(?:,\d{1,2})?)\s?(?:€|euros?|EUR) de capital/giu
const HOSTED_BY =
  /(?:h[ée]berg(?:é|ée|eur|ement(?:(?:,| et| &) (?:r[ée]f[ée]rencement|maintenance|conception|r[ée]alisation|infog[ée]rance))?)(?: du site| du pr[ée]sent site| web| internet)?(?: est assur[ée]e?)?(?: par| chez|\s*:)(?: (?:la )?soci[ée]t[ée])?|hosted by|hosting\s*:|hoster\s*:)\s*:?\s*\n?\s*([\p{Lu}\d][^\n,;:()–|]{1,50}?)(?= ?[\n,;:()–|]| - |\. |\.$| (?:dont|situ[ée]|au capital|[àa] l['’]adresse|sis|S\.?A\.?S|SARL|SA)\b|$)/giu

const LEGAL_WORDS = /siren|siret|r\.?c\.?s\b|capital|kapital|juridique|immatricul|cap\. soc/
const HOSTING_WORDS = /h[ée]berg|hosted|hosting/
const KNOWN_HOSTS = hosts.hosts.map(({ name, pattern }) => ({ name, pattern: new RegExp(pattern, 'i') }))

/** What a page says of the company itself: legal form, capital, host, opening hours, languages. */
export function companyProfile(
  view: PageView,
  jsonLd: JsonLdNode[],
  purpose: PagePurpose,
  microdataHours: string[],
): ProfileHint[] {
  // The costly patterns run only where a page speaks of such things.
  const legal = purpose === 'legal' || LEGAL_WORDS.test(view.lower)
  return [
    ...formHints(view, purpose),
    ...(legal ? capitals(view) : []),
    ...(HOSTING_WORDS.test(view.lower) ? hostOf(view, purpose) : []),
    ...openingHours(view, jsonLd, microdataHours),
    ...fromLegalName(view, jsonLd),
    ...pageLanguages(view),
  ]
}

const REGISTERED =
  /forme juridique|statut juridique|capital|kapital|immatricul|siren|siret|r\.?c\.?s\.?|si[èe]ge|registered|companies|handelsregister|hrb|amtsgericht|p\.? ?iva|c\.?f\.|c\.?i\.?f\b|n\.?i\.?f\b|bce|kbo|tva|vat|btw|mwst|ust|neq|ide\b|che-/i

function* formHints(view: PageView, purpose: PagePurpose): Generator<ProfileHint> {
  const label = (registrableDomain(view.siteHost) ?? '').split('.')[0]!.split('-')
  for (const { form, index, end, foreign, sure } of legalForms(view)) {
    const flags = flagsAt(view, index)
    if (flags & FOREIGN) continue
    const around = view.text.slice(Math.max(0, index - 70), end + 60)
    const said = REGISTERED.test(around)
    const named = label.some((word) => word.length > 3 && fold(around).includes(word))
    if (!sure && !said && !(named && flags & IN_FOOTER)) continue
    if (foreign && !named && !said) continue
    if (purpose !== 'legal' && !(flags & IN_FOOTER) && !said && !named) continue
    yield {
      kind: 'legalForm',
      value: form,
      pageUrl: view.url,
      method: 'text',
      snippet: snippetAround(view, index, end),
      confidence:
        (said && !foreign ? 0.9 : purpose === 'legal' ? 0.85 : 0.74) +
        (named ? 0.05 : 0) -
        (foreign && !named ? 0.1 : 0),
    }
  }
}

function* capitals(view: PageView): Generator<ProfileHint> {
  for (const match of [...view.text.matchAll(CAPITAL), ...view.text.matchAll(OF_CAPITAL)]) {
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
