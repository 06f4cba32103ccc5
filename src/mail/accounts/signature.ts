import { decodeHTML, escapeUTF8 } from 'entities'

const TAG = /<[a-z!/][^>]*>/i
const LINK = /\bhttps?:\/\/[^\s<>"']{1,500}/g
/** What is made here of plain lines, and nothing else. */
const PLAIN = /^<p>(?:[^<]|<br>|<a href="[^"<>]*">|<\/a>)*<\/p>$/

/** A signature as the form takes it: HTML as it is, plain lines as HTML with their addresses as links. */
export const signatureHtml = (text: string): string => {
  const said = text.replaceAll('\r\n', '\n').trim()
  if (said === '' || TAG.test(said)) return said
  return `<p>${said.split('\n').map(lineHtml).join('<br>')}</p>`
}

const lineHtml = (line: string): string => {
  let html = ''
  let at = 0
  for (const { 0: found, index } of line.matchAll(LINK)) {
    const url = found.replace(/[.,;:!?)\]]+$/, '')
    html += `${escapeUTF8(line.slice(at, index))}<a href="${escapeUTF8(url)}">${escapeUTF8(url)}</a>`
    at = index + url.length
  }
  return html + escapeUTF8(line.slice(at))
}

/** The same the other way round, for the form: plain lines again where it was made of them. */
export const signatureText = (html: string): string =>
  PLAIN.test(html)
    ? decodeHTML(
        html
          .slice('<p>'.length, -'</p>'.length)
          .replaceAll('<br>', '\n')
          .replaceAll(/<[^>]*>/g, ''),
      )
    : html
