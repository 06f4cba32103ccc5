import { readFont, type PdfFont } from './pdf-fonts.ts'
import { fromHex, openPdf, type PdfFile } from './pdf-objects.ts'

const MAX_PAGES = 40
const MAX_TEXT = 200_000
const MAX_OPERATORS = 200_000
const MAX_FORMS = 40
/** Moves to the right, in parts of the size of the letters, from which on a space is meant */
const SPACE_AFTER_KNOWN = 0.18
const SPACE_AFTER_GUESSED = 0.45
const SPACE_IN_ROW = -180
const COMMON_WIDTH = 500

export type PdfText = { lines: string[]; links: string[] }

/** The text of a PDF in the order of its content, a line for each change of height, and the addresses of its links.
 *  Null when it is locked. Understands text operators, simple and composite fonts with their tables, and forms; no
 *  pictures of text. */
export function readPdf(body: Uint8Array): PdfText | null {
  const file = openPdf(body)
  if (!file) return null
  const out = new Lines()
  const links: string[] = []
  let pages = 0
  for (const number of file.numbers) {
    const page = file.textOf(number)
    const link = /\/URI\s*\(((?:[^()\\]|\\[^])*)\)/.exec(page)
    if (link && links.length < 200) links.push(unescape(link[1]!).slice(0, 500))
    if (!/\/Type\s*\/Page\b(?!s)/.test(page) || ++pages > MAX_PAGES) continue
    const fonts = fontsOf(resourcesOf(page, file), file)
    const contents = /\/Contents\s*(\[[^\]]*\]|\d+\s+\d+\s+R)/.exec(page)?.[1] ?? ''
    const streams = [...contents.matchAll(/(\d+)\s+\d+\s+R/g)].map((match) => file.streamOf(Number(match[1])))
    const state = { file, out, forms: 0, operators: 0 }
    showText(streams.join('\n'), fonts, resourcesOf(page, file), state)
    out.endLine()
  }
  return { lines: out.lines, links }
}

/** The resources of a page, its own or those of what it belongs to. */
function resourcesOf(page: string, file: PdfFile, depth = 0): string {
  const own = /\/Resources\s*(?:(\d+)\s+\d+\s+R|<<)/.exec(page)
  if (own?.[1]) return file.textOf(Number(own[1]))
  if (own) return page.slice(own.index)
  const parent = /\/Parent\s+(\d+)\s+\d+\s+R/.exec(page)
  return parent && depth < 6 ? resourcesOf(file.textOf(Number(parent[1])), file, depth + 1) : ''
}

function named(resources: string, kind: string, file: PdfFile): Map<string, number> {
  const found = new RegExp(`/${kind}\\s*(?:(\\d+)\\s+\\d+\\s+R|<<([^>]*)>>)`).exec(resources)
  const list = found?.[1] ? file.textOf(Number(found[1])) : (found?.[2] ?? '')
  return new Map(
    [...list.matchAll(/\/([^\s/<>[\]()]+)\s+(\d+)\s+\d+\s+R/g)].map((match) => [match[1]!, Number(match[2])]),
  )
}

const fontsOf = (resources: string, file: PdfFile): Map<string, PdfFont> =>
  new Map(
    [...named(resources, 'Font', file)].map(([name, number]) => [name, readFont(file.textOf(number), file)]),
  )

/** Collects lines and knows where the last letter ended. */
class Lines {
  lines: string[] = []
  private line = ''
  private length = 0
  private endX = 0
  private y = Number.NaN

  write(text: string, at: { x: number; y: number; size: number; known: boolean }): void {
    if (this.length > MAX_TEXT || text === '') return
    if (Math.abs(at.y - this.y) > Math.max(1, at.size * 0.4)) this.endLine()
    else {
      const gap = (at.x - this.endX) / (at.size || 1)
      const wide = gap > (at.known ? SPACE_AFTER_KNOWN : SPACE_AFTER_GUESSED) || gap < -1
      if (wide && this.line !== '' && !this.line.endsWith(' ')) this.line += ' '
    }
    this.y = at.y
    this.line += text
    this.length += text.length
  }

  endsAt(x: number): void {
    this.endX = x
  }

  endLine(): void {
    const text = this.line
      .replace(/[ﬀ-ﬆ]/g, (sign) => sign.normalize('NFKC'))
      .replace(/\s+/g, ' ')
      .trim()
    if (text !== '') this.lines.push(text)
    this.line = ''
    this.y = Number.NaN
  }
}

type State = { file: PdfFile; out: Lines; forms: number; operators: number }
type Operand = number | string | (number | string)[]

