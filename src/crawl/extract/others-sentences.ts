import type { EmailFact } from '../site-record.ts'
import { sharesWord } from './email-whose.ts'
import { fold, isFirstName } from './names.ts'
import { IN_FOOTER, IN_HEADER, IN_NAV, type Line, lineAt, type PageView, type Stretch } from './page-view.ts'
import { registrableDomain, relationToSite } from './site-identity.ts'
import { socialProfile } from './socials.ts'
import { siteName } from './whose-contact.ts'
import words from './others-words.data.json'

const MAX_MARKED = 40
const MAX_SENTENCE = 250
const MAX_LINKS = 400
const MAX_GUESTS = 10
const ENOUGH_VENDORS = 2
const VENDOR_WORDS = ['traiteur', 'fleuriste', 'florist', 'caterer', 'wedding', 'maquill']
const VENDOR =
  /^(?:le |la |les |l['’]|the )?(traiteur|fleuriste|dj|deejay|musicien|photographe|photos?|vidéaste|vidéo|robe|costume|alliances|bijoux|coiffure|coiffeuse|maquillage|maquilleuse|gâteau|pâtissier|pièce montée|faire-part|papeterie|décoration|décoratrice|wedding planner|officiante?|florist|flowers|caterer|catering|cake|band|dress|make-?up|hair|venue)s?(?: [\p{Ll}’' ]{2,20})? ?:(?! ?[\d+(])/iu
const GUEST_WORDS = ['invité', 'guest ', 'gastautor', 'gastbeitrag']
const NAME = String.raw`(\p{Lu}[\p{L}\p{M}’'-]+(?: (?:d[eu] |von |van |la )*\p{Lu}[\p{L}\p{M}’'-]+){1,3})`
const GUESTS = [
  new RegExp(
    String.raw`(?<![\p{L}’'-])${NAME},? \(?(?:(?!(?:est|sont|a|ont|sera|été|vous|nous|is|was) )[\p{Ll}-]+ ){0,4}(?:invitée?(?! d['’]honneur à)(?! (?:d['’](?!honneur)|de |du |des |sur |par |à |aux? |chez |dans |en ))(?!\p{L})|guest (?:author|writer|contributor|speaker|post)|Gastautor(?:in)?)`,
    'gu',
  ),
  new RegExp(
    String.raw`(?:(?:[Ii]nvitée?|[Aa]ut(?:eure?|rice) invitée?) ?: ?|[Gg]uest (?:author|writer|contributor|post)(?: ?: ?| by )|[Gg]ast(?:autor(?:in)?|beitrag)(?: ?: ?| von ))(?:(?:Me|Dre?|Pr|Mme|M|Mr)\.? )?${NAME}`,
    'gu',
  ),
]
const CARD_LINES = 6
const LINES_AFTER = 3
const MAX_CARD_LINE = 120
const MAX_ENTRY = 160
const ENTRY = /^(?:li|dd)$/
const SHORTEST_NAME = 4
const OUTSIDE = IN_FOOTER | IN_HEADER | IN_NAV
const HEADING = /^(?:h[2-6]|dt|summary)$/
/** Doctolib, Airbnb: where a house takes bookings is not another house. */
const PLATFORM = new RegExp(`^(?:${words.platforms})$`)
const SPEAKS_OF_ITSELF =
  /(?<!\p{L})(?:nous|notre|nos|us|our|uns|unser\p{L}*|onze?|contact\p{L}*|devis)(?!\p{L})/iu
/** Where a sentence or a part of a line ends; "M. Van Acker" and "tél. 026 …" go on. */
const SEAM = /(?<=[\p{Ll}\d)]{2})[.;]\s(?=\p{Lu})|\s?[|·•]\s?|\s[–—-]\s/gu
const SENTENCES = /(?<=[\p{Ll}\d)]{2})[.;]\s(?=\p{Lu})|\s?[|·•]\s?/gu
const DATA_OFFICER = /protection des donn[ée]es|(?<!\p{L})(?:dpo|dpd)(?!\p{L})|data protection officer/iu
/** What brackets add to a sentence of the house may speak of another. */
const PART_OF_HOUSE = new RegExp(`${SEAM.source}|[()]`, 'gu')

/** Marks the sentences in which a guest stands: "Julie Castel, comportementaliste invitée", "Gastbeitrag von …". */
export function markGuests(view: PageView): void {
  if (!GUEST_WORDS.some((word) => view.lower.includes(word))) return
  const names = new Set<string>()
  for (const pattern of GUESTS)
    for (const [, name] of view.text.matchAll(pattern))
      if (names.size < MAX_GUESTS && !isNamesake(name!, view.siteHost)) names.add(name!)
  for (const name of names)
    for (
      let at = view.text.indexOf(name);
      at >= 0 && view.ofOthers.length < MAX_MARKED;
      at = view.text.indexOf(name, at + name.length)
    ) {
      const line = view.lines[lineAt(view, at)]!
      view.ofOthers.push(stretchOf(line, at, SENTENCES))
    }
}

/** Who gave the site its name is no guest there. */
const isNamesake = (name: string, siteHost: string): boolean =>
  fold(name)
    .split(/[^a-z]+/)
    .some((word) => word.length >= SHORTEST_NAME && siteHost.includes(word))

/** Marks lines that credit those who worked on the same feast: "Traiteur : …", "Fleuriste : …" one after the other, none of
 *  them what the site says it is. */
