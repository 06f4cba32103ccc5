import { patternOf } from './email-patterns.ts'
import { isRoleLocal } from './emails.ts'
import type { PersonName } from './names.ts'
import { fold } from './names.ts'
import type { PageView } from './page-view.ts'
import { percentDecode } from './percent-decode.ts'
import { parseNumber } from './phone-numbers.ts'
import { relationToSite } from './site-identity.ts'
import { socialProfile } from './socials.ts'

type PhoneNumber = NonNullable<ReturnType<typeof parseNumber>>

const MAX_LOCALS = 80
const NEAR_LINES = 5
const EMAIL = /[\w.+-]{1,64}(?:@|\s?[([](?:at|@)[)\]]\s?)[\w-]+(?:\.[\w-]+)+/gi
const PHONE = /(?<![\d/])(?:\+|\(?0)\d[\d\s()./-]{7,18}\d/g

export type Ways = { email: string | null; phone: string | null; linkedin: string | null }
type Way = { line: number; email?: string; phone?: string; linkedin?: string }
export type PageWays = {
  ways: Way[]
  locals: string[]
  /** Numbers of a line, each read once for all names near it */
  numbersOf: (line: number) => PhoneNumber[]
}

/** The ways to reach anybody that a page's links and hidden addresses hold, by line, once for all names. */
export function pageWays(view: PageView): PageWays {
  const ways: Way[] = []
  const locals = new Set<string>()
  const addMail = (line: number, raw: string): void => {
    const email = percentDecode(raw).split('?')[0]!.trim().toLowerCase()
    if (!/^[^@\s]+@[^@\s]+\.[a-z]+$/.test(email)) return
    ways.push({ line, email })
    if (locals.size < MAX_LOCALS) locals.add(email.split('@')[0]!)
  }
  for (const { href, line } of view.anchors) {
    if (/^mailto:/i.test(href)) addMail(line, href.slice(7))
    else if (/^tel:/i.test(href)) {
      const phone = parseNumber(percentDecode(href.slice(4)))?.number
      if (phone) ways.push({ line, phone })
    } else if (/linkedin\.com\/(?:in|pub)\//i.test(href)) {
      const profile = socialProfile(href)
      if (profile) ways.push({ line, linkedin: profile.url })
    }
  }
  for (const { value, line } of view.hiddenEmails) addMail(line, value)
  const numbers = new Map<number, PhoneNumber[]>()
  const numbersOf = (line: number): PhoneNumber[] => {
    const known = numbers.get(line)
    if (known) return known
    const { text } = view.lines[line]!
    const raw = text.length <= 200 && /\d\d/.test(text) ? (text.match(PHONE) ?? []) : []
    const found = raw.map((one) => parseNumber(one)).filter((number) => number !== null)
    numbers.set(line, found)
    return found
  }
  return { ways, locals: [...locals], numbersOf }
}

/** The address, number and profile that stand by a name, up to the next name. `weight` tells how much they prove it a
 *  person, `proven` that an address or profile is made of the name. */
export function waysOf(
  view: PageView,
  page: PageWays,
  name: PersonName,
  from: number,
  next: number,
): { ways: Ways; weight: number; proven: boolean; elsewhere: boolean } {
  const until = Math.min(next, from + NEAR_LINES, view.lines.length)
  const found: Ways = { email: null, phone: null, linkedin: null }
  let proven = false
  let mobile = false
  const offer = (way: Way): void => {
    if (way.email) {
      const made = patternOf(way.email.split('@')[0]!, name.name) !== null
      if (made || (!found.email && !isRoleLocal(way.email.split('@')[0]!))) found.email = way.email
      proven ||= made
    }
    if (way.linkedin) {
      found.linkedin ??= way.linkedin
      proven ||= fold(way.linkedin).includes(
        fold(name.last)
          .replace(/[^a-z]/g, '')
          .slice(0, 12),
      )
    }
    if (way.phone && !found.phone) found.phone = way.phone
  }
  for (let at = from; at < until; at++) {
    const line = view.lines[at]!
    if (
      at > from &&
      /^h[1-6]$/.test(line.tag) &&
      line.text.length > 3 &&
      !/@|\d\d/.test(line.text) &&
      at > from + 1
    )
      break
    if (/@|[([]at/i.test(line.text))
      for (const [raw] of line.text.matchAll(EMAIL)) offer({ line: at, email: mailOf(raw) })
    for (const way of page.ways) if (way.line === at && !way.phone) offer(way)
    const numbers = page.numbersOf(at)
    if (numbers.length === 1 && !found.phone) {
      mobile = numbers[0]!.getType() === 'MOBILE'
      if (mobile || at === from) found.phone = numbers[0]!.number
    }
  }
  const weight = (proven ? 2 : found.email ? 0.5 : 0) + (found.phone ? (mobile ? 0.8 : 0.6) : 0)
  // "Références : Jean-Marc Duval, DSI, jm.duval@client.fr": one who works elsewhere.
  const domain = found.email?.split('@')[1]
  const elsewhere = proven && domain !== undefined && relationToSite(domain, view.siteHost) === 'other'
  return { ways: found, weight, proven, elsewhere }
}

const mailOf = (raw: string): string => raw.replace(/\s?[([](?:at|@)[)\]]\s?/i, '@').toLowerCase()
