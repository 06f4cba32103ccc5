import type { AddressFact, PersonFact } from '../site-record.ts'
import { oneLine, type PageView } from './page-view.ts'
import { readName } from './names.ts'
import { percentDecode } from './percent-decode.ts'
import { person } from './person-fact.ts'
import { parseNumber } from './phone-numbers.ts'
import { parseTree } from './parse-tree.ts'
import { roleKindOf } from './roles.ts'

const MAX_HTML = 1_500_000
const MAX_ELEMENTS = 40_000
const MAX_DEPTH = 400
const MAX_ITEMS = 200

export type DomFacts = {
  people: PersonFact[]
  addresses: Omit<AddressFact, 'pageUrl'>[]
  emails: { value: string; method: string; snippet: string }[]
  phones: { value: string; method: string; snippet: string; fax: boolean }[]
  /** Texts of itemprop=openingHours */
  hours: string[]
}

/** What needs a tree: microdata. Pages too deep or too large for a tree
 *  yield nothing here; their text has been read already. */
export function readDom(html: string, view: PageView): DomFacts {
  const facts: DomFacts = { people: [], addresses: [], emails: [], phones: [], hours: [] }
  if (html.length > MAX_HTML || view.elementCount > MAX_ELEMENTS || view.deepest > MAX_DEPTH) return facts
  // A tree is worth its time only where the markup says what it holds.
  if (!view.hasMicrodata) return facts
  readMicrodata(parseTree(whole(html)), view, facts)
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

const normalPhone = (href: string | undefined): string | null =>
  href ? (parseNumber(percentDecode(href.slice(4)))?.number ?? null) : null