const TOKEN =
  /\s+|%[^\n]*|\((?:[^()\\]|\\[^]|\((?:[^()\\]|\\[^]|\((?:[^()\\]|\\[^])*\))*\))*\)|<<|>>|<[\da-fA-F\s]*>|\[|\]|\/[^\s/<>[\]()]*|[-+]?(?:\d+\.?\d*|\.\d+)|[A-Za-z'"*]+\d?|[^]/g

function showText(content: string, fonts: Map<string, PdfFont>, resources: string, state: State): void {
  let font: PdfFont | undefined
  let size = 1
  let leading = 0
  let line: number[] = [1, 0, 0, 1, 0, 0]
  let along = 0
  let page: number[] = [1, 0, 0, 1, 0, 0]
  const saved: number[][] = []
  let operands: Operand[] = []
  let row: (number | string)[] | null = null
  const number = (index: number): number => (typeof operands[index] === 'number' ? operands[index] : 0)
  const move = (x: number, y: number): void => {
    line = multiply([1, 0, 0, 1, x, y], line)
    along = 0
  }
  const show = (parts: (number | string)[]): void => {
    if (!font) return
    for (const part of parts) {
      if (typeof part === 'number') {
        if (part < SPACE_IN_ROW) state.out.write(' ', placeOf())
        along -= (part / 1000) * size
        state.out.endsAt(placeOf().x)
        continue
      }
      let text = ''
      let width = 0
      const place = placeOf()
      for (let at = 0; at + font.bytes <= part.length; at += font.bytes) {
        const code =
          font.bytes === 2 ? part.charCodeAt(at) * 256 + part.charCodeAt(at + 1) : part.charCodeAt(at)
        text += font.textOf(code)
        width += font.widthOf(code) ?? COMMON_WIDTH
      }
      state.out.write(text, { ...place, known: font.widthOf(0) !== null })
      along += (width / 1000) * size
      state.out.endsAt(placeOf().x)
    }
  }
  const placeOf = (): { x: number; y: number; size: number; known: boolean } => {
    const [a, b, c, d, x, y] = multiply(multiply([1, 0, 0, 1, along, 0], line), page) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ]
    return { x, y, size: size * (Math.hypot(a, b) || Math.hypot(c, d)), known: true }
  }
  const nextLine = (): void => move(0, -(leading || size))
  for (const [token] of content.matchAll(TOKEN)) {
    const first = token[0]!
    if (/[\s%]/.test(first)) continue
    if (first === '(') (row ?? operands).push(unescape(token.slice(1, -1)))
    else if (first === '<' && token !== '<<') (row ?? operands).push(fromHex(token))
    else if (first === '[') row = []
    else if (first === ']') {
      if (row) operands.push(row)
      row = null
    } else if (/[-+.\d]/.test(first)) (row ?? operands).push(Number(token))
    else if (first === '/') operands.push(token)
    else if (/[A-Za-z'"]/.test(first)) {
      if (++state.operators > MAX_OPERATORS) return
      if (token === 'Tf') {
        font = fonts.get(String(operands[0] ?? '').slice(1))
        size = Math.abs(number(1)) || 1
      } else if (token === 'BT') {
        line = [1, 0, 0, 1, 0, 0]
        along = 0
      } else if (token === 'Td') move(number(0), number(1))
      else if (token === 'TD') {
        leading = -number(1)
        move(number(0), number(1))
      } else if (token === 'TL') leading = number(0)
      else if (token === 'Tm') {
        line = [0, 1, 2, 3, 4, 5].map(number)
        along = 0
      } else if (token === 'T*') nextLine()
      else if (token === 'Tj' || token === 'TJ') show(operands.flat())
      else if (token === "'" || token === '"') {
        nextLine()
        show(operands.slice(-1).flat())
      } else if (token === 'q') saved.push(page)
      else if (token === 'Q') page = saved.pop() ?? page
      else if (token === 'cm') page = multiply([0, 1, 2, 3, 4, 5].map(number), page)
      else if (token === 'Do') showForm(String(operands[0] ?? '').slice(1), resources, fonts, state)
      operands = []
    }
    if (operands.length > 200) operands = []
    if (row && row.length > 4_000) row = []
  }
}

function showForm(name: string, resources: string, fonts: Map<string, PdfFont>, state: State): void {
  const form = named(resources, 'XObject', state.file).get(name)
  if (form === undefined || ++state.forms > MAX_FORMS) return
  const dictionary = state.file.textOf(form)
  if (!/\/Subtype\s*\/Form\b/.test(dictionary)) return
  const own = resourcesOf(dictionary, state.file, 6)
  showText(state.file.streamOf(form), new Map([...fonts, ...fontsOf(own, state.file)]), own, state)
}

function multiply(m: number[], n: number[]): number[] {
  const [a, b, c, d, e, f] = m as [number, number, number, number, number, number]
  const [g, h, i, j, k, l] = n as [number, number, number, number, number, number]
  return [a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + l]
}

const ESCAPES: Record<string, string> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f' }

const unescape = (text: string): string =>
  text.includes('\\')
    ? text.replace(/\\(?:([0-7]{1,3})|\r?\n|([^]))/g, (_, octal?: string, letter?: string) =>
        octal !== undefined
          ? String.fromCharCode(Number.parseInt(octal, 8) & 255)
          : letter === undefined
            ? ''
            : (ESCAPES[letter] ?? letter),
      )
    : text
