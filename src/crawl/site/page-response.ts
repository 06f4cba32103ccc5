import type { FetchedResponse } from '#src/lib/safe-fetch.ts'
import { noFacts, type ParsedPage } from '../extract/parsed-page.ts'
import { isVcard } from '../extract/vcards.ts'
import type { PageRecord } from '../site-record.ts'
import type { Candidate } from './frontier.ts'

const HTML = /^(?:text\/html|application\/xhtml\+xml)\b/i

/** Whether an answer is a page. A missing or vague type is common on old servers: the body decides then. */
export const looksLikeHtml = (response: FetchedResponse): boolean => {
  const type = response.headers['content-type'] ?? ''
  if (HTML.test(type)) return true
  if (type && !/^(?:text\/plain|application\/octet-stream)/i.test(type)) return false
  return /<(?:!doctype html|html|head|body|title|meta|p|div|table)[\s>]/i.test(
    new TextDecoder('latin1').decode(response.body.slice(0, 2_000)),
  )
}

/** Whether an answer is a business card. */
export const isVcardResponse = (response: FetchedResponse): boolean =>
  /^text\/(?:x-)?vcard\b/i.test(response.headers['content-type'] ?? '') ||
  (/\.vcf$/i.test(new URL(response.url).pathname) &&
    isVcard(new TextDecoder('latin1').decode(response.body.slice(0, 60))))

/** What is kept of a page, as measured and as parsed. */
export const recordOf = (
  candidate: Candidate,
  response: FetchedResponse,
  parsed: ParsedPage,
): PageRecord => ({
  ...measured(candidate, response),
  ...parsed.page,
})

const measured = (candidate: Candidate, response: FetchedResponse) => ({
  url: candidate.url,
  finalUrl: response.url,
  status: response.status,
  depth: candidate.depth,
  bytes: response.bytes,
  truncated: response.truncated,
  ttfbMs: Math.round(response.ttfbMs),
  durationMs: Math.round(response.durationMs),
  contentType: response.headers['content-type'] ?? null,
  headers: response.headers,
})

/** A page in error: it was visited, but has no content. */
export const errorRecord = (candidate: Candidate, response: FetchedResponse): PageRecord => ({
  ...measured(candidate, response),
  charset: null,
  title: null,
  description: null,
  canonical: null,
  robots: null,
  viewport: null,
  lang: null,
  generator: null,
  h1: [],
  imageCount: 0,
  imagesWithoutAlt: 0,
  scripts: [],
  stylesheets: [],
  mixedContent: [],
  textLength: 0,
  openGraph: {},
  parked: null,
  needsBrowser: false,
})

/** What a page in error tells. */
export const noPage = (): ParsedPage => ({
  page: {} as ParsedPage['page'],
  facts: noFacts(),
  links: [],
  metaRefresh: null,
})
