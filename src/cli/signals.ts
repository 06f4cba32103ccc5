// Ctrl-C may arrive twice: from the terminal, and forwarded by npm.
const SAME_KEYSTROKE_MS = 1000

/** Resolves at the first SIGINT or SIGTERM; another one later ends the process at once. */
export const waitForSignal = (): Promise<string> =>
  new Promise((resolve) => {
    let askedAt: number | null = null
    const handle = (signal: string) => {
      if (askedAt !== null && performance.now() - askedAt > SAME_KEYSTROKE_MS) process.exit(1)
      askedAt ??= performance.now()
      resolve(signal)
    }
    process.on('SIGINT', () => handle('SIGINT'))
    process.on('SIGTERM', () => handle('SIGTERM'))
  })
