import { found, type Finding } from '../finding.ts'
import { listValue } from '#src/lib/fill-in.ts'
import { fold, type SiteView } from '../site-view.ts'
import type { PageRecord } from '#src/crawl/site-record.ts'

// What a results page shows; the existing product used 35–65 and 70–170.
const TITLE_LEAST = 20
const TITLE_MOST = 70
const DESCRIPTION_LEAST = 70
const DESCRIPTION_MOST = 170
// Of a text that several pages share.
const SHOWN = 100

const GENERIC_TITLE =
  /^(accueil|home|home ?page|index|page d'accueil|bienvenue|welcome|untitled( document)?|sans titre|document sans titre|document|nouvelle page( \d+)?|mon site( web)?|my (site|website|blog)|site internet|page web)$/
const GENERIC_PART =
  /just another wordpress site|un site utilisant wordpress|un autre site wordpress|my wordpress (blog|website)/

/** Titles and descriptions, as a results page of a search engine would show them. */
export const checkTitles = (view: SiteView): Finding[] => {
  const { home } = view
  const own = home && !home.truncated ? [...checkTitle(home), ...checkDescription(home)] : []
  return [...own, ...checkDuplicates(view, 'title'), ...checkDuplicates(view, 'description')]
}

const checkTitle = (home: PageRecord): Finding[] => {
  const title = home.title?.replace(/\s+/g, ' ').trim() ?? ''
  const pageUrl = home.finalUrl
  const params = { title, length: title.length }
  if (title === '') return home.needsBrowser ? [] : [found('title-missing', { pageUrl })]
  const folded = fold(title).replace(/[’‘]/g, "'")
  if (GENERIC_TITLE.test(folded) || GENERIC_PART.test(folded))
    return [found('title-generic', { pageUrl, params })]
  if (title.length < TITLE_LEAST) return [found('title-short', { pageUrl, params })]
  return title.length > TITLE_MOST ? [found('title-long', { pageUrl, params })] : []
}

const checkDescription = (home: PageRecord): Finding[] => {
  const description = home.description?.replace(/\s+/g, ' ').trim() ?? ''
  const pageUrl = home.finalUrl
  if (description === '') {
    return home.needsBrowser ? [] : [found('description-missing', { pageUrl })]
  }
  const params = { length: description.length, description }
  if (description.length < DESCRIPTION_LEAST) return [found('description-short', { pageUrl, params })]
  return description.length > DESCRIPTION_MOST ? [found('description-long', { pageUrl, params })] : []
}

const checkDuplicates = ({ staticPages }: SiteView, field: 'title' | 'description'): Finding[] => {
  const groups = Map.groupBy(staticPages.filter(isOwnPage), (page) => fold(page[field] ?? ''))
  const worst = [...groups]
    .filter(([text, pages]) => text !== '' && pages.length > 1)
    .sort((a, b) => b[1].length - a[1].length)[0]
  const first = worst?.[1][0]
  if (!worst || !first) return []
  const text = first[field] ?? ''
  const rule = field === 'title' ? 'title-duplicate' : 'description-duplicate'
  const paths = listValue('paths', worst[1].map(pathOf))
  const params = { count: worst[1].length, text: text.slice(0, SHOWN), ...paths }
  return [found(rule, { pageUrl: first.finalUrl, params })]
}

// Sorted, filtered and numbered lists share their title by nature, and so do copies that name their original.
const isOwnPage = (page: PageRecord): boolean => {
  if (page.finalUrl.includes('?') || /\/page\/\d+/.test(page.finalUrl)) return false
  const original = page.canonical ? URL.parse(page.canonical, page.finalUrl) : null
  return original === null || original.pathname === URL.parse(page.finalUrl)?.pathname
}

const pathOf = (page: PageRecord): string => URL.parse(page.finalUrl)?.pathname ?? page.finalUrl
