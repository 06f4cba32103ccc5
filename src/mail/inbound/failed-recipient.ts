import type { RecipientStatus } from './delivery-status.ts'
import { addressesIn, cleanAddress, readAddresses } from './find-addresses.ts'
import { headerOf, type Head } from './read-mail.ts'

const MAX_TEXT = 60_000
const MAX_DIAGNOSTIC = 500
const MAX_CANDIDATES = 20
/** What stands around an address, and how many of them are looked at. */
const MAX_AROUND = 300
const MAX_LOOKED_AT = 500

const ANNOUNCES =
  /follow|failed|fail(ed)?\b|recipient|deliver|could not|couldn|cannot|not (be )?(reach|sent|accept)|undeliver|unknown|destinataire|suivant|remis|distribu|empfänger|folgende|zugestellt|destinatari|siguiente|seguent|geadresseerde|volgende|bezorg|destinat[aá]rio|seguinte|entreg|address|adresse|宛先|получател/i
const LABEL =
  /(recipient( address)?|failed (recipient|address)|address|to|user|mailbox|for|destinataires?|empfänger|destinatari[oi]?|geadresseerde|destinat[aá]rio|rcpt|intended recipient|undeliverable address|e-?mail( address)?|adresse|an|à|para|a)\s*(address)?\s*[:=]?\s*[[<('"]?\s*(smtp[:;]\s*)?$/i
const CONTACT =
  /contact|assist|help|support|question|postmaster|please (send|write|call|mail)|reply to|report (this|it)|forward (this|it)|by mail|en cas|wenden|abuse|sent (by|from)|from[: ]|sender|exp[eé]diteur|absender|remitente|mittente|afzender|remetente/i
const CARETAKER =
  /^(postmaster|mailer-daemon|abuse|mail-?daemon|support|help(desk)?|hostmaster|root|noreply|no-reply|admin)@/

export type Failed = {
  /** Whom it did not reach, the most likely first. */
  candidates: string[]
  diagnostic: string | null
}

/** Whose mail failed. A report's own fields name it; else the words around each address tell the recipient from those who
 *  only occur. The address as it was written to is preferred to where it was forwarded. */
export const findFailed = (given: {
  statuses: readonly RecipientStatus[]
  /** X-Failed-Recipients. */
  named: readonly string[]
  text: string
  returned: Head | null
  /** Who wrote the report and whom to: they are no recipients. */
  own: readonly string[]
}): Failed => {
  const { statuses, named, returned } = given
  const text = given.text.slice(0, MAX_TEXT)
  const chief = statuses.filter(({ action }) => action === 'failed' || action === null)
  const ranked = chief.length > 0 ? chief : statuses
  const before = forwardedFrom(text)
  const inFields = ranked.flatMap(({ original, final }) => [
    ...(original !== null && isWhole(original) ? [original] : []),
    ...(final === null ? [] : [before.get(final) ?? final]),
  ])
  const sentTo = recipientsOf(returned)
  const authors = new Set([...given.own, ...authorsOf(returned)])
  const spoken = rankAddresses(text, sentTo, authors)
  const whole = inFields.filter(isWhole)
  // Where a mail was passed on without saying so, only the mail itself still tells whom it was for.
  const [only, ...others] = sentTo
  const isSure = only !== undefined && others.length === 0 && !authors.has(only) && !isListMail(returned)
  const candidates = [
    ...(isSure ? sentTo : []),
    ...whole,
    ...named.map((one) => before.get(one) ?? one),
    ...spoken.map((one) => before.get(one) ?? one),
    ...(sentTo.length <= 3 ? sentTo : []),
    ...inFields,
  ]
  const [about = null] = [...whole, ...spoken, ...candidates]
  const diagnostic = ranked.find((one) => one.diagnostic !== null)?.diagnostic ?? replyIn(text, about)
  return {
    candidates: [...new Set(candidates)].slice(0, MAX_CANDIDATES),
    diagnostic: diagnostic === null ? null : oneLine(diagnostic),
  }
}

/** An address that mail can be sent to from outside. */
const isWhole = (address: string): boolean => {
  const domain = address.slice(address.lastIndexOf('@') + 1)
  return domain.includes('.') && !/\.(local|localdomain|lan|internal|intern|corp)$/.test(domain)
}

/** Where a report says that one address stands for another: Postfix "expanded from", Exim "generated from". */
const forwardedFrom = (text: string): Map<string, string> => {
  const pairs = new Map<string, string>()
  const pattern =
    /(?<![^\s<>()])<?([^\s<>()]{1,100}@[^\s<>()]{1,200}?)>?[:,]?\s{0,20}\(?\s{0,20}(?:expanded from|generated from|forwarded from|alias(?:ed)? (?:of|from))\s{0,20}:?\s{0,20}<?([^\s<>()]{1,100}@[^\s<>()]{1,200}?)>?\s{0,20}\)?(?![^\s<>()])/gi
  for (const [, to = '', from = ''] of text.matchAll(pattern)) {
    const [final, first] = [cleanAddress(to), cleanAddress(from)]
    if (final !== null && first !== null) pairs.set(final, first)
  }
  return pairs
}

const recipientsOf = (head: Head | null): string[] => {
  if (!head) return []
  const all = head
    .filter(({ name }) => name === 'to' || name === 'x-original-to' || name === 'x-rcpt-to')
    .flatMap(({ value }) => readAddresses(value).map(({ address }) => address))
  return [...new Set(all)]
}

/** Post of a list names the list: who of its members failed is said elsewhere. */
const isListMail = (head: Head | null): boolean =>
  (head ?? []).some(
    ({ name, value }) => /^list-(id|post)$/.test(name) || (name === 'precedence' && /list/i.test(value)),
  )

/** Who wrote the mail that came back. */
const authorsOf = (head: Head | null): string[] =>
  ['from', 'return-path', 'sender', 'reply-to', 'x-envelope-from', 'errors-to'].flatMap((name) =>
    readAddresses(headerOf(head ?? [], name)).map(({ address }) => address),
  )

const rankAddresses = (text: string, sentTo: readonly string[], authors: ReadonlySet<string>): string[] => {
  const marks = new Map<string, number>()
  for (const { address, at } of addressesIn(text).slice(0, MAX_LOOKED_AT)) {
    const mark = markOf(text, address, at, sentTo) - (authors.has(address) ? 12 : 0)
    marks.set(address, Math.max(marks.get(address) ?? -100, mark))
  }
  return [...marks]
    .filter(([, mark]) => mark > 0)
    .sort(([, a], [, b]) => b - a)
    .map(([address]) => address)
}

const markOf = (text: string, address: string, at: number, sentTo: readonly string[]): number => {
  const lineStart = Math.max(text.lastIndexOf('\n', at) + 1, at - MAX_AROUND)
  const before = text.slice(lineStart, at)
  const after = text.slice(at + address.length, at + address.length + MAX_AROUND).split('\n', 1)[0] ?? ''
  const above = text.slice(Math.max(0, lineStart - 400), lineStart)
  let mark = 1
  if (sentTo.includes(address)) mark += 9
  if (/^[\s>*•\-"'<([]*$/.test(before)) {
    mark += 4
    if (/^[\s>)\]"'.]*$/.test(after)) mark += 1
    if (/^[>"')\]]*\s*[:;(,]/.test(after) || after.startsWith('>')) mark += 2
    if (ANNOUNCES.test(above)) mark += 3
  }
  if (/rcpt to:\s*<?$/i.test(before)) mark += 7
  else if (/mail from:\s*<?$/i.test(before)) mark -= 12
  else if (LABEL.test(before)) mark += 4
  if (ANNOUNCES.test(before)) mark += 2
  if (
    /[45]\d\d[\s-]/.test(before) ||
    /unknown|not found|reject|fail|deliver|invalid|n['’]t|not /i.test(after)
  )
    mark += 2
  if (
    /^\s*(from|exp[eé]diteur|von|de|da|van|sender|reply-to|message-id|in-reply-to|return-path)\s*:/i.test(
      before,
    )
  )
    mark -= 12
  if (/message-id|<\d{8,}|^[\da-f.$-]{18,}@/i.test(`${before.slice(-14)}${address}`)) mark -= 6
  if (CARETAKER.test(address) && !sentTo.includes(address)) mark -= 5
  if (CONTACT.test(before.slice(-60)) && !sentTo.includes(address)) mark -= 4
  return mark
}

/** The line in which a server answered, near the address it is about. */
const replyIn = (text: string, address: string | null): string | null => {
  // With the lines it goes on in, but for the next address.
  const reply =
    /(?:^|[\s:>#("'<])((?:[45]\d\d[ -][^\n]{4,}|#?[45]\.\d{1,2}\.\d{1,3}[^\n]{3,})(?:\n(?:[ \t]{2,}|[45]\d\d[ -])(?![^\s@]+@[^\s@]+[ \t]*(?:\n|$))\S[^\n]*){0,6})/m
  const from = address === null ? -1 : text.toLowerCase().indexOf(address)
  const near = from < 0 ? null : reply.exec(text.slice(from, from + 3000))
  const found = near?.[1] ?? reply.exec(text)?.[1]
  if (found !== undefined) return found
  if (from < 0) return null
  const rest = text.slice(from + (address?.length ?? 0), from + 600).replace(/^[>\s:;,.)\]-]+/, '')
  return (
    rest
      .split(/\n\s*\n/)
      .slice(0, 2)
      .join(' ')
      .trim() || null
  )
}

const oneLine = (text: string): string =>
  text
    .replaceAll(/\p{Cc}+|\s+/gu, ' ')
    .trim()
    .slice(0, MAX_DIAGNOSTIC)
    .toWellFormed()
