const SAFE_PROTOCOLS = new Set(['http:', 'https:', 'mailto:', 'tel:'])

/** A crawled or imported URL made harmless for `href`: anything but http(s), mailto and tel becomes `#`. */
export const safeHref = (url: string | null | undefined): string => {
  if (!url || !URL.canParse(url)) return '#'
  return SAFE_PROTOCOLS.has(new URL(url).protocol) ? url : '#'
}

/** A URL as people read it: no scheme, no trailing slash. */
export const readableUrl = (url: string): string => url.replace(/^https?:\/\//, '').replace(/\/$/, '')
