import { attributeOf, htmlTokens, withAttribute } from '#src/mail/html-tokens.ts'

const NO_PICTURE = 'data:,'
const PICTURE = /\bcid:([\w.@+-]{1,200})/i

/** The mail to be looked at by its sender: its links lead nowhere and its pictures from elsewhere are left out, as both
 *  would count as the recipient's. `pictures`: data URLs by Content-ID. */
export const shownHtml = (html: string, pictures: ReadonlyMap<string, string>): string => {
  let shown = ''
  for (const token of htmlTokens(html)) {
    if (token.kind !== 'tag' || token.closing) {
      shown += token.source
      continue
    }
    let { source } = token
    if (attributeOf(source, 'href') !== null) source = withAttribute(source, 'href', '#')
    const from = attributeOf(source, 'src')
    if (from !== null && !from.toLowerCase().startsWith('data:')) {
      const picture = PICTURE.exec(from)?.[1]
      source = withAttribute(source, 'src', pictures.get(picture ?? '') ?? NO_PICTURE)
    }
    shown += source
  }
  return shown
}

/** Content-IDs of the pictures that come with the mail. */
export const picturesOf = (html: string): string[] => {
  const found = new Set<string>()
  for (const token of htmlTokens(html)) {
    if (token.kind !== 'tag' || token.closing) continue
    const key = PICTURE.exec(attributeOf(token.source, 'src') ?? '')?.[1]
    if (key !== undefined) found.add(key)
  }
  return [...found]
}

/** What the frame around such a mail may do: show its own styles and the pictures it brings along, nothing else. */
export const MAIL_POLICY =
  "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
