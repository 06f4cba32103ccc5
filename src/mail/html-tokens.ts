import { decodeHTMLAttribute, escapeUTF8 } from 'entities'
import { endsOutsideQuotes } from '#src/lib/ends-outside-quotes.ts'

/** A piece of HTML. `text` stands between tags; `raw` is left as it is: comments, styles, scripts, declarations. */
export type HtmlToken =
  | { kind: 'text'; source: string }
  | { kind: 'raw'; source: string }
  | { kind: 'tag'; source: string; name: string; closing: boolean }

// What Outlook reads inside a comment is HTML as well: only its two ends are comments. `<!-->` is a whole one, and `--!>`
// ends one (HTML §13.2.5.43).
const BEGIN =
  /<!--\[if[^\]]{0,500}\]>|<!\[endif\]-->|<!--(?:-?>|[\s\S]*?(?:--!?>|$))|<[!?]|<\/?([a-z][a-z0-9:_-]*)/gi
const REST_OF_TAG = /(?:[^>"']|"[^"]*"|'[^']*')*>/y
const ENDS: Record<string, RegExp> = Object.fromEntries(
  ['style', 'script', 'title', 'textarea', 'xmp', 'noembed', 'noframes'].map((name) => [
    name,
    new RegExp(`</${name}[\\s/>]`, 'gi'),
  ]),
)

/** HTML in pieces that put together give the same text again, byte by byte; what is begun and never ended is text. */
export function* htmlTokens(html: string): Generator<HtmlToken> {
  let at = 0
  const begin = new RegExp(BEGIN)
  const endOfTag = tagEnds(html)
  for (let found = begin.exec(html); found; found = begin.exec(html)) {
    const name = found[1]?.toLowerCase()
    const isDeclaration = /^<[!?]$/.test(found[0])
    const end =
      name !== undefined || isDeclaration ? endOfTag(begin.lastIndex, isDeclaration) : begin.lastIndex
    if (end < 0) continue
    if (found.index > at) yield { kind: 'text', source: html.slice(at, found.index) }
    const source = html.slice(found.index, end)
    at = end
    begin.lastIndex = at
    if (name === undefined) {
      yield { kind: 'raw', source }
      continue
    }
    const closing = source.startsWith('</')
    yield { kind: 'tag', source, name, closing }
    const close = closing ? undefined : ENDS[name]
    if (!close) continue
    close.lastIndex = at
    const until = close.exec(html)?.index ?? html.length
    if (until > at) yield { kind: 'raw', source: html.slice(at, until) }
    at = until
    begin.lastIndex = at
  }
  if (at < html.length) yield { kind: 'text', source: html.slice(at) }
}

/** Where the tag or declaration that is open at a place ends; -1: nowhere. Once one does not end, the ends of all are found
 *  at once, as looking for that of each to the end of the text takes the square of its length. */
const tagEnds = (html: string): ((from: number, isDeclaration: boolean) => number) => {
  const last = html.lastIndexOf('>')
  const rest = new RegExp(REST_OF_TAG)
  let ends: Int32Array | undefined
  return (from, isDeclaration) => {
    if (isDeclaration) return from > last ? -1 : html.indexOf('>', from) + 1
    if (ends) return ends[from] ?? -1
    rest.lastIndex = from
    if (rest.test(html)) return rest.lastIndex
    ends = endsOutsideQuotes(html, '>')
    return -1
  }
}

// From where a name begins only: a long word that is none is read once.
const ATTRIBUTE = /(?<![^\s"'<>/=])([^\s"'<>/=]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/g

/** The value of an attribute of a tag as a browser reads it; null when it has none. */
export const attributeOf = (tag: string, wanted: string): string | null => {
  for (const [, name = '', double, single, bare] of tag.matchAll(ATTRIBUTE))
    if (name.toLowerCase() === wanted) return decodeHTMLAttribute(double ?? single ?? bare ?? '').trim()
  return null
}

/** The tag with another value for that attribute (its first one, which is the one that counts). */
export const withAttribute = (tag: string, wanted: string, value: string): string => {
  let done = false
  return tag.replace(ATTRIBUTE, (whole, name: string) => {
    if (done || name.toLowerCase() !== wanted) return whole
    done = true
    return `${name}="${escapeUTF8(value)}"`
  })
}
