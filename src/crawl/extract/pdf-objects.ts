import { constants, inflateSync } from 'node:zlib'

const MAX_BYTES = 3_000_000
const MAX_OBJECTS = 20_000
const MAX_DICTIONARY = 100_000
const MAX_STREAM = 4_000_000
const MAX_UNPACKED = 16_000_000
const MAX_STREAMS = 600

/** A PDF's objects by number: the text of each and where its stream lies. Bytes are characters 0–255. */
export type PdfFile = {
  /** The dictionary or value of an object, '' when there is none */
  textOf(number: number): string
  /** The stream of an object, unpacked; '' when it has none that can be read */
  streamOf(number: number): string
  /** Numbers of all objects, in the order of the file */
  numbers: number[]
}

type Stored = { text: string; streamAt: number }

/** True for the first bytes of a PDF. */
export const isPdf = (body: Uint8Array): boolean =>
  body[0] === 0x25 && body[1] === 0x50 && body[2] === 0x44 && body[3] === 0x46

/** Opens a PDF by looking for its objects, whatever its table of contents says; null when it is locked. What is
 *  unpacked is bounded, in one stream and in all. */
export function openPdf(body: Uint8Array): PdfFile | null {
  const file = Buffer.from(body.buffer, body.byteOffset, Math.min(body.length, MAX_BYTES)).toString('latin1')
  if (/\/Encrypt\s+\d+\s+\d+\s+R|\/Encrypt\s*<</.test(file)) return null
  const objects = new Map<number, Stored>()
  const starts: { number: number; at: number; from: number }[] = []
  for (const match of file.matchAll(/(?<![\d.])(\d{1,7})\s{1,3}\d{1,5}\s{1,3}obj\b/g)) {
    if (starts.length >= MAX_OBJECTS) break
    starts.push({ number: Number(match[1]), at: match.index, from: match.index + match[0].length })
  }
  for (const [index, { number, from }] of starts.entries())
    objects.set(number, objectAt(file, from, starts[index + 1]?.at ?? file.length))
  const unpacked = new Map<number, string>()
  let left = MAX_UNPACKED
  const streamOf = (number: number): string => {
    const known = unpacked.get(number)
    if (known !== undefined) return known
    const object = objects.get(number)
    if (!object || object.streamAt < 0 || left <= 0 || unpacked.size >= MAX_STREAMS) return ''
    const text = unpack(file, object, (ref) => objects.get(ref)?.text ?? '', Math.min(MAX_STREAM, left))
    left -= text.length
    unpacked.set(number, text)
    return text
  }
  for (const { number } of starts) {
    const { text } = objects.get(number)!
    if (/\/Type\s*\/ObjStm\b/.test(text)) addPacked(text, streamOf(number), objects)
  }
  return { textOf: (number) => objects.get(number)?.text ?? '', streamOf, numbers: [...objects.keys()] }
}

function objectAt(file: string, from: number, next: number): Stored {
  const whole = file.slice(from, Math.min(next, from + MAX_DICTIONARY))
  const end = whole.indexOf('endobj')
  const head = end < 0 ? whole : whole.slice(0, end)
  const stream = /(?:>>|\s)stream\r?\n/.exec(head)
  if (!stream) return { text: head, streamAt: -1 }
  return { text: head.slice(0, stream.index + 2), streamAt: from + stream.index + stream[0].length }
}

function unpack(
  file: string,
  { text, streamAt }: Stored,
  textOf: (ref: number) => string,
  most: number,
): string {
  const length = /\/Length\s+(\d+)(?:\s+\d+\s+(R))?/.exec(text)
  const said = length ? Number(length[2] ? textOf(Number(length[1])).trim() : length[1]) : Number.NaN
  const found = file.indexOf('endstream', Number.isFinite(said) ? streamAt + Math.max(0, said - 2) : streamAt)
  const end =
    Number.isFinite(said) && streamAt + said <= file.length
      ? streamAt + said
      : found < 0
        ? file.length
        : found
  let data = file.slice(streamAt, end)
  for (const [, filter] of (/\/Filter\s*(\[[^\]]*\]|\/\w+)/.exec(text)?.[1] ?? '').matchAll(/\/(\w+)/g)) {
    if (filter === 'FlateDecode' || filter === 'Fl') data = inflate(data, most)
    else if (filter === 'ASCII85Decode' || filter === 'A85') data = fromAscii85(data)
    else if (filter === 'ASCIIHexDecode' || filter === 'AHx') data = fromHex(data)
    else return ''
  }
  return data.slice(0, most)
}

function inflate(data: string, most: number): string {
  try {
    // A stream cut short still yields what it held so far.
    const options = { maxOutputLength: most, finishFlush: constants.Z_SYNC_FLUSH }
    return inflateSync(Buffer.from(data, 'latin1'), options).toString('latin1')
  } catch {
    return ''
  }
}

function fromAscii85(data: string): string {
  const signs = data.replace(/\s+/g, '').replace(/^<~/, '').replace(/~>.*$/s, '').replaceAll('z', '!!!!!')
  let out = ''
  for (let at = 0; at < signs.length; at += 5) {
    const group = signs.slice(at, at + 5)
    let value = 0
    for (let place = 0; place < 5; place++) value = value * 85 + (group.charCodeAt(place) || 117) - 33
    for (let byte = 3; byte >= 5 - group.length; byte--)
      out += String.fromCharCode(Math.floor(value / 256 ** byte) & 255)
  }
  return out
}

export const fromHex = (data: string): string => {
  const digits = data.replace(/[^\da-f]/gi, '')
  return (digits.length % 2 === 1 ? `${digits}0` : digits).replace(/../g, (pair) =>
    String.fromCharCode(Number.parseInt(pair, 16)),
  )
}

/** Objects that lie packed in a stream: pairs of number and place, then the objects. */
function addPacked(dictionary: string, stream: string, objects: Map<number, Stored>): void {
  const first = Number(/\/First\s+(\d+)/.exec(dictionary)?.[1] ?? Number.NaN)
  if (!Number.isFinite(first)) return
  const places = (stream.slice(0, first).match(/\d+/g) ?? []).map(Number)
  for (let at = 0; at + 1 < places.length && objects.size < MAX_OBJECTS; at += 2) {
    const from = first + places[at + 1]!
    const to = at + 3 < places.length ? first + places[at + 3]! : stream.length
    if (!objects.has(places[at]!))
      objects.set(places[at]!, {
        text: stream.slice(from, Math.min(to, from + MAX_DICTIONARY)),
        streamAt: -1,
      })
  }
}
