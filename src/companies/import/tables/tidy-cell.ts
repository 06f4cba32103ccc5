// What Excel and LibreOffice show instead of a value, in French and English.
const ERROR_CELL =
  /^(?:#(?:n\/a|na|nom ?\?|name ?\?|ref ?!|valeur ?!|value ?!|div\/0 ?!|num ?!|nombre ?!|nul ?!|null ?!|spill ?!|propagation ?!|calc ?!|calcul ?!|champ ?!|field ?!|getting_data|données_externes|blocked ?!|bloqué ?!|connect ?!|err ?!)|err:\d{3})$/i
/** What a reader gives for a cell whose formula failed, where the file holds a code instead of a text. */
export const ERROR_TEXT = '#N/A'
const PLAIN = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/
// Control characters (PostgreSQL refuses NUL), soft hyphens, zero-width and direction marks: invisible, and two
// names that look alike must be alike.
const INVISIBLE = /(?!\n)[\p{Cc}\p{Cf}]/gu
const SPACES = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000\t]/g

/** A cell's text in one form: NFC, ordinary spaces, `\n` for line breaks, nothing invisible, trimmed. */
export const tidyCell = (text: string): string => {
  if (text === '' || PLAIN.test(text)) return text
  return text
    .toWellFormed()
    .normalize('NFC')
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replace(SPACES, ' ')
    .replace(INVISIBLE, '')
    .trim()
}

/** True for `#N/A`, `#NOM?`, `#VALEUR !`, `Err:502` …: what a broken formula leaves in a file. */
export const isErrorCell = (text: string): boolean => {
  const first = text.charCodeAt(0)
  return (first === 35 || first === 69 || first === 101) && ERROR_CELL.test(text)
}
