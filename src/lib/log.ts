/** Structured log lines on stderr; never personal data (no addresses, names, query strings). */
export type Log = {
  info: (message: string, facts?: Facts) => void
  warn: (message: string, facts?: Facts) => void
  error: (message: string, facts?: Facts) => void
}

type Facts = Record<string, string | number | boolean | null | undefined>

// Crawled text may reach a fact: control characters would let it forge lines or drive a terminal.
const oneLine = (value: unknown): string =>
  String(value)
    .replace(/[\p{Cc}\u2028\u2029]/gu, '␣')
    .slice(0, 2000)

const line = (level: string, message: string, facts: Facts = {}): string => {
  const pairs = Object.entries(facts)
    .filter(([, value]) => value !== undefined)
    .map(
      ([name, value]) =>
        ` ${name}=${/[\s"=]/.test(String(value)) ? JSON.stringify(oneLine(value)) : oneLine(value)}`,
    )
  return `${new Date().toISOString()} ${level} ${oneLine(message)}${pairs.join('')}\n`
}

export const createLog = (write: (text: string) => unknown = (text) => process.stderr.write(text)): Log => ({
  info: (message, facts) => void write(line('info', message, facts)),
  warn: (message, facts) => void write(line('warn', message, facts)),
  error: (message, facts) => void write(line('error', message, facts)),
})

export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} }
