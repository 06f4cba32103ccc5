import { fstatSync } from 'node:fs'

const FIRST_BYTES_DEADLINE_MS = 5_000
const MAX_BYTES = 4_096
const STDIN = 0

/** Whether a password may come on stdin: a pipe or a file, not a keyboard nor /dev/null. */
const isFed = (): boolean => {
  try {
    const stat = fstatSync(STDIN)
    return stat.isFIFO() || stat.isFile() || stat.isSocket()
  } catch {
    return false
  }
}

/** The first line of stdin when something is piped into the command, else undefined. A pipe that stays silent
 *  is not waited for longer than five seconds. */
export const readPassword = async (
  input: ReadableStream<Uint8Array> | null = isFed() ? Bun.stdin.stream() : null,
): Promise<string | undefined> => {
  if (!input) return undefined
  const reader = input.getReader()
  const silence = new Promise<'silent'>((resolve) => {
    setTimeout(resolve, FIRST_BYTES_DEADLINE_MS, 'silent').unref()
  })
  const decoder = new TextDecoder()
  let text = ''
  while (text.length < MAX_BYTES && !text.includes('\n')) {
    const next = text === '' ? await Promise.race([reader.read(), silence]) : await reader.read()
    if (next === 'silent' || next.done) break
    text += decoder.decode(next.value, { stream: true })
  }
  const [line = ''] = text.split(/\r?\n/)
  return line === '' ? undefined : line
}
