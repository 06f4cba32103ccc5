/** Finds where each of many literals first stands in a text: one pass over it, however many they are. */
export type LiteralIndex = {
  /** By literal, in the order they were given: its first position in `text`, or -1. Null when none of them is there.
   *  Overwritten by the next call. */
  firstIn: (text: string) => Int32Array | null
}

/** `literals` have two characters at least. */
export const createLiteralIndex = (literals: string[]): LiteralIndex => {
  const begins = new Uint8Array(0x10000)
  const byPair = new Map<number, number[]>()
  for (const [index, literal] of literals.entries()) {
    const pair = pairOf(literal.charCodeAt(0), literal.charCodeAt(1))
    begins[pair] = 1
    byPair.set(pair, [...(byPair.get(pair) ?? []), index])
  }
  const first = new Int32Array(literals.length)

  const firstIn = (text: string): Int32Array | null => {
    let found = false
    let before = text.charCodeAt(0)
    for (let at = 1; at < text.length; at++) {
      const code = text.charCodeAt(at)
      const pair = pairOf(before, code)
      before = code
      if (begins[pair] === 0) continue
      for (const index of byPair.get(pair)!) {
        if ((found && first[index]! >= 0) || !text.startsWith(literals[index]!, at - 1)) continue
        if (!found) first.fill(-1)
        found = true
        first[index] = at - 1
      }
    }
    return found ? first : null
  }
  return { firstIn }
}

// Wide characters share places with narrow ones: only a hint, the literal itself is compared.
const pairOf = (first: number, second: number): number => ((first << 8) ^ second) & 0xffff
