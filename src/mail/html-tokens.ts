import { decodeHTMLAttribute, escapeUTF8 } from 'entities'

/** A piece of HTML. `text` stands between tags; `raw` is left as it is: comments, styles, scripts, declarations. */
export type HtmlToken =
  | { kind: 'text'; source: string }
  | { kind: 'raw'; source: string }
  | { kind: 'tag'; source: string; name: string; closing: boolean }

// What Outlook reads inside a comment is HTML as well: only its two ends are comments. `<!-->` is a whole one, and `--!>`
// ends one (HTML §13.2.5.43).
const PIECE =
  /<!--\[if[^\]]*\]>|<!\[endif\]-->|<!--(?:-?>|[\s\S]*?(?:--!?>|$))|<[!?][^>]*>|<\/?([a-z][a-z0-9:_-]*)(?:[^>"']|"[^"]*"|'[^']*')*>/gi
const ENDS: Record<string, RegExp> = Object.fromEntries(
  ['style', 'script', 'title', 'textarea', 'xmp', 'noembed', 'noframes'].map((name) => [
    name,
    new RegExp(`</${name}[\\s/>]`, 'gi'),
  ]),
)

/** HTML in pieces that put together give the same text again, byte by byte. */
export function* htmlTokens(html: string): Generator<HtmlToken> {
  let at = 0
  const piece = new RegExp(PIECE)
  for (let found = piece.exec(html); found; found = piece.exec(html)) {
    if (found.index > at) yield { kind: 'text', source: html.slice(at, found.index) }
    const [source, tag] = found
    at = found.index + source.length
    const name = tag?.toLowerCase()
    if (name === undefined) {
      yield { kind: 'raw', source }
      continue
    }
    const closing = source.startsWith('</')
    yield { kind: 'tag', source, name, closing }
    const end = closing ? undefined : ENDS[name]
    if (!end) continue
    end.lastIndex = at
    const until = end.exec(html)?.index ?? html.length
    if (until > at) yield { kind: 'raw', source: html.slice(at, until) }
    at = until
    piece.lastIndex = at
  }
  if (at < html.length) yield { kind: 'text', source: html.slice(at) }
}

const ATTRIBUTE = /([^\s"'<>/=]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))/g

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
