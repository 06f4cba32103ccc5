import { IN_FOOTER, IN_FORM, IN_HEADER, IN_NAV, IN_NOSCRIPT, IN_QUOTE } from './page-view.ts'

/** Elements that end the line of text before them. */
export const BLOCKS = new Set(
  (
    'address article aside blockquote body br button caption center dd details dialog dir div dl dt fieldset ' +
    'figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html iframe legend li main menu nav noscript ' +
    'ol option p pre search section select summary table tbody td text tfoot th thead tr ul'
  ).split(' '),
)
/** What no site has been made with for years. */
export const OLD_TAGS = new Set('font center frameset marquee table'.split(' '))
/** Elements without an end. */
export const VOID = new Set('area base br col embed hr img input link meta param source track wbr'.split(' '))
/** What an element says of the text within it. */
export const CONTAINER_FLAGS: Record<string, number> = {
  header: IN_HEADER,
  footer: IN_FOOTER,
  nav: IN_NAV,
  blockquote: IN_QUOTE,
  noscript: IN_NOSCRIPT,
  form: IN_FORM,
}
/** Elements whose class may say what they hold. */
export const CONTAINERS = new Set(
  'div section article aside li ul ol p span td figure figcaption main'.split(' '),
)
