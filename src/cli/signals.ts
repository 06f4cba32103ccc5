// Ctrl-C may arrive twice: from the terminal, and forwarded by npm.
const SAME_KEYSTROKE_MS = 1000
// Answers of mail servers are waited for (campaigns/sending/late-answers.ts: 30 s), running work is handed back and the
// database closed well before; a supervisor would not wait much longer (deploy/systemd: 60 s).
const STOP_WITHIN_MS = 45_000

/** Resolves at the first SIGINT or SIGTERM; another one later ends the process at once, and so does a stop that
 *  something holds up: what was running is taken up again at the next start. */
export const waitForSignal = (): Promise<string> =>
  new Promise((resolve) => {
    let askedAt: number | null = null
    const handle = (signal: string) => {
      if (askedAt !== null && performance.now() - askedAt > SAME_KEYSTROKE_MS) process.exit(1)
      if (askedAt === null) setTimeout(() => process.exit(1), STOP_WITHIN_MS).unref()
      askedAt ??= performance.now()
      resolve(signal)
    }
    process.on('SIGINT', () => handle('SIGINT'))
    process.on('SIGTERM', () => handle('SIGTERM'))
  })
