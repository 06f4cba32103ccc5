import type { PageLink, PagePurpose } from '../extract/parsed-page.ts'
import { languageInUrl } from './languages.ts'
import { canonicalPageUrl, familyOf, identityOf, isDated, siteHostOf } from './page-urls.ts'

const MAX_QUEUED = 2_000
// Kept free for pages of a purpose, however many other links a site has.
const MAX_QUEUED_OTHERS = 1_500
const MAX_OFFERED = 10_000
const MAX_PER_FAMILY = { single: Infinity, varied: 8, endless: 3 }
const MAX_PER_FOLDER = 30
// Beyond these a page that calls itself contact is as good as any other.
const MAX_FAVOURED = 4
const PURPOSE_VALUE: Record<PagePurpose, number> = { contact: 100, legal: 90, team: 70, about: 60, other: 20 }
const FOREIGN_LANGUAGE = 85
const ARCHIVE = /\/(?:tags?|mots?-cles?|category|categorie|author|auteur|archives?)\//i

export type Candidate = { url: string; depth: number; purpose: PagePurpose }
export type NewLink = Pick<PageLink, 'url' | 'kind'> & { nofollow?: boolean }
type Queued = Candidate & { identity: string; value: number }

/** The pages of one site still to visit, most promising first, each at most once, endless families capped. */
export const createFrontier = (options: { siteHost: string; maxDepth: number }) => {
  const known = new Set<string>()
  const offered = new Set<string>()
  const families = new Map<string, number>()
  const folders = new Map<string, number>()
  const taken = new Map<PagePurpose, number>()
  const queue: Queued[] = []
  let language: string | null = null

  const visited = (url: string) => void known.add(identityOf(url))

  /** Left out for good, such as the same page in another language. */
  const skip = (url: string) => {
    const identity = identityOf(url)
    known.add(identity)
    const at = queue.findIndex((one) => one.identity === identity)
    if (at >= 0) queue.splice(at, 1)
  }

  const add = (link: NewLink, base: string, depth: number) => {
    // What a robots.txt does not forbid, a link's rel only advises against.
    if (link.nofollow && link.kind !== 'contact' && link.kind !== 'legal') return
    if (depth > options.maxDepth || wasOffered(link)) return
    const url = canonicalPageUrl(link.url, base)
    if (!url || siteHostOf(url) !== options.siteHost) return
    const identity = identityOf(url)
    if (known.has(identity)) return promote(identity, link.kind, depth)
    if (queue.length >= (link.kind === 'other' ? MAX_QUEUED_OTHERS : MAX_QUEUED)) return
    const parsed = new URL(url)
    if (!hasRoom(parsed, link.kind)) return
    known.add(identity)
    queue.push({ url, identity, depth, purpose: link.kind, value: valueOf(parsed, link.kind, depth) })
  }

  // The menu of a site stands on every page of it.
  const wasOffered = ({ kind, url }: NewLink): boolean => {
    if (!/^https?:/i.test(url)) return false
    const offer = `${kind} ${url}`
    if (offered.has(offer)) return true
    if (offered.size < MAX_OFFERED) offered.add(offer)
    return false
  }

  // Another link may say better what a waiting page is for.
  const promote = (identity: string, purpose: PagePurpose, depth: number) => {
    if (purpose === 'other') return
    const waiting = queue.find((one) => one.purpose === 'other' && one.identity === identity)
    if (!waiting) return
    waiting.purpose = purpose
    waiting.depth = Math.min(waiting.depth, depth)
    waiting.value = valueOf(new URL(waiting.url), purpose, waiting.depth)
  }

  const hasRoom = (url: URL, purpose: PagePurpose): boolean => {
    const { key, kind } = familyOf(url)
    const folder = url.pathname.replace(/[^/]*\/?$/, '')
    const inFamily = families.get(key) ?? 0
    const inFolder = folders.get(folder) ?? 0
    if (inFamily >= MAX_PER_FAMILY[kind]) return false
    if (purpose === 'other' && folder !== '/' && inFolder >= MAX_PER_FOLDER) return false
    families.set(key, inFamily + 1)
    folders.set(folder, inFolder + 1)
    return true
  }

  const valueOf = (url: URL, purpose: PagePurpose, depth: number): number => {
    const dated = isDated(url) ? 15 : 0
    const query = url.search ? 8 : 0
    const archive = ARCHIVE.test(url.pathname) ? 8 : 0
    const spoken = languageInUrl(url)
    const foreign = language && spoken && spoken !== language ? FOREIGN_LANGUAGE : 0
    return PURPOSE_VALUE[purpose] - depth * 4 - dated - query - archive - foreign - url.pathname.length / 100
  }

  const take = (): Candidate | undefined => {
    let best = 0
    for (let index = 1; index < queue.length; index++)
      if (worth(queue[index]!) > worth(queue[best]!)) best = index
    const next = queue.splice(best, 1)[0]
    if (next) taken.set(next.purpose, (taken.get(next.purpose) ?? 0) + 1)
    return next
  }

  const worth = ({ purpose, value }: Queued): number =>
    (taken.get(purpose) ?? 0) < MAX_FAVOURED ? value : value - PURPOSE_VALUE[purpose] + PURPOSE_VALUE.other

  /** Pages that say they are in another language come last from now on. */
  const prefer = (code: string | null) => {
    language = code
  }

  const isFavoured = ({ purpose }: Candidate): boolean =>
    purpose !== 'other' && (taken.get(purpose) ?? 0) <= MAX_FAVOURED

  return { add, take, visited, skip, prefer, isFavoured, size: () => queue.length }
}
