import { decodeTypo3, reverseText, rot13 } from './email-ciphers.ts'
import { decipherAddress, isWholeAddress, shifted } from './email-decipher.ts'
import { unpackedScripts } from './email-unpack.ts'
import { createLiteralIndex } from './literal-index.ts'
import { percentDecode } from './percent-decode.ts'
import { decodeBase64, decoded, foldStrings } from './string-expressions.ts'

const MAX_SCRIPT = 60_000
const MAX_FOLDED = 30_000
const MAX_FOUND = 50
const MAX_CIPHERED = 60
const MAX_NESTED = 3
const MAX_INNER = 12

/** An address of a script. `built`: put together by it, written nowhere; `keyed`: the value of a key that says
 *  e-mail. */
export type ScriptEmail = { value: string; built: boolean; keyed: boolean }

const USER_AND_HOST =
  /["']?\b(?:user|username|local|localpart|mailbox|account)["']?\s*:\s*["']([\w.+-]{2,40})["']\s*,\s*["']?(?:domain|host|hostname|server)["']?\s*:\s*["']([a-z\d-]+(?:\.[a-z\d-]+)+)["']/gi
const SIGN = /@|&#(?:64|x40);|\\u0040|\\x40|%40/i
/** One of these is in all that BUILDING finds, and far sooner looked for. */
const PARTS_OF_BUILDING = createLiteralIndex(
  'fromcharcode|charcodeat|atob|mailto|znvygb|.reverse(|unescape|(at)|[at]|&#64;|%40|.join(|kode|split(|location.host|document.domain|\\x|mail|spam|crypt|contact'.split(
    '|',
  ),
)
const BUILDING =
  /fromCharCode|charCodeAt|atob\s*\(|mailto|znvygb|\.reverse\(|unescape\s*\(|['"`](?:@|\(at\)|\[at\]|&#64;|%40)['"`]|['"`]@[\w-]+\.[\w.-]+['"`<\\]|[\w.-]@['"`]\s*\+|\.join\(|kode|split\(['"]\|['"]\)|location\.host|document\.domain|(?:\\x[\da-f]{2}){5}|(?:mail|spam|crypt|contact)\w*\(\s*['"]/i

/** Addresses that a script holds or builds: joined literals and variables, character codes, base64, ROT13, shifted
 *  and reversed strings, TYPO3's cipher, arguments of mail functions. Nothing is run. */
export function emailsInScript(script: string, siteHost = '', depth = 0): ScriptEmail[] {
  const source = script.slice(0, MAX_SCRIPT)
  const found = new Map<string, ScriptEmail>()
  const add = (value: string, keyed = false): void => {
    const known = found.get(value)
    if (known) known.keyed ||= keyed
    else if (found.size < MAX_FOUND) found.set(value, { value, built: !script.includes(value), keyed })
  }
  for (const match of source.matchAll(/UnCryptMailto\(\s*(?:'|"|%27)([^'"]{8,300}?)(?:'|"|%27)/g)) {
    const email = decodeTypo3(match[1]!)
    if (email) add(email)
  }
  if (SIGN.test(source)) {
    collect(decoded(source.replace(/\\u0040|\\x40|%40/gi, '@').replace(/\\u003[ce]|\\x3[ce]/gi, '"')), add)
    for (const match of source.matchAll(
      /["'][\w-]{0,20}(?:mail|courriel)[\w-]{0,20}["']\s*:\s*["']([^"'\s]{5,120}@[^"'\s]{4,120})["']/gi,
    ))
      add(match[1]!.replace(/^mailto:/, ''), true)
  }
  for (const [, local = '', domain = ''] of source.matchAll(USER_AND_HOST)) add(`${local}@${domain}`)
  // JSON is data: nothing in it is built.
  if (/^\s*[[{]/.test(source) || !builds(source)) return [...found.values()]
  const { strings, codes } = foldStrings(source.slice(0, MAX_FOLDED), siteHost)
  const inner = [...unpackedScripts(source), ...strings.filter((text) => isCode(text, source))]
  for (const code of depth < MAX_NESTED ? inner.slice(0, MAX_INNER) : [])
    for (const { value } of emailsInScript(code, siteHost, depth + 1)) add(value)
  for (const text of strings) if (/@|&#|mailto/.test(text)) collect(`"${decoded(text)}"`, add)
  for (const list of codes) for (const text of shifted(list, source.includes('^'))) collect(`"${text}"`, add)
  collectCiphered(source, strings, add)
  collectArguments(source, add)
  return [...found.values()]
}

const builds = (source: string): boolean =>
  (source.includes('@') || PARTS_OF_BUILDING.firstIn(source.toLowerCase()) !== null) && BUILDING.test(source)

/** Text that a script made and may run: `eval(atob('…'))`. */
const isCode = (text: string, source: string): boolean =>
  text.length > 20 && /document\.|mailto|innerHTML|fromCharCode/.test(text) && !source.includes(text)

const QUOTED = /["'>:\s\\]([\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+)(?=["'<?\\\s])/g

function collect(text: string, add: (value: string) => void): void {
  for (const match of text.matchAll(QUOTED)) add(match[1]!)
}

/** Literals that the script itself turns round, rotates or shifts. */
function collectCiphered(source: string, strings: string[], add: (value: string) => void): void {
  const reverses = source.includes('.reverse(') || /\w\.length\s*-\s*1\s*;[^;]{1,20}>=?\s*0/.test(source)
  const shifts = source.includes('charCodeAt')
  const rotates = shifts || /rot13|znvygb/i.test(source)
  let tried = 0
  for (const text of strings) {
    if (text.length < 8 || text.length > 300 || ++tried > MAX_CIPHERED) continue
    if (shifts || source.includes('fromCharCode')) {
      const listed = NUMBERS_OR_HEX.test(text) ? decipherAddress(text) : null
      if (listed) add(listed)
    }
    if (reverses && text.includes('@')) collect(`"${reverseText(text)}"`, add)
    if (rotates && text.includes('@') && !isWholeAddress(rot13(text))) collect(`"${rot13(text)}"`, add)
    if (rotates && isWholeAddress(rot13(text)) && /\.(?:se|pbz|arg|bet|rh)$/i.test(text)) add(rot13(text))
    if (!shifts || /\s/.test(text) || isWholeAddress(text)) continue
    const codes = [...text].map((letter) => letter.charCodeAt(0))
    for (const plain of shifted(codes, source.includes('^'))) add(plain.replace(/^mailto:/, ''))
  }
}

const NUMBERS_OR_HEX = /^(?:[\da-f]{2}){8,}$|^\d{2,3}(?:[ ,;:|._-]{1,2}\d{2,3}){6,}$/i

/** `noSpam('contact', 'site.fr')`, `sendMail("contact","site","fr")`. */
function collectArguments(source: string, add: (value: string) => void): void {
  const calls = source.matchAll(
    /\b[\w.]{0,30}(?:mail|spam|crypt|contact|courriel|addr)\w{0,20}\(\s*(['"])([\w.+-]{2,40})\1\s*,\s*\1([\w-]+(?:\.[\w-]+)*)\1(?:\s*,\s*\1\.?([a-z]{2,10})\1)?/gi,
  )
  for (const [, , local = '', domain = '', suffix] of calls) {
    if (suffix && !domain.includes('.')) add(`${local}@${domain}.${suffix}`)
    else if (domain.includes('.')) add(`${local}@${domain}`)
  }
}

/** Base64 that holds an address, plain or inside a link. */
export function emailsInBase64(text: string): string[] {
  if (text.length < 12 || text.length > 1_000 || !/^[\w+/-]+={0,2}$/.test(text)) return []
  const plain = percentDecode(decoded(decodeBase64(text)))
  if (!plain.includes('@')) return []
  const found: string[] = []
  collect(`"${plain}"`, (value) => found.push(value))
  return found
}
