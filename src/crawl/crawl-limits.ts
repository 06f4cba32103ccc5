/** What one site may cost. */
export type CrawlLimits = {
  pages: number
  /** Decoded bytes of all pages together. */
  bytes: number
  pageBytes: number
  /** Milliseconds of work; waiting for politeness does not count. */
  durationMs: number
  /** Clicks from the home page. */
  depth: number
  /** After `pages.minimum` pages, this many in a row without a new fact end the crawl. */
  fruitlessPages: number
}

export const standardLimits: CrawlLimits = {
  pages: 20,
  bytes: 30_000_000,
  pageBytes: 5_000_000,
  durationMs: 180_000,
  depth: 3,
  fruitlessPages: 8,
}
