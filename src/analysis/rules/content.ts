import { found, type Finding } from '../finding.ts'
import { listValue } from '#src/lib/fill-in.ts'
import type { SiteView } from '../site-view.ts'

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
          pageUrl: home.finalUrl,
          params: { length: home.textLength },
        }),
      ]
    : []

const checkHeadings = ({ home }: SiteView): Finding[] => {
  if (!home || home.needsBrowser || home.truncated) return []
  const headings = home.h1.map((text) => text.trim())
  if (headings.every((text) => text === '')) {
    return [found('h1-missing', { pageUrl: home.finalUrl })]
  }
  if (headings.length < 2) return []
  const params = { count: headings.length, ...listValue('headings', headings) }
  return [found('h1-several', { pageUrl: home.finalUrl, params })]
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
      pageUrl: worst.finalUrl,
      params: { count: without, total, percent },
    }),
  ]
}

const checkLanguage = ({ home }: SiteView): Finding[] =>
  home && (home.lang ?? '').trim() === '' ? [found('lang-missing', { pageUrl: home.finalUrl })] : []

const checkSharing = ({ home }: SiteView): Finding[] => {
  if (!home || home.needsBrowser || home.truncated) return []
  const missing = ['og:title', 'og:image'].filter(
    (name) => (home.openGraph[name] ?? home.openGraph[name.slice(3)] ?? '') === '',
  )
  if (missing.length === 0) return []
  return [found('open-graph-missing', { pageUrl: home.finalUrl, params: { missing: missing.join(', ') } })]
}
