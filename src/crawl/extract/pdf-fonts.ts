import { fromHex, type PdfFile } from './pdf-objects.ts'

const MAX_CODES = 20_000
const MAX_RANGE = 512
/** Width of a letter whose font does not tell, in thousandths of the size */
const COMMON_WIDTH = 500

export type PdfFont = {
  /** Bytes of one code */
  bytes: 1 | 2
  textOf(code: number): string
  /** Thousandths of the size; null when the font does not tell */
  widthOf(code: number): number | null
}

// What glyph names of /Differences mean, beyond single letters.
const GLYPHS: Record<string, string> = {
  space: ' ',
  at: '@',
  period: '.',
  comma: ',',
  colon: ':',
  hyphen: '-',
  minus: '-',
  underscore: '_',
  plus: '+',
  slash: '/',
  parenleft: '(',
  parenright: ')',
  zero: '0',
  one: '1',
  two: '2',
  three: '3',
  four: '4',
  five: '5',
  six: '6',
  seven: '7',
  eight: '8',
  nine: '9',
  eacute: 'é',
  egrave: 'è',
  ecircumflex: 'ê',
  edieresis: 'ë',
  agrave: 'à',
  acircumflex: 'â',
  ccedilla: 'ç',
  icircumflex: 'î',
  idieresis: 'ï',
  ocircumflex: 'ô',
  ugrave: 'ù',
  ucircumflex: 'û',
  udieresis: 'ü',
  Eacute: 'É',
  Egrave: 'È',
  Agrave: 'À',
  Ccedilla: 'Ç',
  oe: 'œ',
  quoteright: '’',
  quotesingle: "'",
  endash: '–',
  emdash: '—',
  bullet: '•',
  degree: '°',
  fi: 'fi',
  fl: 'fl',
  f_i: 'fi',
  Euro: '€',
  nbspace: ' ',
  odieresis: 'ö',
  adieresis: 'ä',
  ntilde: 'ñ',
}
const decoders = { win: new TextDecoder('windows-1252'), mac: new TextDecoder('macintosh' as 'utf-8') }

/** How a font of a PDF turns codes into text: by its own table where it has one, else by its encoding. */
export function readFont(dictionary: string, file: PdfFile): PdfFont {
  const wide = /\/Subtype\s*\/Type0\b/.test(dictionary)
  const table = /\/ToUnicode\s+(\d+)\s+\d+\s+R/.exec(dictionary)
  const map = table ? readCharacterMap(file.streamOf(Number(table[1]))) : new Map<number, string>()
  const encoding = encodingOf(dictionary, file)
  const differences = differencesOf(encoding)
  const decoder = encoding.includes('MacRoman') ? decoders.mac : decoders.win
  return {
    bytes: wide ? 2 : 1,
    textOf: (code) =>
      map.get(code) ?? differences.get(code) ?? (wide ? '' : decoder.decode(new Uint8Array([code]))),
    widthOf: widthsOf(dictionary, file),
  }
}

function encodingOf(dictionary: string, file: PdfFile): string {
  const direct = /\/Encoding\s*(?:(\d+)\s+\d+\s+R|(\/\w+)|(<<[^]*?>>))/.exec(dictionary)
  return direct?.[1] ? file.textOf(Number(direct[1])) : (direct?.[2] ?? direct?.[3] ?? '')
}

function differencesOf(encoding: string): Map<number, string> {
  const found = new Map<number, string>()
  const list = /\/Differences\s*\[([^\]]*)\]/.exec(encoding)?.[1] ?? ''
  let code = 0
  for (const [, number, name] of list.matchAll(/(\d+)|\/([\w.]+)/g)) {
    if (number !== undefined) code = Number(number)
    else found.set(code++, glyphText(name!))
  }
  return found
}

function glyphText(name: string): string {
  const point = /^(?:uni|u)([\dA-F]{4,6})$/.exec(name)?.[1]
  if (point) return String.fromCodePoint(Math.min(0x10ffff, Number.parseInt(point, 16)))
  return GLYPHS[name] ?? (name.length === 1 ? name : '')
}

function widthsOf(dictionary: string, file: PdfFile): (code: number) => number | null {
  const first = Number(/\/FirstChar\s+(\d+)/.exec(dictionary)?.[1] ?? 0)
  const found = /\/Widths\s*(?:\[([^\]]*)\]|(\d+)\s+\d+\s+R)/.exec(dictionary)
  const list = found?.[2] ? file.textOf(Number(found[2])) : (found?.[1] ?? '')
  const widths = (list.match(/-?[\d.]+/g) ?? []).map(Number)
  return (code) => (widths.length === 0 ? null : (widths[code - first] ?? COMMON_WIDTH))
}

/** The bfchar and bfrange entries of a ToUnicode stream. */
function readCharacterMap(stream: string): Map<number, string> {
  const map = new Map<number, string>()
  const put = (code: number, text: string): void => {
    if (map.size < MAX_CODES) map.set(code, text)
  }
  for (const [, block = ''] of stream.matchAll(/beginbfchar([^]*?)endbfchar/g))
    for (const [, from = '', to = ''] of block.matchAll(/<([\da-fA-F\s]+)>\s*<([\da-fA-F\s]*)>/g))
      put(Number.parseInt(from, 16), utf16(to))
  for (const [, block = ''] of stream.matchAll(/beginbfrange([^]*?)endbfrange/g)) {
    for (const match of block.matchAll(
      /<([\da-fA-F]+)>\s*<([\da-fA-F]+)>\s*(?:<([\da-fA-F]+)>|\[([^\]]*)\])/g,
    )) {
      const low = Number.parseInt(match[1]!, 16)
      const high = Math.min(Number.parseInt(match[2]!, 16), low + MAX_RANGE)
      const list = match[4]?.match(/<[\da-fA-F\s]*>/g)
      const start = Number.parseInt((match[3] ?? '').slice(-4), 16)
      const head = (match[3] ?? '').slice(0, -4)
      for (let code = low; code <= high; code++) {
        if (list) put(code, utf16(list[code - low] ?? ''))
        else put(code, utf16(head) + String.fromCharCode(start + code - low))
      }
    }
  }
  return map
}

function utf16(hex: string): string {
  const bytes = fromHex(hex)
  let text = ''
  for (let at = 0; at + 1 < bytes.length; at += 2)
    text += String.fromCharCode(bytes.charCodeAt(at) * 256 + bytes.charCodeAt(at + 1))
  return text
}
