import type { EmailFact } from '../site-record.ts'
import { IN_FOOTER, IN_HEADER, lineAt, type PageView } from './page-view.ts'
import { relationToSite } from './site-identity.ts'

const MAX_MARKED = 40
/** Where a sentence or a part of a line ends; "M. Van Acker" and "tél. 026 …" go on. */
const SEAM = /(?<=[\p{Ll}\d)]{2})[.;]\s(?=\p{Lu})|\s?[|·•]\s?|\s[–—-]\s/gu

/** Marks the sentences that give somebody else's address: name, number and street in them are of the same house.
 *  "Pièces Iseki : M. Van Acker, 04 73 …, pieces@iseki-auvergne.com" */
export function markOthersSentences(view: PageView, emails: EmailFact[]): void {
  const own = emails.filter(({ kind }) => kind === 'role' || kind === 'person').map(({ value }) => value)
  for (const { kind, value } of emails) {
    const domain = value.slice(value.indexOf('@') + 1)
    if (kind !== 'thirdparty' || relationToSite(domain, view.siteHost) !== 'other') continue
    if (view.ofOthers.length >= MAX_MARKED) return
    const whole = view.lower.indexOf(value)
    const position = whole >= 0 ? whole : view.lower.indexOf(domain)
    const line = position < 0 ? undefined : view.lines[lineAt(view, position)]
    if (!line || line.flags & (IN_FOOTER | IN_HEADER)) continue
    const seams = [...line.text.matchAll(SEAM)].map(({ index }) => index)
    const at = position - line.start
    const start = line.start + (seams.findLast((seam) => seam < at) ?? 0)
    const end = line.start + (seams.find((seam) => seam > at) ?? line.text.length)
    const said = view.lower.slice(start, end)
    if (!own.some((address) => said.includes(address))) view.ofOthers.push({ start, end })
  }
}
