import { PHONE_ATTRIBUTE } from './page-signs.ts'
import { decodeBase64, decoded } from './string-expressions.ts'

const MAX_ATTRIBUTE = 4_000
const MAX_NUMBERS = 5
/** Where scripts that show a number on a click keep it whole, on an element whose class says phone. */
const WHOLE_NUMBER =
  /^data-(?:full|number|num|numero|value|content|text|reveal|show|hidden|real|val|clear|decoded|original|display|replace|mobile|gsm|portable|fixe|contact)(?:-?(?:number|text|value|phone|tel))?$/
const PHONE_CLASS = /(?:^|[\s_-])(?:phones?|tel|telephone|mobile|gsm|portable|numero|whatsapp)(?:$|[\s_-])/i
const ITSELF_PHONE =
  /^data-(?:[a-z]+-)?(?:mobile|gsm|portable|fixe)(?:-?number)?$|^data-[a-z]+-(?:phone|tel)$/
const NUMBER = /^(?:tel:)?(\+?[\d(][\d .()/-]{7,22}\d)$/
/** base64 of digits, spaces and points */
const CODED = /^(?:M[CD]|K[zD])[A-Za-z\d]{9,29}={0,2}$/
const KEYED =
  /["'](?:[a-z]{0,12}[_-]?)?(?:phone|telephone|tel|mobile|portable|gsm|fixe|whatsapp)(?:_?-?number)?["']\s*:\s*["'](\+?[\d(][\d .()/-]{7,20}\d)["']/gi

/** Phone numbers that an attribute holds: `data-phone="…"`, `class="hidden-phone" data-full="…"`, or data of a
 *  component, `data-agent='{"mobile":"…"}'`. */
export function numbersInAttribute(name: string, value: string, className: string): string[] {
  if (value.length < 9 || value.length > MAX_ATTRIBUTE) return []
  if (value.length < 40) {
    const number =
      NUMBER.exec(value.trim())?.[1] ??
      (CODED.test(value) ? NUMBER.exec(decodeBase64(value).trim())?.[1] : undefined)
    if (!number) return []
    const said =
      PHONE_ATTRIBUTE.test(name) ||
      ITSELF_PHONE.test(name) ||
      (WHOLE_NUMBER.test(name) && PHONE_CLASS.test(className))
    return said ? [number] : []
  }
  if (!/phone|tel|mobile|portable|gsm|fixe/i.test(value)) return []
  return [...decoded(value).matchAll(KEYED)].slice(0, MAX_NUMBERS).map((match) => match[1]!)
}
