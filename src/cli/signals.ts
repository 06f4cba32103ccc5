/** Resolves at the first SIGINT or SIGTERM; a second one ends the process at once. */
export const waitForSignal = (): Promise<string> =>
  new Promise((resolve) => {
    let asked = false
    const handle = (signal: string) => {
      if (asked) process.exit(1)
      asked = true
      resolve(signal)
    }
    process.on('SIGINT', () => handle('SIGINT'))
    process.on('SIGTERM', () => handle('SIGTERM'))
  })
