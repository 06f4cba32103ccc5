const SAFE_PROTOCOLS = new Set(['http:', 'https:', 'mailto:', 'tel:'])
// Characters that turn or hide what stands beside them.
const INVISIBLE = /(?![\t\n])\p{Cc}|[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu

/** A crawled or imported URL made harmless for `href`: anything but http(s), mailto and tel becomes `#`. */
export const safeHref = (url: string | null | undefined): string => {
  if (!url || !URL.canParse(url)) return '#'
  return SAFE_PROTOCOLS.has(new URL(url).protocol) ? url : '#'
}

/** A URL as people read it: no scheme, no trailing slash. */
export const readableUrl = (url: string): string => url.replace(/^https?:\/\//, '').replace(/\/$/, '')

/** A crawled textwithout characters that nobody sees or that turn the line around. */
export const visible = (text: string): string => text.replace(INVISIBLE, '')
