/** Mails that are made ready at once: few while limits let few go, many when nothing holds them. */
const FEWEST = 4
const MOST = 128
const BACK_OFF_MS = 2_000
const MAX_BACK_OFF_MS = 300_000

/** What a node remembers of an account between two runs of its lane. Times in milliseconds since 1970. */
export type LaneMemory = {
  /** Nothing is sent before. */
  sleepUntil: number
  /** When campaigns and providers that are closed or full are asked again. */
  closed: Map<number, number>
  blocked: Map<string, number>
  batch: number
  /** How often in a row the server would take nothing. */
  failures: number
  /** Mails that its server has and has not answered for yet, although it was given time. */
  owed: number
}

export const newMemory = (): LaneMemory => ({
  sleepUntil: 0,
  closed: new Map(),
  blocked: new Map(),
  batch: FEWEST,
  failures: 0,
  owed: 0,
})

/** What is still closed or blocked at this moment. */
export const closedAt = <K>(until: Map<K, number>, now: Date): K[] => {
  for (const [key, at] of until) if (at <= now.getTime()) until.delete(key)
  return [...until.keys()]
}

/** The next batch is larger when this one was used, and small again when limits held it up. */
export const noteBatch = (memory: LaneMemory, how: 'used' | 'held_up'): void => {
  memory.batch = how === 'used' ? Math.min(MOST, memory.batch * 2) : FEWEST
}

/** The server would take nothing: nothing is tried for a while, longer every time. */
export const noteFailure = (memory: LaneMemory, now: Date): void => {
  memory.failures += 1
  const pause = Math.min(MAX_BACK_OFF_MS, BACK_OFF_MS * 2 ** (memory.failures - 1))
  memory.sleepUntil = now.getTime() + pause
}
