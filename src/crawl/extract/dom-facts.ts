import { parseHTML } from 'linkedom'
import type { AddressFact, PersonFact } from '../site-record.ts'
import { IN_QUOTE, oneLine, type PageView } from './page-view.ts'
import { nameKey, readName } from './names.ts'
import { registrableDomain } from './site-identity.ts'
import { percentDecode } from './percent-decode.ts'
import { isRoleLocal } from './emails.ts'
import type { PagePurpose } from './parsed-page.ts'
import { person } from './person-fact.ts'
import { parseNumber } from './phones.ts'
import { readRole, roleKindOf } from './roles.ts'
import { socialProfile } from './socials.ts'

const MAX_HTML = 1_500_000
const MAX_ELEMENTS = 40_000
const MAX_DEPTH = 400
const MAX_NAMES = 600
const MAX_CARD_TEXT = 900
const MAX_CLIMB = 5
const MAX_ITEMS = 200

const QUOTE = /testimon|t[ée]moign|review|\bavis|quote|comment/i
const NAME_ELEMENTS = 'h1,h2,h3,h4,h5,h6,strong,b,figcaption,dt,th,td,p,span,a,div,li'

export type DomFacts = {
  people: PersonFact[]
  addresses: Omit<AddressFact, 'pageUrl'>[]
  emails: { value: string; method: string; snippet: string }[]
  phones: { value: string; method: string; snippet: string; fax: boolean }[]
  /** Texts of itemprop=openingHours */
  hours: string[]
}

/** What needs ancestors and siblings: people cards and microdata. Pages too deep or too large for a tree
 *  yield nothing here; their text has been read already. */
export function readDom(html: string, view: PageView, purpose: PagePurpose): DomFacts {
  const facts: DomFacts = { people: [], addresses: [], emails: [], phones: [], hours: [] }
  if (html.length > MAX_HTML || view.elementCount > MAX_ELEMENTS || view.deepest > MAX_DEPTH) return facts
  // A tree is worth its time only where a line reads as a name or the markup says what it holds.
  const named =
    view.marks.has('fn') || view.lines.some((line) => line.text.length <= 60 && readName(line.text) !== null)
  if (!named && !view.hasMicrodata) return facts
  const { document } = parseHTML(whole(html))
  if (view.hasMicrodata) readMicrodata(document, view, facts)
  if (named) readCards(document, view, purpose, facts)
  return facts
}

/** linkedom builds no implied elements: a page without <html> or <body> needs them written. */
function whole(html: string): string {
  if (/<html[\s>]/i.test(html)) return html
  return /<body[\s>]/i.test(html) ? `<html>${html}</html>` : `<html><body>${html}</body></html>`
}

