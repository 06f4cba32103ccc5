import { parsedAt } from '#tests/support/parsed-at.ts'

/** The people read on a page of a site, by its body alone. */
export const peopleOn = (host: string, path: string, body: string, head = '') =>
  parsedAt(`https://${host}${path}`, `<!doctype html><html><head>${head}</head><body>${body}</body></html>`, {
    deep: false,
  }).facts.people

export const namesOn = (host: string, path: string, body: string, head = ''): string[] =>
  peopleOn(host, path, body, head)
    .map((fact) => fact.name)
    .toSorted()