export function markVendors(view: PageView): void {
  if (!VENDOR_WORDS.some((word) => view.lower.includes(word))) return
  const found: { label: string; line: Line }[] = []
  for (const line of view.lines) {
    const label = line.text.length <= MAX_CARD_LINE ? VENDOR.exec(line.text)?.[1] : undefined
    if (label && found.length < MAX_MARKED) found.push({ label: fold(label).slice(0, 5), line })
  }
  if (found.length < ENOUGH_VENDORS) return
  const identity = siteName(view)
  const others = found.filter(({ label }) => !identity.includes(label))
  if (new Set(others.map(({ label }) => label)).size < ENOUGH_VENDORS) return
  for (const { line } of others) view.ofOthers.push({ start: line.start, end: line.start + line.text.length })
}

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
    if (theirs) markCard(view, positionOf(view, value), domain)
    const around = sentenceAround(view, value, house ? PART_OF_HOUSE : SEAM)
    if (!around) continue
    const said = view.lower.slice(around.start, around.end)
    if (house && said.length <= MAX_SENTENCE) view.ofHouse.push(around)
    else if (theirs && !own.some((address) => said.includes(address))) view.ofOthers.push(around)
  }
}

/** Marks the cards of other houses that their own sites tell: "<h3>Hôtel du Lac</h3>, number, www.hoteldulac.fr". Where
 *  a house gives its own contacts a second domain may be its own, and who works in it (`isTeam`) may have a site, too. */
export function markLinkedCards(view: PageView, isTeam: boolean): void {
  for (const anchor of view.anchors.slice(0, MAX_LINKS)) {
    if (anchor.tag !== 'a' || !/^https?:/i.test(anchor.href) || anchor.flags & OUTSIDE) continue
    const line = view.lines[anchor.line]
    const host = line ? (URL.parse(anchor.href)?.hostname ?? '') : ''
    if (!line || relationToSite(host, view.siteHost) !== 'other' || sharesWord(host, view.siteHost)) continue
    if (!socialProfile(anchor.href)) markCard(view, line.start, host, isTeam)
  }
}

/** Marks the lines from a heading to a mailbox or link of the house that the heading names, and the short ones after. */
function markCard(view: PageView, position: number, domain: string, isTeam = false): void {
  const index = position < 0 ? -1 : lineAt(view, position)
  const label = (registrableDomain(domain) ?? domain).split('.')[0]!.replaceAll('-', '')
  if (PLATFORM.test(label)) return
  const isPart = ({ text, flags }: Line): boolean => text.length <= MAX_CARD_LINE && !(flags & OUTSIDE)
  for (let at = index; at >= 0 && at >= index - CARD_LINES; at--) {
    const line = view.lines[at]!
    if (!isPart(line)) return
    const isHeading = HEADING.test(line.tag)
    if (isHeading && namesDomain(line.text, label, view.siteHost)) {
      if (isTeam && line.text.split(' ').some(isFirstName)) return
      let last = index
      while (last < index + LINES_AFTER) {
        const next = view.lines[last + 1]
        if (!next || !isPart(next) || HEADING.test(next.tag) || next.tag === 'li') break
        if (SPEAKS_OF_ITSELF.test(next.text)) break
        last++
      }
      const end = view.lines[last]!
      view.ofOthers.push({ start: line.start, end: end.start + end.text.length })
    }
    if (isHeading) return
  }
}

/** Whether a heading has a word, or two together, that is in the domain and not in that of the site. */
function namesDomain(heading: string, label: string, siteHost: string): boolean {
  const words = fold(heading)
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length >= SHORTEST_NAME)
  const said = words.filter((word) => label.includes(word))
  return said.length * 2 >= words.length && said.length > 0 && !said.some((word) => siteHost.includes(word))
}

/** Where an address or at least its domain stands in the text. */
function positionOf(view: PageView, value: string): number {
  const whole = view.lower.indexOf(value)
  return whole >= 0 ? whole : view.lower.indexOf(value.slice(value.indexOf('@') + 1))
}

/** The sentence of the text, outside header and footer, in which an address or at least its domain stands. */
function sentenceAround(view: PageView, value: string, seam: RegExp): Stretch | null {
  const position = positionOf(view, value)
  const line = position < 0 ? undefined : view.lines[lineAt(view, position)]
  if (!line || line.flags & (IN_FOOTER | IN_HEADER)) return null
  // "Délégué à la protection des données : ADNOV, 95 avenue X, 13107 Venelles – dpo@adnov.fr": the dash ends nothing.
  const officer = DATA_OFFICER.test(line.text.slice(0, position - line.start))
  return stretchOf(line, position, seam === SEAM && (officer || isEntry(line)) ? SENTENCES : seam)
}

/** "Clinique Atlantia, 22 rue X, 44200 Nantes – 02 … – urgences@atlantia.fr": an entry of a list is of one house. */
const isEntry = ({ tag, text }: Line): boolean => ENTRY.test(tag) && text.length <= MAX_ENTRY

/** The part of a line between two seams in which a position of the text is. */
function stretchOf(line: Line, position: number, seam: RegExp): Stretch {
  const seams = [...line.text.matchAll(seam)].map(({ index }) => line.start + index)
  return {
    start: seams.findLast((seam) => seam < position) ?? line.start,
    end: seams.find((seam) => seam > position) ?? line.start + line.text.length,
  }
}