function readMicrodata(document: Document, view: PageView, facts: DomFacts): void {
  for (const element of [...document.querySelectorAll('[itemprop=openingHours]')].slice(0, 14)) {
    const text =
      element.getAttribute('content') ?? element.getAttribute('datetime') ?? element.textContent ?? ''
    facts.hours.push(oneLine(text))
  }
  const items = [...document.querySelectorAll('[itemtype]')].slice(0, MAX_ITEMS)
  for (const item of items) {
    const type = (item.getAttribute('itemtype') ?? '').replace(/^.*\//, '')
    if (
      item.closest(
        '[itemprop=review],[itemprop=author],[itemprop=publisher],[itemprop=comment],[itemtype$=Review]',
      )
    )
      continue
    const properties = propertiesOf(item)
    const snippet = oneLine(item.textContent ?? '')
    if (type === 'PostalAddress') {
      const postalCode = properties.get('postalCode') ?? null
      const street = properties.get('streetAddress') ?? null
      if (!postalCode && !street) continue
      const country = properties.get('addressCountry') ?? (/^\d{5}$/.test(postalCode ?? '') ? 'FR' : null)
      facts.addresses.push({
        street,
        postalCode,
        city: properties.get('addressLocality') ?? null,
        country,
        method: 'microdata',
        snippet,
        confidence: 0.93,
      })
    } else if (type === 'Person') {
      const name = readName(
        properties.get('name') ??
          `${properties.get('givenName') ?? ''} ${properties.get('familyName') ?? ''}`,
      )
      const title = properties.get('jobTitle') ?? null
      if (
        name &&
        (title || properties.has('email') || properties.has('telephone') || properties.has('worksFor'))
      ) {
        facts.people.push(
          person(view, name, 'microdata', 0.92, snippet, {
            role: title,
            roleKind: title ? (roleKindOf(title) ?? 'other') : null,
            email:
              properties
                .get('email')
                ?.replace(/^mailto:/i, '')
                .toLowerCase() ?? null,
            phone: normalPhone(`tel:${properties.get('telephone') ?? ''}`),
          }),
        )
      }
    }
    const email = properties.get('email')
    if (email)
      facts.emails.push({
        value: email.replace(/^mailto:/i, ''),
        method: 'microdata',
        snippet: snippet || email,
      })
    const phone = properties.get('telephone')
    if (phone) facts.phones.push({ value: phone, method: 'microdata', snippet: snippet || phone, fax: false })
    const fax = properties.get('faxNumber')
    if (fax) facts.phones.push({ value: fax, method: 'microdata', snippet: snippet || fax, fax: true })
  }
}

/** First value of each property that belongs to this item and to no item inside it. */
function propertiesOf(item: Element): Map<string, string> {
  const found = new Map<string, string>()
  for (const element of [...item.querySelectorAll('[itemprop]')].slice(0, 200)) {
    const name = element.getAttribute('itemprop')!
    if (found.has(name) || element.parentElement?.closest('[itemscope]') !== item) continue
    const raw =
      element.getAttribute('content') ??
      (name === 'email' || name === 'telephone' ? null : element.getAttribute('href')) ??
      element.textContent ??
      ''
    const value = oneLine(raw)
    if (value) found.set(name, value)
  }
  return found
}

/** Team cards: an element whose whole text is a name, and the smallest box around it that also holds a role
 *  or a way to reach the person, but no other name. */
function readCards(document: Document, view: PageView, purpose: PagePurpose, facts: DomFacts): void {
  const seen = new Set<Element>()
  const names: { element: Element; text: string }[] = []
  for (const element of document.querySelectorAll(NAME_ELEMENTS)) {
    if (names.length >= MAX_NAMES) break
    if (element.childElementCount > 2) continue
    const texts = textsIn(element, 60) ?? []
    // <h3>Ana Sousa<br><small>Comptable</small></h3>
    const broken = texts.length > 1 && /^H[1-6]$/.test(element.tagName) && readName(texts[0]!)
    const text = broken ? texts[0]! : texts.join(' ')
    if (text.length < 5 || text.length > 60 || !readName(text)) continue
    if (element.parentElement && seen.has(element.parentElement)) continue
    seen.add(element)
    names.push({ element, text })
  }
  const quoted = quotedTexts(view)
  const nameTexts = new Set(names.map(({ text }) => text))
  for (const { element, text } of names) {
    const name = readName(text)!
    if (quoted.has(text) || isQuoted(element)) continue
    const card = cardOf(element, text, nameTexts) ?? (name.known ? memberOf(element, purpose) : null)
    if (!card) continue
    if (
      !name.known &&
      !name.honorific &&
      !(card.role && purpose !== 'other' && /^H[2-6]$/.test(element.tagName))
    )
      continue
    if (!card.role && (sameWords(name.name, view.siteHost) || (!card.email && !card.linkedin))) continue
    const confidence = (card.role ? 0.88 : 0.75) - (name.known ? 0 : 0.15)
    facts.people.push(person(view, name, 'card', confidence, card.snippet, card))
  }
}

type Card = {
  role: string | null
  roleKind: string | null
  email: string | null
  phone: string | null
  linkedin: string | null
  snippet: string
  /** Stands among the members of a team, without a role */
  member?: boolean
}

/** Names that stand only in testimonials and comments. */
function quotedTexts(view: PageView): Set<string> {
  const quoted = new Set<string>()
  for (const line of view.lines) if (line.flags & IN_QUOTE && line.text.length <= 60) quoted.add(line.text)
  for (const line of view.lines) if (!(line.flags & IN_QUOTE)) quoted.delete(line.text)
  return quoted
}

const emailAmong = (texts: string[]): string | null =>
  texts
    .find((text) => /^[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+$/.test(text) && !isRoleLocal(text.split('@')[0]!))
    ?.toLowerCase() ?? null

const HEADINGS = 'h2,h3,h4,h5,h6,strong,figcaption'
const TEAM_BOX = /(?:^|[\s_-])(?:team|[ée]quipe|staff|members?|membres?|collaborat\w+|trombi\w*)(?:[\s_-]|$)/i

/** A name in a box that says team, or in a heading of the team page. */
function memberOf(element: Element, purpose: PagePurpose): Card | null {
  let box: Element | null = element
  let inTeam = false
  for (let climb = 0; box && climb < 5 && !inTeam; climb++, box = box.parentElement)
    inTeam = TEAM_BOX.test(box.getAttribute('class') ?? '')
  const heading = (): boolean =>
    /^(?:H[2-6]|FIGCAPTION|STRONG)$/.test(element.tagName) || element.querySelector(HEADINGS) !== null
  if (!inTeam && !(purpose === 'team' && heading())) return null
  const snippet = oneLine(element.parentElement?.textContent ?? element.textContent ?? '')
  return { role: null, roleKind: null, email: null, phone: null, linkedin: null, snippet, member: true }
}

function cardOf(element: Element, text: string, names: Set<string>): Card | null {
  let box: Element | null = element
  let best: Card | null = null
  for (let climb = 0; climb < MAX_CLIMB && box; climb++) {
    box = box.parentElement
    if (
      !box ||
      box.tagName === 'BODY' ||
      box.tagName === 'MAIN' ||
      box.tagName === 'HEADER' ||
      box.tagName === 'TABLE' ||
      box.tagName === 'TBODY'
    )
      break
    const texts = textsIn(box, MAX_CARD_TEXT)
    if (!texts) break
    if (texts.some((other) => other !== text && names.has(other))) break
    if (texts.some((other) => /^[«“"]/.test(other) || /★|⭐/.test(other))) return null
    const links = [...box.querySelectorAll('a')].map((link) => link.getAttribute('href') ?? '')
    const role = texts.map(readRole).find(Boolean) ?? null
    const email =
      links
        .find((href) => /^mailto:/i.test(href))
        ?.replace(/^mailto:/i, '')
        .split('?')[0]!
        .toLowerCase() ?? emailAmong(texts)
    const phone = normalPhone(links.find((href) => /^tel:/i.test(href)))
    const linkedin =
      links
        .map((href) => (/linkedin\.com\/(?:in|pub)\//i.test(href) ? socialProfile(href) : null))
        .find(Boolean)?.url ?? null
    if (role || email || linkedin) {
      best = {
        role: role?.role ?? null,
        roleKind: role?.roleKind ?? null,
        email,
        phone,
        linkedin,
        snippet: oneLine(texts.join(' · ')),
      }
    }
  }
  return best
}

const normalPhone = (href: string | undefined): string | null =>
  href ? (parseNumber(percentDecode(href.slice(4)))?.number ?? null) : null

/** The texts of a box in order, or null when they are longer together than `longest`. */
function textsIn(box: Element, longest: number): string[] | null {
  const texts: string[] = []
  let length = 0
  const visit = (node: Node): boolean => {
    let pending = ''
    const flush = (): void => {
      const text = pending.replace(/\s+/g, ' ').trim()
      pending = ''
      length += text.length
      if (text) texts.push(text)
    }
    for (const child of node.childNodes) {
      // An entity splits a text into neighbouring nodes.
      if (child.nodeType === 3) {
        pending += child.textContent ?? ''
        continue
      }
      flush()
      if (child.nodeType === 1 && !/^(?:SCRIPT|STYLE)$/.test((child as Element).tagName)) {
        if (!visit(child)) return false
      }
      if (length > longest || texts.length > 60) return false
    }
    flush()
    return length <= longest
  }
  return visit(box) ? texts : null
}

/** A site named after its owner shows that name as a brand, too. */
const sameWords = (name: string, siteHost: string): boolean => {
  const label = (registrableDomain(siteHost) ?? '').split('.')[0]!.replaceAll('-', '')
  return nameKey(name)
    .split(' ')
    .every((word) => label.includes(word))
}

function isQuoted(element: Element): boolean {
  let box: Element | null = element
  for (let climb = 0; box && climb < 8; climb++, box = box.parentElement) {
    if (box.tagName === 'BLOCKQUOTE' || QUOTE.test(box.getAttribute('class') ?? '')) return true
  }
  return false
}
