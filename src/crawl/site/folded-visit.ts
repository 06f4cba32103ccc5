import type { ParsedPage, PagePurpose } from '../extract/parsed-page.ts'
import type { PageError, PageRecord } from '../site-record.ts'

// The fastest: a page is packed once and seldom read again.
const ZSTD_LEVEL = 1

/** One visit of a crawl. A business card has no record; what could not be read has neither record nor `parsed`. */
export type Visit = {
  url: string
  depth: number
  purpose: PagePurpose
  home: boolean
  deep: boolean
  record: PageRecord | null
  parsed: ParsedPage | null
  /** Of the bytes and of the headers that the extractor reads. */
  digest: string | null
  errors: PageError[]
  /** Where redirects ended. */
  finalUrl: string
  etag: string | null
  lastModified: string | null
  readAt: Date
}

/** A visit with its content packed away: hundreds of sites are read at once, and a page's facts as objects take ten
 *  times the memory. `packed` is what a row of `kept_pages` holds. */
export type FoldedVisit = Omit<Visit, 'record' | 'parsed'> & {
  /** Of the record, when there is one. */
  page: { status: number; bytes: number; unchanged: boolean } | null
  isParsed: boolean
  packed: Uint8Array
  /** Characters of JSON, before compression. */
  length: number
}

type Content = Pick<Visit, 'record' | 'parsed'>

export const pack = (content: object): { packed: Uint8Array; length: number } => {
  const json = JSON.stringify(content)
  // Copied, because the compressor's own memory is as large as what it might have had to hold.
  return { packed: new Uint8Array(Bun.zstdCompressSync(json, { level: ZSTD_LEVEL })), length: json.length }
}

export const unpack = (packed: Uint8Array): unknown =>
  JSON.parse(new TextDecoder().decode(Bun.zstdDecompressSync(packed)))

export const fold = ({ record, parsed, ...visit }: Visit): FoldedVisit => ({
  ...visit,
  page: record && { status: record.status, bytes: record.bytes, unchanged: record.unchanged === true },
  isParsed: parsed !== null,
  ...(record || parsed ? pack({ record, parsed } satisfies Content) : NOTHING),
})

const NOTHING = pack({ record: null, parsed: null } satisfies Content)

/** The same visit without its content, so that the page has to be read again. */
export const foldedNothing = (visit: FoldedVisit): FoldedVisit => ({
  ...visit,
  page: null,
  isParsed: false,
  digest: null,
  ...NOTHING,
})

/** The whole visit; where and how the page was come by this time stands beside what was packed. */
export const unfold = ({ page, packed, ...visit }: FoldedVisit): Visit => {
  const { record, parsed } = unpack(packed) as Content
  const { url, depth } = visit
  if (!record || !page) return { ...visit, record: null, parsed }
  return { ...visit, record: { ...record, url, depth, ...(page.unchanged && { unchanged: true }) }, parsed }
}
