const SAMPLE_MS = 10

/** What something comes to, and by how many bytes the process grew at most meanwhile. */
export const peakOf = async <T>(run: () => Promise<T>): Promise<{ value: T; grown: number }> => {
  Bun.gc(true)
  const before = process.memoryUsage.rss()
  let peak = before
  const look = () => void (peak = Math.max(peak, process.memoryUsage.rss()))
  const timer = setInterval(look, SAMPLE_MS)
  try {
    const value = await run()
    look()
    return { value, grown: peak - before }
  } finally {
    clearInterval(timer)
  }
}

/** Milliseconds of processor time that all threads of this process took for something. */
export const processorMs = (run: () => unknown): number => {
  const before = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}
