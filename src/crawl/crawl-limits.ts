/** What one site may cost. */
export type CrawlLimits = {
  pages: number
  /** Decoded bytes of all pages together. */
  bytes: number
  pageBytes: number
  /** Milliseconds from the first page on, waiting for politeness included. */
  durationMs: number
  /** Clicks from the home page. */
  depth: number
  /** This many pages in a row without a new fact end the crawl. */
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
