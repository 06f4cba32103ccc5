/* What the pass over a page looks for in attributes and texts. */

export const QUOTE_NAME =
  /testimon|blockquote|t[ée]moign|\breview|\bavis\b|\bavis-|comment-?(?:list|body|author|content|meta|text)|forum-(?:texte|message|chapo|titre|fil)|(?:^|\s)(?:comments?|commentaires?)(?:-item|-single)?(?=\s|$)/i
export const QUOTE_ID =
  /^(?:comments?|commentaires?|comment-?list|respond|(?:li-|div-)?comment-\d+|disqus_thread)$/i
export const FOOTER_NAME =
  /(?:^|[\s_-])(?:site-?footer|footer|pied-?de-?page|colophon|copyright)(?:$|[\s_-])/i
export const HIDDEN_STYLE = /display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])/i
export const REVERSED_STYLE = /bidi-override[^"]*direction\s*:\s*rtl|direction\s*:\s*rtl[^"]*bidi-override/i
export const AT_IMAGE = /^(?:@|\(at\)|\[at\]|arobase|at|chez)$/i
export const AT_IMAGE_FILE =
  /(?:^|[/_-])(?:at|arobase?|arobaze?|arrobase|at-?sign|snail)[_-]?\d{0,2}\.(?:gif|png|jpe?g|svg|webp)(?:$|\?)/i
export const DECOY = /^@?[\w.-]{1,24}@?$/
export const FAX_ICON = /(?:^|\s)(?:(?:fa|icon|bi|mdi|ti|ri|la|dashicons)-fax|fax-icon|icon_fax)(?:\s|$)/
export const PHONE_ATTRIBUTE = /^data-(?:phone|tel|telephone|phone-?number)$/
export const AT_ICON = /(?:^|\s)(?:fa-at|icon-at|spancrypt|bi-at)(?:\s|$)/
// oxlint-disable-next-line no-misleading-character-class -- joiners are removed one by one
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]/
export const INVISIBLE_ALL = new RegExp(INVISIBLE.source, 'g')
// Written out, since `\s\s` would be asked at every letter.
// oxlint-disable-next-line no-misleading-character-class -- joiners are removed one by one
export const UNTIDY =
  /[\t-\r\u00a0\u00ad\u1680\u2000-\u200f\u2028-\u202f\u205f\u2060\u3000\ufeff＠０-９]| {2}/
export const tidy = (text: string): string => {
  let plain = INVISIBLE.test(text) ? text.replace(INVISIBLE_ALL, '') : text
  if (plain.includes('＠')) plain = plain.replaceAll('＠', '@').replaceAll('．', '.')
  if (/[０-９]/.test(plain)) plain = plain.normalize('NFKC')
  return plain.replace(/\s+/g, ' ').trim()
}
/** Class names under which themes and plugins keep text from being shown. */
export const HIDDEN_NAME =
  /(?:^|\s)(?:eeb-nodis|no-?display|displaynone|display-none|d-none|hidden|hide|no-?spam|anti-?spam|invisible|cach[eé]r?|sr-only|visually-hidden)(?:\s|$)/i
