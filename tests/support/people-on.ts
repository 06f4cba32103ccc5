import { parsePage } from '#src/crawl/extract/parse-page.ts'

/** The people read on a page of a site, by its body alone. */
export const peopleOn = (host: string, path: string, body: string, head = '') =>
  parsePage({
    url: `https://${host}${path}`,
    finalUrl: `https://${host}${path}`,
    siteHost: host,
    depth: 1,
    status: 200,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: new TextEncoder().encode(`<!doctype html><html><head>${head}</head><body>${body}</body></html>`),
    deep: false,
  }).facts.people

export const namesOn = (host: string, path: string, body: string, head = ''): string[] =>
  peopleOn(host, path, body, head)
    .map((fact) => fact.name)
    .toSorted()
