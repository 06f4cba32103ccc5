const BODY_END = /<\/body\s*>(?![\s\S]*<\/body\s*>)|<\/html\s*>(?![\s\S]*<\/html\s*>)|$/i

/** The HTML with these pieces at the end of what is seen of it. */
export const withTail = (html: string, ...pieces: string[]): string => {
  const tail = pieces.filter((piece) => piece.trim() !== '').join('\n')
  return tail === '' ? html : html.replace(BODY_END, (end) => tail + end)
}
