import type { AddressFact, EmailFact, PersonFact, PhoneFact } from '../site-record.ts'
import { cleanEmail, kindOfLocal } from './emails.ts'
import { readName } from './names.ts'
import { oneLine } from './page-view.ts'
import { noFacts, type PageFacts } from './parsed-page.ts'
import { parseNumber, typeOf } from './phone-numbers.ts'
import { roleKindOf } from './roles.ts'

const MAX_CARDS = 50
const MAX_LINES = 2_000

/** True for the first bytes of a vCard. */
export const isVcard = (text: string): boolean => /^\s*BEGIN:VCARD/i.test(text)

/** E-mail addresses, phones and people of a .vcf file (RFC 6350, and 2.1 as old programs write it). */
export function readVcards(text: string, url: string, siteHost: string): PageFacts {
  const facts = noFacts()
  // A line that begins with a space goes on with the one before it.
  const unfolded = text.replace(/\r?\n[ \t]/g, '').replace(/=\r?\n/g, '')
  for (const card of unfolded.split(/END:VCARD/i).slice(0, MAX_CARDS)) {
    const fields = fieldsOf(card)
    const first = (name: string): string | null => fields.find((field) => field.name === name)?.value ?? null
    const snippet = oneLine(fields.map((field) => field.value).join(' · '))
    const from = { pageUrl: url, method: 'vcard', snippet, confidence: 0.92 }
    const emails: EmailFact[] = []
    const phones: PhoneFact[] = []
    for (const { name, value, parameters } of fields) {
      const address = name === 'ADR' ? addressOf(value) : null
      if (address) facts.addresses.push({ ...from, ...address })
      const email = name === 'EMAIL' ? cleanEmail(value, siteHost) : null
      if (email) emails.push({ ...from, value: email, kind: kindOfLocal(email.split('@')[0]!, siteHost) })
      const number = name === 'TEL' ? parseNumber(value.replace(/^tel:/i, '')) : null
      const type = /fax/i.test(parameters) ? 'fax' : number && typeOf(number)
      if (number && type) phones.push({ ...from, value: number.number, raw: oneLine(value), type })
    }
    const title = first('TITLE') ?? first('ROLE')
    const name =
      readName(first('FN') ?? '') ??
      readName((first('N') ?? '').split(';').slice(0, 2).toReversed().join(' '))
    if (name && (name.known || title)) {
      const person: PersonFact = {
        ...from,
        name: name.name,
        role: title,
        roleKind: title ? (roleKindOf(title) ?? 'other') : null,
        email: emails[0]?.value ?? null,
        phone: phones.find(({ type }) => type === 'mobile')?.value ?? phones[0]?.value ?? null,
        linkedin: null,
      }
      facts.people.push(person)
    }
    facts.emails.push(...emails)
    facts.phones.push(...phones)
  }
  return facts
}

/** Post box, extension, street, town, region, postcode, country, divided by ; */
function addressOf(value: string): Pick<AddressFact, 'street' | 'postalCode' | 'city' | 'country'> | null {
  const [box = '', , street = '', city = '', , code = '', country = ''] = value.split(';').map(oneLine)
  const line = [street, box].filter(Boolean).join(', ')
  if (city === '' || (code === '' && line === '')) return null
  return { street: line || null, postalCode: code || null, city, country: country || null }
}

function fieldsOf(card: string): { name: string; parameters: string; value: string }[] {
  return card
    .split(/\r?\n/)
    .slice(0, MAX_LINES)
    .flatMap((line) => {
      const match = /^(?:item\d+\.)?([A-Za-z]+)((?:;[^:]*)?):(.*)$/.exec(line.trim())
      if (!match) return []
      const quoted = /QUOTED-PRINTABLE/i.test(match[2]!)
      const raw = quoted ? decodeQuotedPrintable(match[3]!) : match[3]!
      const value = raw.replace(/\\([,;nN\\])/g, (_, sign: string) => (/n/i.test(sign) ? ' ' : sign)).trim()
      return value
        ? [{ name: match[1]!.toUpperCase(), parameters: match[2]!, value: value.slice(0, 300) }]
        : []
    })
}

function decodeQuotedPrintable(text: string): string {
  const percent = text.replace(/%/g, '%25').replace(/=([\dA-F]{2})/gi, '%$1')
  try {
    return decodeURIComponent(percent)
  } catch {
    return text
  }
}
