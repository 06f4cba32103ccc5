import { ownWords } from './asks-to-stop.ts'
import { readAddresses } from './find-addresses.ts'
import { isAnswerSubject } from './is-bounce.ts'
import { headerOf, wordsOf, type Head } from './read-mail.ts'

/** From where a mail is quoted, the line that says whose it is. */
const MAX_ATTRIBUTION = 250

/** What filters put before a subject: "[EXT]", "***SPAM***", "EXTERNAL:". */
const TAGS =
  /^\s*((\[[^\]]{1,40}\]|\{[^}]{1,40}\}|\*{2,6}[^*]{1,30}\*{2,6}|(extern\w{0,3}|ext|spam)\s?[:\-–])\s*){1,5}/i
const REPLY =
  /^\s*(re|aw|sv|vs|antw|odp|ynt|r|rif|res|ref|r[eé]p|回复|答复|回覆)\s*(\[\d+\]|\(\d+\)|-\d+)?\s*[:：]/i

/** An answer, not a mail that is passed on. */
export const isReplySubject = (subject: string): boolean => REPLY.test(subject.replace(TAGS, ''))

/** In a conversation, by what mail programs note of it. */
export const isThreaded = (headers: Head): boolean =>
  headerOf(headers, 'in-reply-to') !== '' && isReplySubject(wordsOf(headers, 'subject'))

/** Where neither headers nor subject tell of it: below stands a mail of whom it is written to. */
export const quotesUs = (headers: Head, text: string): boolean => {
  if (isAnswerSubject(wordsOf(headers, 'subject'))) return false
  const own = ownWords(text)
  const attribution = text.slice(text.indexOf(own) + own.length).slice(0, MAX_ATTRIBUTION)
  const [first] = attribution.trim().split(/\n\s*(?=[>\n])|\n(?=[\p{L} ]{2,12}\s?:\s)/u)
  return readAddresses(headerOf(headers, 'to')).some(({ address }) => first?.toLowerCase().includes(address))
}

const RECEIPT_TITLE =
  /^\W*(read|not read|lu|non lu|gelesen|ungelesen|le[ií]do|letto|gelezen|lido|lida)\s*[:：]|^\W*(return receipt|read receipt|accus[eé] de lecture|confirmation de lecture|lesebestätigung|empfangsbestätigung|confirmaci[oó]n de lectura|conferma di lettura|leesbevestiging|recibo de leitura)/i
const RECEIPT_TEXT =
  /\b(was|has been) (read|displayed|opened|received by|deleted without)|a [eé]t[eé] (lue?|ouverte?|affich[eé]e?|supprim[eé]e? sans)|wurde\b.{0,80}(gelesen|geöffnet|angezeigt|gelöscht)|(fue|ha sido) (le[ií]do|abierto|mostrado)|(è|e['’]) stat[oa] (lett|apert|visualizzat)|(is|werd)\b.{0,60}(gelezen|geopend|weergegeven)|foi (lid|abert|exibid)/i

/** A receipt in words, as programs write that know no receipts of RFC 8098. */
export const isWordedReceipt = (headers: Head, text: string): boolean =>
  RECEIPT_TITLE.test(wordsOf(headers, 'subject')) &&
  RECEIPT_TEXT.test(text.slice(0, 1000).replaceAll(/\s+/g, ' '))
