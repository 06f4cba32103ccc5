import type { PageView } from './page-view.ts'
import { hintedMatches, SAYS_FORM } from './word-spots.ts'

const MAX_FORMS = 60

/** Abbreviations as registers write them, French ones and those of the neighbours, and the words they stand for. */
const FORM =
  /(?<![\p{L}\d.])(?:((?:S\.?A\.?R\.?L\.?U?|S\.?A\.?S\.?U?)(?: unipersonnelle)?|AARPI|SELARL|SELASU?|SELAFA|S\.?C\.?O\.?P|E\.?U\.?R\.?L\.?|S\.?N\.?C|S\.?C\.?I|S\.?C\.?P|SCIC|SCEA|EARL|GAEC|SCM|SCA|SICA|GIE|E\.?I\.?R\.?L|EI|S\.?A\.?M|SA)(?:\.(?!\p{L}))?(?![\p{L}\d-])|(S\.? ?[àa] ?r\.? ?l\.?(?:-S)?|GmbH(?: & Co\.? KG)?|S\.?[rR]\.?[lL]\.?(?:S\.?)?|S\.?p\.?A\.?|S\.?L\.?[PU]?\.?|B\.?V\.?(?:BA)?|N\.?V\.?|VOF|VZW|A\.?S\.?B\.?L\.?|asbl|a\.s\.b\.l\.|Ltd\.?|Limited|LLP|PLC|Inc\.?|inc\.|lt[ée]e|OHG|UG|e\.K\.|AG|S\.?n\.?c\.?|S\.?a\.?s\.?)(?![\p{L}\d-]))/gu
/** The same in words, and associations as they are said to be */
const IN_WORDS =
  /(?<!\p{L})(soci[ée]t[ée] [àa] responsabilit[ée] limit[ée]e(?: unipersonnelle)?|entreprise unipersonnelle [àa] responsabilit[ée] limit[ée]e|soci[ée]t[ée] par actions simplifi[ée]e(?: unipersonnelle| [àa] associ[ée] unique)?|soci[ée]t[ée] anonyme(?: mon[ée]gasque)?|soci[ée]t[ée] en nom collectif|soci[ée]t[ée] civile(?: immobili[èe]re| professionnelle)?|entreprise individuelle|entrepreneu(?:r|se) individuel(?:le)?|auto-?entrepreneu(?:r|se)|micro-?entrepris?e(?:neur)?|micro-?entrepreneu(?:r|se)|association (?:[^.;:\n]{0,60}?)?(?:r[ée]gie par la |sous le r[ée]gime de la |de )?(?:loi (?:du )?(?:1er juillet |de )?1901|\(?loi|d[ée]clar[ée]e|[àa] but non lucratif|sans but lucratif|de droit local|inscrite)|profession(?:nel)? lib[ée]rale?)/giu

const WORDED: [RegExp, string][] = [
  [/unipersonnelle à resp|limit[ée]e unipersonnelle/, 'EURL'],
  [/responsabilit/, 'SARL'],
  [/simplifi[ée]e (?:unip|[àa] asso)/, 'SASU'],
  [/simplifi/, 'SAS'],
  [/mon[ée]gasque/, 'SAM'],
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

/** `sure`: written so only of a company; two letters may stand for anything. */
export type WrittenForm = { form: string; index: number; end: number; foreign: boolean; sure: boolean }

/** The legal forms written on a page: French ones in their usual letters, others as written. */
export function* legalForms(view: PageView): Generator<WrittenForm> {
  let tried = 0
  for (const match of view.text.matchAll(FORM)) {
    if (++tried > MAX_FORMS) return
    const [written, french, foreign] = match
    const form = foreign ? foreign.trim().replace(/^Limited$/, 'Ltd') : ofLetters(french!)
    const end = match.index + written.length
    yield { form, index: match.index, end, foreign: !!foreign, sure: form.length > 3 }
  }
  for (const match of hintedMatches(view, SAYS_FORM, IN_WORDS)) {
    if (++tried > 2 * MAX_FORMS) return
    const form = ofWords(match[0])
    if (form)
      yield { form, index: match.index, end: match.index + match[0].length, foreign: false, sure: true }
  }
}

function ofLetters(written: string): string {
  const plain = written.replaceAll('.', '')
  return plain === 'SARLU' ? 'EURL' : plain
}

function ofWords(written: string): string | null {
  const lower = written.toLowerCase()
  return WORDED.find(([pattern]) => pattern.test(lower))?.[1] ?? null
}
