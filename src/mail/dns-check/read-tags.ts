/** `tag=value; tag=value` as DKIM and DMARC write them (RFC 6376 §3.2). Tag names in lower case; a tag given twice or
 *  without a value makes the whole list wrong. */
export const readTags = (text: string): { tags: Map<string, string>; isRight: boolean } => {
  const tags = new Map<string, string>()
  let isRight = true
  for (const part of text.split(';')) {
    if (part.trim() === '') continue
    const at = part.indexOf('=')
    const name = part.slice(0, Math.max(at, 0)).trim().toLowerCase()
    if (!/^[a-z]\w*$/.test(name) || tags.has(name)) isRight = false
    else tags.set(name, part.slice(at + 1).trim())
  }
  return { tags, isRight }
}
