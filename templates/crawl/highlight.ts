import { visible } from '#templates/html.ts'

const MAX_SNIPPET = 300
const MAX_READ = 6_000
const BEFORE = 100
const MAX_WORDS = 12
const PHONE_DIGITS = 9

/** A snippet around the value it proves: before it, the value as written there (null when it is not), after it. The
 *  value is found however it is separated: spaces and dots of a phone, [at] and [dot] of an address. */
export const highlight = (
  snippet: string,
  needles: readonly string[],
): { before: string; found: string | null; after: string } => {
  const text = visible(snippet).slice(0, MAX_READ).replace(/\s+/g, ' ').trim()
  for (const needle of needles) {
    const match = looseMatch(text, needle)
    if (!match) continue
    const start = Math.max(0, match.index - BEFORE)
    const end = match.index + match[0].length
    return {
      before: `${start > 0 ? '…' : ''}${text.slice(start, match.index).toWellFormed()}`,
      found: match[0],
      after: cut(text.slice(end), MAX_SNIPPET - match[0].length),
    }
  }
  return { before: cut(text, MAX_SNIPPET), found: null, after: '' }
}

const cut = (text: string, length: number): string =>
  text.length > length ? `${text.slice(0, Math.max(0, length)).toWellFormed()}…` : text

const looseMatch = (text: string, needle: string): RegExpExecArray | null => {
  if (/^\+\d{6,15}$/.test(needle)) {
    const digits = needle.slice(-PHONE_DIGITS).split('').join('[^\\d]{0,4}')
    return new RegExp(`(?:(?:\\+|00)\\d{1,3}[\\s.]{0,2})?(?:\\(?0\\)?[\\s.]{0,2})?${digits}`, 'u').exec(text)
  }
  if (/^[A-Z]{0,2}\d{9,14}$/i.test(needle))
    return new RegExp([...needle].join('[^\\p{L}\\p{N}]{0,2}'), 'iu').exec(text)
  const words = [...visible(needle).matchAll(/[\p{L}\p{N}]+/gu)].map(([word]) => word).slice(0, MAX_WORDS)
  if (words.length === 0) return null
  const between = '[^\\p{L}\\p{N}]{0,4}(?:at|arobase|dot|point)?[^\\p{L}\\p{N}]{0,4}'
  return new RegExp(words.join(between), 'iu').exec(text)
}
