import { found, type Finding } from '../finding.ts'
import { fold, listed, type SiteView } from '../site-view.ts'
import type { PageRecord } from '#src/crawl/site-record.ts'

// What a results page shows; the existing product used 35–65 and 70–170.
const TITLE_LEAST = 20
const TITLE_MOST = 70
const DESCRIPTION_LEAST = 70
const DESCRIPTION_MOST = 170

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
  if (title === '')
    return home.needsBrowser
      ? []
      : [found('title-missing', { evidence: 'the home page has no title', pageUrl })]
  const evidence = `home page title (${title.length} characters): ${title}`
  const folded = fold(title).replace(/[’‘]/g, "'")
  if (GENERIC_TITLE.test(folded) || GENERIC_PART.test(folded))
    return [found('title-generic', { evidence, pageUrl, params })]
  if (title.length < TITLE_LEAST) return [found('title-short', { evidence, pageUrl, params })]
  return title.length > TITLE_MOST ? [found('title-long', { evidence, pageUrl, params })] : []
}

const checkDescription = (home: PageRecord): Finding[] => {
  const description = home.description?.replace(/\s+/g, ' ').trim() ?? ''
  const pageUrl = home.finalUrl
  if (description === '') {
    return home.needsBrowser
      ? []
      : [found('description-missing', { evidence: 'the home page has no meta description', pageUrl })]
  }
  const params = { length: description.length }
  const evidence = `meta description of ${description.length} characters: ${description}`
  if (description.length < DESCRIPTION_LEAST)
    return [found('description-short', { evidence, pageUrl, params })]
  return description.length > DESCRIPTION_MOST
    ? [found('description-long', { evidence, pageUrl, params })]
    : []
}

const checkDuplicates = ({ staticPages }: SiteView, field: 'title' | 'description'): Finding[] => {
  const groups = Map.groupBy(staticPages.filter(isOwnPage), (page) => fold(page[field] ?? ''))
  const worst = [...groups]
    .filter(([text, pages]) => text !== '' && pages.length > 1)
    .sort((a, b) => b[1].length - a[1].length)[0]
  const first = worst?.[1][0]
  if (!worst || !first) return []
  const text = first[field] ?? ''
  const evidence = `${worst[1].length} pages share the ${field} "${text.slice(0, 100)}": ${listed(worst[1].map(pathOf))}`
  return [
    found(field === 'title' ? 'title-duplicate' : 'description-duplicate', {
      evidence,
      pageUrl: first.finalUrl,
      params: { count: worst[1].length, text },
    }),
  ]
}

// Sorted, filtered and numbered lists share their title by nature, and so do copies that name their original.
const isOwnPage = (page: PageRecord): boolean => {
  if (page.finalUrl.includes('?') || /\/page\/\d+/.test(page.finalUrl)) return false
  const original = page.canonical ? URL.parse(page.canonical, page.finalUrl) : null
  return original === null || original.pathname === URL.parse(page.finalUrl)?.pathname
}

const pathOf = (page: PageRecord): string => URL.parse(page.finalUrl)?.pathname ?? page.finalUrl
