import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { parsePage } from '#src/crawl/extract/parse-page.ts'
import type { PageFacts } from '#src/crawl/extract/parsed-page.ts'

/** Where a page that nobody here wrote may say it stands. */
const URL_OF_ALL = 'https://www.exemple-du-corpus.fr/page.html'
/** Generous: machines that run tests run other things too. A page that hangs takes seconds. */
const BASE_MS = 1_500
const MS_PER_KB = 12
const FILE_NAME =
  /\.(?:png|jpe?g|gif|svg|webp|avif|ico|bmp|css|m?js|ts|json|xml|html?|php|aspx?|pdf|zip|gz|woff2?|ttf|eot|mp[34]|md|txt|py|rb|sh|c|h)$/i

const HTML = new Bun.Glob('**/*.{html,htm,html.gz}')

export type CorpusPage = { path: string; facts: PageFacts; milliseconds: number; kilobytes: number }

/** HTML files under a folder, in one order; none when it is not there. */
export const documentsUnder = (folder: string, most = Infinity): string[] =>
  existsSync(folder)
    ? [...HTML.scanSync({ cwd: folder, onlyFiles: true })]
        .toSorted()
        .slice(0, most)
        .map((path) => `${folder}/${path}`)
    : []

/** Reads one file as the crawl would read it from a site; throws what the extractor throws. */
export const readDocument = (path: string): CorpusPage => {
  const bytes = readFileSync(path)
  const body = new Uint8Array(path.endsWith('.gz') ? gunzipSync(bytes) : bytes)
  const began = performance.now()
  const { facts } = parsePage({
    url: URL_OF_ALL,
    finalUrl: URL_OF_ALL,
    siteHost: new URL(URL_OF_ALL).host,
    depth: 0,
    status: 200,
    headers: { 'content-type': 'text/html' },
    body,
    deep: true,
    home: true,
  })
  return { path, facts, milliseconds: performance.now() - began, kilobytes: body.length / 1024 }
}

/** What no page may yield, whoever made it: an address that is a file's name, facts without evidence, a page that
 *  takes longer than its size explains. */
export const complaintsAbout = ({ path, facts, milliseconds, kilobytes }: CorpusPage): string[] => {
  const provenances = [facts.emails, facts.phones, facts.people, facts.addresses, facts.companyIds].flat()
  return [
    ...facts.emails
      .filter(({ value }) => FILE_NAME.test(value))
      .map(({ value }) => `${path}: e-mail ${value}`),
    ...provenances
      .filter(
        ({ snippet, confidence }) =>
          snippet === '' || snippet.length > 200 || !(confidence > 0 && confidence <= 1),
      )
      .map(({ method }) => `${path}: a fact by ${method} without evidence`),
    ...(milliseconds > BASE_MS + kilobytes * MS_PER_KB
      ? [`${path}: ${Math.round(milliseconds)} ms for ${Math.round(kilobytes)} KB`]
      : []),
  ]
}
