const STYLES = /<style[\s>][\s\S]*?(?:<\/style\s*>|$)|\sstyle\s*=\s*(?:"[^"]*"|'[^']*')/gi
const MARK = '\ue0f2'
const HELD = new RegExp(`${MARK}(\\d+)${MARK}`, 'g')

/** Style sheets and style attributes put aside: their braces are not those of variables. */
export const holdStyles = (html: string): { held: string; release: (text: string) => string } => {
  const kept: string[] = []
  const held = html.replaceAll(MARK, '').replace(STYLES, (style) => `${MARK}${kept.push(style) - 1}${MARK}`)
  return { held, release: (text) => text.replace(HELD, (_, place: string) => kept[Number(place)] ?? '') }
}
