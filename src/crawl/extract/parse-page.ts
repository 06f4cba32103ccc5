import { type AdminTechnologies, withAdminTechnologies } from './admin-technologies.ts'
import { decodeBody } from './decode-body.ts'
import { extractAddresses } from './addresses.ts'
import { extractCompanyIds } from './company-ids.ts'
import { companyProfile } from './company-profile.ts'
import { type DomFacts, readDom } from './dom-facts.ts'
import { documentFacts, documentLinks } from './documents.ts'
import { markGuests, markLinkedCards, markSentences, markVendors } from './others-sentences.ts'
import { addressesIn } from './email-attributes.ts'
import { spelledOut } from './email-spelled.ts'
import { extractEmails } from './emails.ts'
import { percentDecode } from './percent-decode.ts'
import { pageFeatures } from './features.ts'
import { formFacts, imageFacts, mixedContent, openGraphFacts } from './page-facts.ts'
import { isForeignPath, type JsonLdNode, readJsonLd, textsOf } from './json-ld.ts'
import { creditDomains, externalLinks, internalLinks, languageAlternates } from './links.ts'
import { IN_NOSCRIPT, oneLine, type PageView } from './page-view.ts'
import { needsBrowser } from './needs-browser.ts'
import { parkedMarker } from './parked.ts'
import type { PageContent, PageFacts, ParsedPage, ParseInput } from './parsed-page.ts'
import { purposeOfPage } from './page-purpose.ts'
import { pageTraits } from './page-traits.ts'
import { extractPeople } from './people.ts'
import { extractPhones } from './phones.ts'
import { readPage } from './read-page.ts'
import { scriptRedirect } from './script-redirect.ts'
import { markSections } from './sections.ts'
import { extractSocials } from './socials.ts'
import { extractTechnologies } from './technologies.ts'
import { isFeed } from './feeds.ts'
import { isPdf } from './pdf-objects.ts'
import { isVcard, readVcards } from './vcards.ts'

const NO_DAY_AHEAD = '9000-01-01'
const NO_DOM: DomFacts = { people: [], addresses: [], emails: [], phones: [], hours: [] }

/** Turns one response into facts. Pure and bounded: the same bytes give the same answer, in time linear in
 *  their number. One pass reads the HTML for every page; a DOM is built only for `deep` ones. `admin`: technology
 *  rules of the admin's own folder. */
export function parsePage(input: ParseInput, admin?: AdminTechnologies): ParsedPage {
  const today = input.today ?? NO_DAY_AHEAD
  if (isPdf(input.body)) return pageOfFacts(documentFacts(input, '', today), input)
  const { text: html, charset } = decodeBody(input.body, input.headers['content-type'] ?? null)
  if (isVcard(html.slice(0, 40))) return pageOfFacts(readVcards(html, input.finalUrl, input.siteHost), input)
  if (isFeed(html.slice(0, 400))) return pageOfFacts(documentFacts(input, html, today), input)
  const view = readPage(html, input.finalUrl, input.siteHost)
  view.metaRefresh ??= scriptRedirect(view).target
  markSections(view)
  markGuests(view)
  markVendors(view)
  const purpose = purposeOfPage(view)
  const jsonLd = readJsonLd(view.jsonLd)
  const dom = input.deep ? readDom(html, view) : NO_DOM
  const external = externalLinks(view)
  const { links, metaRefresh } = internalLinks(view)
  const contacts = contactsInJsonLd(jsonLd)
  const emails = extractEmails(view, {
    purpose,
    home: input.home === true,
    creditDomains: creditDomains(external),
    structured: [...contacts.emails, ...dom.emails, ...emailsInMetas(view)],
  })
  markSentences(view, emails)
  if (input.home !== true && purpose !== 'contact' && purpose !== 'legal')
    markLinkedCards(view, purpose === 'team')
  const ours = extractTechnologies(view, input.headers)
  const told = { view, html, headers: input.headers, home: input.home === true }
  const technologies = admin ? withAdminTechnologies(ours, admin, told) : ours
  const forms = formFacts(view)
  return {
    page: contentOf(view, charset),
    facts: {
      emails,
      phones: extractPhones(view, [...contacts.phones, ...dom.phones]),
      people: extractPeople(view, jsonLd, dom.people, purpose),
      addresses: extractAddresses(view, jsonLd, dom.addresses, purpose),
      companyIds: extractCompanyIds(view, jsonLd),
      socials: extractSocials(view, jsonLd, creditDomains(external)),
      technologies,
      openGraph: openGraphFacts(view),
      forms,
      images: imageFacts(view),
      externalLinks: external,
      profile: companyProfile(view, jsonLd, purpose, dom.hours),
      features: pageFeatures(view, { forms, technologies, jsonLd, today }),
    },
    links,
    metaRefresh,
    documents: documentLinks(view),
    alternates: languageAlternates(view),
  }
}

