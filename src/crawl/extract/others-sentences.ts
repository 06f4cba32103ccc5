import type { EmailFact } from '../site-record.ts'
import { sharesWord } from './email-whose.ts'
import { IN_FOOTER, IN_HEADER, lineAt, type PageView, type Stretch } from './page-view.ts'
import { registrableDomain, relationToSite } from './site-identity.ts'

const MAX_MARKED = 40
const MAX_SENTENCE = 250
/** Where a sentence or a part of a line ends; "M. Van Acker" and "tél. 026 …" go on. */
const SEAM = /(?<=[\p{Ll}\d)]{2})[.;]\s(?=\p{Lu})|\s?[|·•]\s?|\s[–—-]\s/gu
const SENTENCES = /(?<=[\p{Ll}\d)]{2})[.;]\s(?=\p{Lu})|\s?[|·•]\s?/gu
const DATA_OFFICER = /protection des donn[ée]es|(?<!\p{L})(?:dpo|dpd)(?!\p{L})|data protection officer/iu
/** What brackets add to a sentence of the house may speak of another. */
const PART_OF_HOUSE = new RegExp(`${SEAM.source}|[()]`, 'gu')

/** Marks the sentences that give an address: name, number and street in them are of whom the address is.
 *  "Pièces Iseki : M. Van Acker, 04 73 …, pieces@iseki-auvergne.com" */
export function markSentences(view: PageView, emails: EmailFact[]): void {
  const site = registrableDomain(view.siteHost)
  const own = emails.filter(({ kind }) => kind === 'role' || kind === 'person').map(({ value }) => value)
  for (const { kind, value } of emails.slice(0, MAX_MARKED)) {
    const domain = value.slice(value.indexOf('@') + 1)
    const house = kind !== 'agency' && registrableDomain(domain) === site
    const theirs =
      kind === 'thirdparty' &&
      relationToSite(domain, view.siteHost) === 'other' &&
      !sharesWord(domain, view.siteHost)
    if (!house && !theirs) continue
    const around = sentenceAround(view, value, house ? PART_OF_HOUSE : SEAM)
    if (!around) continue
    const said = view.lower.slice(around.start, around.end)
    if (house && said.length <= MAX_SENTENCE) view.ofHouse.push(around)
    else if (theirs && !own.some((address) => said.includes(address))) view.ofOthers.push(around)
  }
}

/** The sentence of the text, outside header and footer, in which an address or at least its domain stands. */
function sentenceAround(view: PageView, value: string, seam: RegExp): Stretch | null {
  const whole = view.lower.indexOf(value)
  const position = whole >= 0 ? whole : view.lower.indexOf(value.slice(value.indexOf('@') + 1))
  const line = position < 0 ? undefined : view.lines[lineAt(view, position)]
  if (!line || line.flags & (IN_FOOTER | IN_HEADER)) return null
  // "Délégué à la protection des données : ADNOV, 95 avenue X, 13107 Venelles – dpo@adnov.fr": the dash ends nothing.
  const officer = seam === SEAM && DATA_OFFICER.test(line.text.slice(0, position - line.start))
  const seams = [...line.text.matchAll(officer ? SENTENCES : seam)].map(({ index }) => line.start + index)
  return {
    start: seams.findLast((seam) => seam < position) ?? line.start,
    end: seams.find((seam) => seam > position) ?? line.start + line.text.length,
  }
}
