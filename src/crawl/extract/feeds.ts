import { decodeHTML } from 'entities'
import { addressesIn } from './email-attributes.ts'
import { spelledOut } from './email-spelled.ts'

const MAX_FEED = 1_000_000
const MAX_MAILS = 30
const OLDEST = '1995-01-01'
/** Where feeds name who makes them; a generator or a machine's sender is nobody. */
const AUTHORS =
  /<(managingEditor|webMaster|author|dc:creator|itunes:email|googleplay:email|email)(?:\s[^>]{0,200})?>\s*(?:<!\[CDATA\[)?([^<\]]{3,200})/gi
const DATES =
  /<(?:pubDate|published|updated|dc:date|issued|modified)(?:\s[^>]{0,200})?>\s{0,9}([^<]{8,60})</gi
const NOBODY = /^(?:no-?reply|do-?not-?reply|ne-?pas-?repondre|wordpress|feed|rss|mailer-daemon)@/i

/** True for the text of an RSS, RDF or Atom feed. */
export const isFeed = (start: string): boolean =>
  /^\uFEFF?\s*(?:<\?xml[^>]*>\s*)?(?:<!--[^]*?-->\s*|<\?[^>]*>\s*)*<(?:rss|feed|rdf:RDF)[\s>]/i.test(start)

export type Feed = { emails: { value: string; snippet: string }[]; lastPost: string | null }

/** Who a feed says makes it, and the day of its newest entry (YYYY-MM-DD, none after `today`). */
export function readFeed(text: string, today: string): Feed {
  const xml = text.slice(0, MAX_FEED)
  const emails: Feed['emails'] = []
  for (const [whole, , content = ''] of xml.matchAll(AUTHORS)) {
    if (emails.length >= MAX_MAILS) break
    const plain = decodeHTML(content).trim()
    const values = plain.includes('@') ? addressesIn(plain) : [spelledOut(plain) ?? '']
    for (const value of values)
      if (value !== '' && !NOBODY.test(value))
        emails.push({ value, snippet: whole.replace(/<!\[CDATA\[/, '') })
  }
  const entries = xml.search(/<(?:item|entry)[\s>]/i)
  return { emails, lastPost: entries < 0 ? null : newestDay(xml.slice(entries), today) }
}

function newestDay(entries: string, today: string): string | null {
  let newest: string | null = null
  for (const [, date = ''] of entries.matchAll(DATES)) {
    const time = Date.parse(date.trim())
    if (Number.isNaN(time)) continue
    const day = new Date(time).toISOString().slice(0, 10)
    if (day >= OLDEST && day <= today && (newest === null || day > newest)) newest = day
  }
  return newest
}
