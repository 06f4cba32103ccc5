import { found, type Finding } from '../finding.ts'
import { listed, type SiteView } from '../site-view.ts'

const IMAGES_LEAST = 3
const ALT_LOW_RATIO = 0.2
const ALT_MEDIUM_RATIO = 0.5

/** Headings, images, language and sharing data of the pages. */
export const checkContent = (view: SiteView): Finding[] => [
  ...checkRendering(view),
  ...checkHeadings(view),
  ...checkImages(view),
  ...checkLanguage(view),
  ...checkSharing(view),
]

const checkRendering = ({ home }: SiteView): Finding[] =>
  home?.needsBrowser
    ? [
        found('needs-browser', {
          evidence: `the home page holds ${home.textLength} characters of text before its scripts run`,
          pageUrl: home.finalUrl,
          params: { length: home.textLength },
        }),
      ]
    : []

const checkHeadings = ({ home }: SiteView): Finding[] => {
  if (!home || home.needsBrowser || home.truncated) return []
  const headings = home.h1.map((text) => text.trim())
  if (headings.every((text) => text === '')) {
    return [
      found('h1-missing', { evidence: 'the home page has no main heading (h1)', pageUrl: home.finalUrl }),
    ]
  }
  if (headings.length < 2) return []
  const evidence = `${headings.length} main headings on the home page: ${listed(headings)}`
  return [found('h1-several', { evidence, pageUrl: home.finalUrl, params: { count: headings.length } })]
}

const checkImages = ({ staticPages }: SiteView): Finding[] => {
  const total = staticPages.reduce((sum, page) => sum + page.imageCount, 0)
  const without = staticPages.reduce((sum, page) => sum + page.imagesWithoutAlt, 0)
  const worst = staticPages.toSorted((a, b) => b.imagesWithoutAlt - a.imagesWithoutAlt)[0]
  if (!worst || without < IMAGES_LEAST || without / total < ALT_LOW_RATIO) return []
  const percent = Math.round((without / total) * 100)
  return [
    found('images-without-alt', {
      severity: without / total >= ALT_MEDIUM_RATIO ? 'medium' : 'low',
      evidence: `${without} of ${total} images (${percent} %) have no alt text`,
      pageUrl: worst.finalUrl,
      params: { count: without, total, percent },
    }),
  ]
}

const checkLanguage = ({ home }: SiteView): Finding[] =>
  home && (home.lang ?? '').trim() === ''
    ? [
        found('lang-missing', {
          evidence: 'no lang attribute on the html element of the home page',
          pageUrl: home.finalUrl,
        }),
      ]
    : []

const checkSharing = ({ home }: SiteView): Finding[] => {
  if (!home || home.needsBrowser || home.truncated) return []
  const missing = ['og:title', 'og:image'].filter(
    (name) => (home.openGraph[name] ?? home.openGraph[name.slice(3)] ?? '') === '',
  )
  if (missing.length === 0) return []
  const evidence = `no ${missing.join(' nor ')} on the home page`
  return [
    found('open-graph-missing', {
      evidence,
      pageUrl: home.finalUrl,
      params: { missing: missing.join(', ') },
    }),
  ]
}
