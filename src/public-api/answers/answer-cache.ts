/** Bytes of all answers kept, and of one that is kept at all. */
const MAX_BYTES = 8 * 1024 * 1024
const MAX_ENTRY_BYTES = 1024 * 1024
/** What an entry costs beside its text. */
const ENTRY_OVERHEAD = 200

export type KeptAnswer = { text: string; etag: string }
type Entry = KeptAnswer & { from: number; until: number; bytes: number }

export type AnswerCache = {
  get: (key: string, nowMs: number) => KeptAnswer | null
  /** Kept unless something was written since `generation` was read. */
  set: (key: string, answer: KeptAnswer, options: { from: number; until: number; generation: number }) => void
  generation: () => number
  /** Something was written: nothing known may be used again, nor what is being read right now. */
  clear: () => void
}

/** Answers that may be used again for some seconds, the least recently used forgotten first. */
export const createAnswerCache = (maxBytes = MAX_BYTES): AnswerCache => {
  const entries = new Map<string, Entry>()
  let total = 0
  let generation = 0

  const drop = (key: string, entry: Entry): void => {
    entries.delete(key)
    total -= entry.bytes
  }
  return {
    get: (key, now) => {
      const entry = entries.get(key)
      if (!entry) return null
      // A clock that was set back makes nothing last longer.
      if (entry.until <= now || entry.from > now) {
        drop(key, entry)
        return null
      }
      entries.delete(key)
      entries.set(key, entry)
      return entry
    },
    set: (key, answer, { from, until, generation: read }) => {
      // A string of JavaScript takes up to two bytes a character.
      const bytes = 2 * (answer.text.length + key.length) + ENTRY_OVERHEAD
      if (read !== generation || bytes > Math.min(MAX_ENTRY_BYTES, maxBytes)) return
      const known = entries.get(key)
      if (known) drop(key, known)
      entries.set(key, { ...answer, from, until, bytes })
      total += bytes
      for (const [oldest, entry] of entries) {
        if (total <= maxBytes) break
        drop(oldest, entry)
      }
    },
    generation: () => generation,
    clear: () => {
      generation++
      entries.clear()
      total = 0
    },
  }
}

/** A strong validator of a text. */
export const etagOf = (text: string): string => `"${Bun.hash(text).toString(36)}-${text.length.toString(36)}"`

/** Whether `If-None-Match` names this validator (RFC 9110 §13.1.2: compared weakly). */
export const isKnownTo = (header: string | undefined, etag: string): boolean => {
  if (header === undefined) return false
  return header.split(',').some((each) => {
    const tag = each.trim()
    return tag === '*' || tag === etag || tag === `W/${etag}`
  })
}
