/** For each place of the text, where what is open there outside of quotes ends; -1 where it never does. Read from the end, so
 *  that each place is looked at once. */
export const endsOutsideQuotes = (text: string, mark: string): Int32Array => {
  const ends = new Int32Array(text.length + 2).fill(-1)
  const nextQuote = { '"': -1, "'": -1 }
  for (let at = text.length - 1; at >= 0; at -= 1) {
    const sign = text[at]!
    if (sign === '"' || sign === "'") {
      const closing = nextQuote[sign]
      ends[at] = closing < 0 ? -1 : ends[closing + 1]!
      nextQuote[sign] = at
    } else ends[at] = text.startsWith(mark, at) ? at + mark.length : ends[at + 1]!
  }
  return ends
}
