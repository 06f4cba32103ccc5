import { percentDecode } from './percent-decode.ts'
import { foldStrings } from './string-expressions.ts'

const MAX_LAYERS = 16
const MAX_CODE = 20_000
const MAX_WORDS = 2_000
const PACKED =
  /\}\(\s*(['"])((?:[^\\]|\\[^])*?)\1\s*,\s*(\d{1,2})\s*,\s*(\d{1,4})\s*,\s*(['"])((?:[^'"\\]|\\[^])*)\5\.split\(\s*['"]\|['"]\s*\)/
const ENKODED = /\bkode\s*=\s*("(?:[^"\\]|\\[^])*")/
const BY_ALPHABET = /(\w+)\.charAt\(\s*(\w+)\.charCodeAt\(\s*\w+\s*\)\s*-\s*(\d{1,3})\s*\)/

/** The scripts that a script unpacks and runs: Dean Edwards' packer, the Hivelogic Enkoder, the alphabets of Email
 *  Encoder Bundle. Each is undone by its own rule; nothing is run. */
export function unpackedScripts(source: string): string[] {
  const found: string[] = []
  if (source.includes("split('|')") || source.includes('split("|")')) found.push(unpackWords(source))
  if (source.includes('kode')) found.push(unpackEnkoder(source))
  const alphabet = source.includes('.charAt(') ? BY_ALPHABET.exec(source) : null
  if (alphabet) found.push(byAlphabet(source, alphabet))
  return found.filter((script) => script !== '')
}

/** `eval(function(p,a,c,k,e,d){…}('0 1="2"',62,3,'var|u|contact'.split('|')…`: words put back for their numbers. */
function unpackWords(source: string): string {
  const match = PACKED.exec(source)
  if (!match) return ''
  const base = Number(match[3])
  const words = match[6]!.split('|').slice(0, MAX_WORDS)
  const code = match[2]!.slice(0, MAX_CODE).replace(/\\(['"\\])/g, '$1')
  return code.replace(/\b\w+\b/g, (sign) => words[numberOf(sign, base)] || sign)
}

function numberOf(sign: string, base: number): number {
  let value = 0
  for (const letter of sign) {
    const code = letter.charCodeAt(0)
    const digit = code < 58 ? code - 48 : code > 96 ? code - 87 : code - 29
    if (digit < 0 || digit >= base) return -1
    value = value * base + digit
  }
  return value
}

/** A string that is code which turns a string into code, and so on: turned round, moved by a constant, pairs swapped. */
function unpackEnkoder(source: string): string {
  let code = source
  for (let layer = 0; layer < MAX_LAYERS; layer++) {
    const match = ENKODED.exec(code)
    if (!match || match[1]!.length > MAX_CODE) break
    const inner = foldStrings(`x=${match[1]!}`).strings[0] ?? ''
    const rest = code.slice(match.index + match[0].length)
    code = undo(inner, rest)
    if (/document\.write|innerHTML/.test(code) && !ENKODED.test(code)) return code
  }
  return ''
}

function undo(text: string, rule: string): string {
  const shift = /charCodeAt\(i\)\s*([-+])\s*(\d{1,3})/.exec(rule)
  if (/\.reverse\(/.test(rule)) return [...text].reverse().join('')
  if (shift) {
    const by = Number(shift[2]) * (shift[1] === '-' ? -1 : 1)
    return text.replace(/[^]/g, (letter) => String.fromCharCode((letter.charCodeAt(0) + by + 128) % 128))
  }
  if (/charAt\(i\s*\+\s*1\)\s*\+\s*\w+\.charAt\(i\)/.test(rule)) return text.replace(/([^])([^])/g, '$2$1')
  return text
}

/** `o += ml.charAt(mi.charCodeAt(j) - 48)`: one string holds the letters, the other where to take them. */
function byAlphabet(source: string, [, letters = '', places = '', offset = '']: RegExpExecArray): string {
  const { variables } = foldStrings(source.slice(0, MAX_CODE))
  const alphabet = variables.get(letters)
  const order = variables.get(places)
  if (typeof alphabet !== 'string' || typeof order !== 'string') return ''
  const text = [...order].map((sign) => alphabet.charAt(sign.charCodeAt(0) - Number(offset))).join('')
  return `"${percentDecode(text)}"`
}
