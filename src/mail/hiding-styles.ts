import { attributeOf } from './html-tokens.ts'

/** Styles after which nothing within an element is seen. */
const HIDES =
  /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|opacity\s*:\s*(?:0?\.0\d*|0+)(?![\d.])|(?:max-)?(?:height|width)\s*:\s*0+(?:px|em|rem|%|pt)?\s*(?:!|;|$)|(?:left|right|top|bottom|text-indent|margin(?:-[a-z]+)?)\s*:[^;]*-\d{3,}|transform\s*:[^;]*scale[xy]?\(\s*0+(?![\d.])|clip(?:-path)?\s*:\s*(?:rect|inset|circle)|mso-hide\s*:\s*all|content-visibility\s*:\s*hidden)/i
/** A sheet that hides so much is none of a mail: it is taken to hide everything. */
const MAX_HIDING = 500
const COMBINATOR = /\s*[>+~]\s*|\s+/
const ATTRIBUTE = /\[\s*([\w-]+)\s*(?:[~|^$*]?=\s*["']?([^"'\]]*)["']?\s*[is]?\s*)?\]/g
const PSEUDO = /:[\w-]+(?:\([^()]*\))?/g

export const hides = (style: string): boolean => HIDES.test(plainCss(style))

/** Tells of a style sheet whether it hides an element, by its start tag and those of what it stands in. Rules that cannot
 *  be judged by the tag alone (:first-child, :is(…)) count as ones that fit. */
export const readHidingRules = (sheets: string): ((tag: string, name: string) => boolean) => {
  const selectors = rulesOf(plainCss(sheets))
    .filter(({ declarations }) => hides(declarations))
    .flatMap(({ list }) => withoutPseudos(list).split(','))
    .map((selector) => selector.trim().split(COMBINATOR))
  if (selectors.length > MAX_HIDING) return () => true
  return (tag, name) =>
    selectors.some((compounds) => fits(compounds.at(-1) ?? '', tag, name) && mayStandIn(compounds, name))
}

/** The innermost blocks with what stands before them. */
const rulesOf = (css: string): { list: string; declarations: string }[] =>
  css
    .split('}')
    .slice(0, -1)
    .map((part) => part.split('{').slice(-2))
    .flatMap(([list = '', declarations]) =>
      list === '' || declarations === undefined ? [] : [{ list, declarations }],
    )

// Escapes hide what is written.
const plainCss = (css: string): string =>
  css.replaceAll(/\/\*[\s\S]*?(?:\*\/|$)/g, '').replaceAll(/\\([0-9a-f]{1,6})\s?/gi, (_, hex: string) => {
    const point = Number.parseInt(hex, 16)
    return point > 0 && point <= 0x10ffff ? String.fromCodePoint(point) : ''
  })

// What stands before or after an element (::before) is not the element.
const withoutPseudos = (list: string): string => {
  let text = list
    .split(',')
    .map((one) => (/::[\w-]|:(?:before|after)\b/i.test(one) ? '#nothing' : one))
    .join(',')
  for (let before = ''; before !== text;) {
    before = text
    text = text.replaceAll(PSEUDO, '')
  }
  return text.replaceAll('&', '')
}

const fits = (compound: string, tag: string, name: string): boolean => {
  const attributes = [...compound.matchAll(ATTRIBUTE)]
  const rest = compound.replaceAll(ATTRIBUTE, '')
  const [type = ''] = /^[\w-]+|^\*/.exec(rest) ?? []
  if (type !== '' && type !== '*' && type.toLowerCase() !== name) return false
  const classes = (attributeOf(tag, 'class') ?? '').split(/\s+/)
  const id = attributeOf(tag, 'id')
  const marks = rest.match(/[.#][^.#\s]+/g) ?? []
  return (
    marks.every((mark) => (mark.startsWith('.') ? classes.includes(mark.slice(1)) : id === mark.slice(1))) &&
    attributes.every(([, wanted = '', value = '']) => {
      const found = attributeOf(tag, wanted.toLowerCase())
      return found !== null && found.includes(value)
    })
  )
}

/** Nothing but the document itself stands around html and body. */
const mayStandIn = (compounds: readonly string[], name: string): boolean =>
  (name !== 'body' && name !== 'html') ||
  compounds.slice(0, -1).every((compound) => /^(?:\*|html)?(?:$|\[)/i.test(compound))