/** A business card, PDF or feed: its facts, and a page without content. */
function pageOfFacts(facts: PageFacts, input: ParseInput): ParsedPage {
  const empty = readPage('', input.finalUrl, input.siteHost)
  return { page: contentOf(empty, 'utf-8'), facts, links: [], metaRefresh: null }
}

function contactsInJsonLd(nodes: JsonLdNode[]): { emails: DomFacts['emails']; phones: DomFacts['phones'] } {
  const emails: DomFacts['emails'] = []
  const phones: DomFacts['phones'] = []
  for (const { value, path } of nodes) {
    if (isForeignPath(path)) continue
    for (const email of textsOf(value.email)) {
      const plain = percentDecode(email.replace(/^mailto:/i, ''))
      emails.push({ value: spelledOut(plain) ?? plain, method: 'json-ld', snippet: oneLine(email) })
    }
    for (const phone of textsOf(value.telephone)) {
      phones.push({ value: phone, method: 'json-ld', snippet: oneLine(phone), fax: false })
    }
    for (const fax of textsOf(value.faxNumber)) {
      phones.push({ value: fax, method: 'json-ld', snippet: oneLine(fax), fax: true })
    }
  }
  return { emails, phones }
}

const MAIL_META = /^(?:og:email|business:contact_data:email|reply-to|contact|email)$/
const TEXT_META = /^(?:description|og:description|twitter:description)$/

function emailsInMetas(view: PageView): DomFacts['emails'] {
  return view.metas.flatMap(({ name, content }) => {
    const values = MAIL_META.test(name) ? [content] : TEXT_META.test(name) ? addressesIn(content) : []
    return values.map((value) => ({ value, method: 'meta', snippet: oneLine(content) }))
  })
}

function contentOf(view: PageView, charset: string): PageContent {
  const meta = (name: string): string | null =>
    view.metas.find((entry) => entry.name === name)?.content.slice(0, 1_000) || null
  const openGraph: Record<string, string> = {}
  for (const { name, content } of view.metas) {
    if (name.startsWith('og:') && !Object.hasOwn(openGraph, name)) openGraph[name] = content.slice(0, 1_000)
  }
  return {
    charset,
    title: view.title,
    description: meta('description'),
    canonical: view.canonical ? (URL.parse(view.canonical, view.base)?.href ?? null) : null,
    robots: meta('robots'),
    viewport: meta('viewport'),
    lang: view.lang?.trim().slice(0, 20) || null,
    generator: meta('generator'),
    h1: view.h1,
    imageCount: view.imageCount,
    imagesWithoutAlt: view.imagesWithoutAlt,
    scripts: absolute(view.scripts, view.base),
    stylesheets: absolute(view.stylesheets, view.base),
    mixedContent: mixedContent(view),
    textLength: view.lines.reduce((sum, line) => sum + (line.flags & IN_NOSCRIPT ? 0 : line.text.length), 0),
    openGraph,
    parked: parkedMarker(view),
    needsBrowser: needsBrowser(view),
    ...pageTraits(view),
  }
}

function absolute(urls: string[], base: string): string[] {
  const found = new Set<string>()
  for (const url of urls) {
    const whole = URL.parse(url, base)?.href
    if (whole) found.add(whole.slice(0, 2_000))
  }
  return [...found]
}
