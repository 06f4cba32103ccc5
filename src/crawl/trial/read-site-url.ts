import { parseWebsites } from '#src/companies/site-key.ts'

const MAX_URL = 2_000

export type UrlProblem = 'required' | 'not_web' | 'not_address'

/** What somebody typed as the address of a site: `exemple.fr`, `https://exemple.fr/page`. Where it leads is judged
 *  when it is asked for, by the rules of every crawl. */
export const readSiteUrl = (
  typed: string,
): { ok: true; url: string } | { ok: false; problem: UrlProblem } => {
  const text = typed.trim().slice(0, MAX_URL)
  if (text === '') return { ok: false, problem: 'required' }
  const [site] = parseWebsites(text)
  if (site) return { ok: true, url: site.href }
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(text)?.[1]?.toLowerCase()
  const isOther = scheme !== undefined && !/^https?$/.test(scheme)
  return { ok: false, problem: isOther ? 'not_web' : 'not_address' }
}
