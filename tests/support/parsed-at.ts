import { parsePage } from '#src/crawl/extract/parse-page.ts'
import type { ParsedPage, ParseInput } from '#src/crawl/extract/parsed-page.ts'

/** A page as the crawler parses it: HTML in UTF-8 at its address, on the site of that host, unless `more` says otherwise. */
export const parsedAt = (
  url: string,
  body: string | ParseInput['body'],
  more: Partial<ParseInput> = {},
): ParsedPage =>
  parsePage({
    url,
    finalUrl: url,
    siteHost: new URL(url).host,
    depth: 1,
    status: 200,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: typeof body === 'string' ? new TextEncoder().encode(body) : body,
    deep: true,
    ...more,
  })
