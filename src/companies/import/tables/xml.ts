import { tableError } from './table.ts'

const MAX_TAG = 1024 * 1024
const LONGEST_ENTITY = 10

/** What a part of a spreadsheet says, in order. `name` is without its prefix, `attributes` is the raw text
 *  between the name and the closing bracket (see `attribute`). A text may come in several pieces. */
export type XmlHandler = {
  open: (name: string, attributes: string) => void
  close: (name: string) => void
  text: (text: string) => void
}

/** A reader that is fed text piece by piece and keeps no tree, so that depth and length cost nothing.
 *  Declared entities are never expanded and document types are skipped: neither an entity bomb nor an outside
 *  file can be reached. Throws `unreadable` on a tag without an end. */
export const createXmlReader = (handler: XmlHandler): { push: (piece: string) => void; end: () => void } => {
  let rest = ''
  const read = (piece: string, last: boolean): void => {
    const text = rest === '' ? piece : rest + piece
    let at = 0
    while (at < text.length) {
      const open = text.indexOf('<', at)
      if (open !== at) {
        const upTo = open === -1 ? endOfText(text, at, last) : open
        if (upTo > at) handler.text(decodeEntities(text.slice(at, upTo)))
        at = upTo
        if (open === -1) break
      }
      const end = endOfTag(text, at, last)
      if (end === -1) break
      readTag(text, at, end, handler)
      at = end
    }
    rest = text.slice(at)
    if (rest.length > MAX_TAG) throw tableError('unreadable', 'a tag has no end')
  }
  return {
    push: (piece) => read(piece, false),
    end: () => {
      read('', true)
      if (rest !== '') throw tableError('unreadable', 'the text is cut short')
    },
  }
}

// A piece may end within an entity: what follows the last & waits for the next piece.
const endOfText = (text: string, at: number, last: boolean): number => {
  const amp = last ? -1 : text.lastIndexOf('&')
  return amp >= at && text.length - amp < LONGEST_ENTITY && !text.includes(';', amp) ? amp : text.length
}

const endOfTag = (text: string, at: number, last: boolean): number => {
  const second = text.charCodeAt(at + 1)
  if (second !== 33 && second !== 63) return endOfPlainTag(text, at)
  if (text.length - at < 9 && !last && !text.includes('>', at)) return -1
  if (second === 63) return after(text, '?>', at + 2)
  if (text.startsWith('<!--', at)) return after(text, '-->', at + 4)
  if (text.startsWith('<![CDATA[', at)) return after(text, ']]>', at + 9)
  return endOfDocumentType(text, at)
}

const after = (text: string, mark: string, from: number): number => {
  const found = text.indexOf(mark, from)
  return found === -1 ? -1 : found + mark.length
}

const endOfDocumentType = (text: string, at: number): number => {
  const end = text.indexOf('>', at)
  const subset = text.indexOf('[', at)
  if (end === -1 || subset === -1 || subset > end) return end === -1 ? -1 : end + 1
  const close = /\]\s*>/g
  close.lastIndex = subset
  return close.test(text) ? close.lastIndex : -1
}

// A bracket inside an attribute's quotes is legal.
const endOfPlainTag = (text: string, at: number): number => {
  let quote = 0
  for (let i = at; i < text.length; i++) {
    const code = text.charCodeAt(i)
    if (quote !== 0) quote = code === quote ? 0 : quote
    else if (code === 62) return i + 1
    else if (code === 34 || code === 39) quote = code
  }
  return -1
}

const readTag = (text: string, at: number, end: number, handler: XmlHandler): void => {
  const second = text.charCodeAt(at + 1)
  if (second === 33) {
    if (text.startsWith('<![CDATA[', at)) handler.text(text.slice(at + 9, end - 3))
    return
  }
  if (second === 63) return
  if (second === 47) return handler.close(localName(text.slice(at + 2, end - 1).trimEnd()))
  const selfClosing = text.charCodeAt(end - 2) === 47
  const inside = text.slice(at + 1, selfClosing ? end - 2 : end - 1)
  const space = inside.search(/\s/)
  const name = localName(space === -1 ? inside : inside.slice(0, space))
  handler.open(name, space === -1 ? '' : inside.slice(space))
  if (selfClosing) handler.close(name)
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1)

/** One attribute of a tag by its full name (`r:id`), entities decoded; undefined when it is not there. */
export const attribute = (attributes: string, name: string): string | undefined => {
  let at = attributes.indexOf(name)
  while (at !== -1) {
    const before = attributes.charCodeAt(at - 1)
    const value = at > 0 && before <= 32 ? valueAt(attributes, at + name.length) : undefined
    if (value !== undefined) return decodeEntities(value)
    at = attributes.indexOf(name, at + 1)
  }
  return undefined
}

const valueAt = (attributes: string, from: number): string | undefined => {
  const equals = /\s*=\s*(["'])/y
  equals.lastIndex = from
  const match = equals.exec(attributes)
  if (!match) return undefined
  const end = attributes.indexOf(match[1]!, equals.lastIndex)
  return end === -1 ? undefined : attributes.slice(equals.lastIndex, end)
}

const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

const decodeEntities = (text: string): string =>
  text.includes('&')
    ? text.replace(
        /&(?:#x([0-9a-f]{1,6})|#(\d{1,7})|(amp|lt|gt|quot|apos));/gi,
        (whole, hex, decimal, name) => {
          if (name) return NAMED[name.toLowerCase()] ?? whole
          const code = hex ? Number.parseInt(hex, 16) : Number(decimal)
          return code <= 0x10ffff ? String.fromCodePoint(code) : ''
        },
      )
    : text
