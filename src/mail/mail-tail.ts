const BODY_END = /<\/body\s*>(?![\s\S]*<\/body\s*>)|<\/html\s*>(?![\s\S]*<\/html\s*>)|$/i

const NEAR_THE_END = 20

/** The HTML with these pieces at the end of what is seen of it. */
export const withTail = (html: string, ...pieces: string[]): string => {
  const tail = pieces.filter((piece) => piece.trim() !== '').join('\n')
  if (tail === '') return html
  const at = html.lastIndexOf('</body>')
  // As nearly every mail has it: found from its end, without going through the whole.
  if (at >= 0 && html.length - at < NEAR_THE_END) return html.slice(0, at) + tail + html.slice(at)
  return html.replace(BODY_END, (end) => tail + end)
}
