// As path segment (`/en/contact`) or parameter value; two-letter folders that are no language are left out.
const LANGUAGES = new Set(
  'fr en de es it nl pt pl ru zh ja ar cs da sv fi no hu ro el tr uk lb ca he hr sk sl ko'.split(' '),
)
const PARAMETERS = new Set(['lang', 'langue', 'language', 'locale', 'hl'])
const OURS = 'fr'

/** The two letters of a language tag, or null. */
export const languageOf = (tag: string | null | undefined): string | null => {
  const code = tag?.trim().slice(0, 2).toLowerCase() ?? ''
  return /^[a-z]{2}$/.test(code) && !/^[a-z]{3}/i.test(tag!.trim()) ? code : null
}

/** The language an address says it is in (`/en/…`, `?lang=en`), or null. */
export const languageInUrl = (url: URL): string | null => {
  const segment = /^\/([a-z]{2})(?:[-_][a-z]{2})?(?:\/|$)/i.exec(url.pathname)?.[1]?.toLowerCase()
  if (segment && LANGUAGES.has(segment)) return segment
  for (const [name, value] of url.searchParams) {
    const code = PARAMETERS.has(name.toLowerCase()) ? value.slice(0, 2).toLowerCase() : ''
    if (LANGUAGES.has(code)) return code
  }
  return null
}

export type Alternate = { lang: string; url: string }

/** The language a site is read in: French when it has it, else that of its home page. */
export const siteLanguage = (home: {
  url: string
  lang: string | null
  alternates: Alternate[]
  links: { url: string }[]
}): string | null => {
  const own = ownLanguage(home)
  if (own === OURS || home.alternates.some((one) => languageOf(one.lang) === OURS)) return OURS
  const french = home.links.some((link) => {
    const url = URL.parse(link.url)
    return url !== null && languageInUrl(url) === OURS
  })
  return french ? OURS : own
}

/** The language of a page: what its address, its own alternate or its `lang` says. */
export const ownLanguage = (page: {
  url: string
  lang: string | null
  alternates: Alternate[]
}): string | null => {
  const named = page.alternates.find((one) => one.url === page.url && languageOf(one.lang) !== null)
  return languageInUrl(new URL(page.url)) ?? languageOf(named?.lang) ?? languageOf(page.lang)
}
