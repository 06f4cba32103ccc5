import { extractAddresses } from './addresses.ts'
import { extractCompanyIds } from './company-ids.ts'
import { extractEmails } from './emails.ts'
import { isFeed, readFeed } from './feeds.ts'
import { oneLine, type PageView } from './page-view.ts'
import { type DocumentLink, noFacts, type PageFacts, type ParseInput } from './parsed-page.ts'
import { isPdf } from './pdf-objects.ts'
import { readPdf } from './pdf-text.ts'
import { extractPeople } from './people.ts'
import { extractPhones } from './phones.ts'
import { readPage } from './read-page.ts'
import { markSections } from './sections.ts'
import { relationToSite } from './site-identity.ts'

const MAX_LINKS = 4
const PDF_CONFIDENCE = 0.85
const FEED_CONFIDENCE = 0.8
/** Words of files that tell how to reach a company, most telling first. */
const TELLING = [
  /contact|coordonn|mentions?|l[ée]gal|carte[-_ ]?de[-_ ]?visite|kontakt|impressum/i,
  /plaquette|brochure|pr[ée]sentation|flyer|d[ée]pliant|company|prospectus|flyer/i,
  /tarif|prix|menu|carte|catalogue|horaires?|inscription|adh[ée]sion|devis|\bcg[uv]s?\b|conditions|preis|listino/i,
]

/** True for the body of a document that `documentFacts` reads: a PDF or a feed. */
export const isDocument = (body: Uint8Array): boolean =>
  isPdf(body) || isFeed(new TextDecoder('latin1').decode(body.subarray(0, 400)))

/** What a PDF or a feed tells; `text` is the decoded body of a feed. */
export function documentFacts(input: ParseInput, text: string, today: string): PageFacts {
  return isPdf(input.body) ? factsOfPdf(input) : factsOfFeed(input, text, today)
}

function factsOfPdf({ body, finalUrl, siteHost }: ParseInput): PageFacts {
  const pdf = readPdf(body)
  if (!pdf) return noFacts()
  const lines = pdf.lines.map((line) => `<p>${escape(line)}</p>`)
  const links = pdf.links.map((link) => `<a href="${escape(link)}"></a>`)
  const view = readPage(`<body>${lines.join('\n')}${links.join('')}</body>`, finalUrl, siteHost)
  markSections(view)
  const context = {
    purpose: 'contact' as const,
    home: false,
    creditDomains: new Set<string>(),
    structured: [],
  }
  const facts: PageFacts = {
    ...noFacts(),
    emails: extractEmails(view, context).filter(
      ({ value }) => relationToSite(value.split('@')[1]!, siteHost) !== 'other',
    ),
    phones: extractPhones(view, []),
    people: extractPeople(view, [], [], 'contact'),
    addresses: extractAddresses(view, [], [], 'contact'),
    companyIds: extractCompanyIds(view, []),
  }
  for (const list of [facts.emails, facts.phones, facts.people, facts.addresses, facts.companyIds])
    for (const fact of list) {
      fact.method = 'pdf'
      fact.confidence = Math.min(PDF_CONFIDENCE, fact.confidence)
    }
  return facts
}

function factsOfFeed({ finalUrl, siteHost }: ParseInput, text: string, today: string): PageFacts {
  const { emails, lastPost } = readFeed(text, today)
  const view = readPage('', finalUrl, siteHost)
  const structured = emails.map(({ value, snippet }) => ({
    value,
    method: 'feed',
    snippet: oneLine(snippet),
  }))
  const context = { purpose: 'other' as const, home: false, creditDomains: new Set<string>(), structured }
  const facts: PageFacts = { ...noFacts(), emails: extractEmails(view, context) }
  if (lastPost) {
    const from = { pageUrl: finalUrl, method: 'feed', snippet: lastPost, confidence: FEED_CONFIDENCE }
    facts.features.push({ ...from, name: 'last_post', present: true, value: lastPost })
  }
  return facts
}

const escape = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`)

/** Documents of the same site that a page links: its feed, and files whose name or link says that they tell how to
 *  reach the company; at most four, best first. */
export function documentLinks(view: PageView): DocumentLink[] {
  const found = new Map<string, { link: DocumentLink; rank: number }>()
  const add = (href: string, kind: DocumentLink['kind'], rank: number): void => {
    const url = URL.parse(href, view.base)
    if (!url || !/^https?:$/.test(url.protocol) || siteOf(url.host) !== siteOf(view.siteHost)) return
    url.hash = ''
    const known = found.get(url.href)
    if (!known || rank < known.rank) found.set(url.href, { link: { url: url.href, kind }, rank })
  }
  for (const { href, type } of view.alternates)
    if (/(?:rss|atom)\+xml/.test(type) && !/comment/i.test(href)) add(href, 'feed', TELLING.length)
  for (const { href, text } of view.anchors) {
    if (!/\.pdf(?:[?#]|$)/i.test(href)) continue
    const words = `${href.slice(href.lastIndexOf('/') + 1)} ${text}`
    const rank = TELLING.findIndex((pattern) => pattern.test(words))
    if (rank >= 0) add(href, 'pdf', rank)
  }
  const ranked = [...found.values()].sort((a, b) => a.rank - b.rank).map(({ link }) => link)
  const feeds = ranked.filter(({ kind }) => kind === 'feed').slice(0, 1)
  return [...ranked.filter(({ kind }) => kind === 'pdf').slice(0, MAX_LINKS - 1), ...feeds]
}

const siteOf = (host: string): string => host.toLowerCase().replace(/^www\./, '')
