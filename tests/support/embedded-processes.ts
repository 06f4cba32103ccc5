import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const USER = join(import.meta.dir, 'embedded-user.ts')

export type EmbeddedProcess = {
  said: { visits?: number; socket?: string; code?: string; message?: string }
  /** What it logged so far. */
  log: () => string
  leave: () => Promise<number>
  kill: () => Promise<void>
}

/** Starts a process that uses the database of `dataDir` and waits for its first word. `command` (a compiled copy,
 *  or one run by another user) takes the place of this Bun and the script. */
export const useEmbedded = async (
  dataDir: string,
  role: 'serve' | 'command' = 'command',
  command: string[] = [process.execPath, USER],
): Promise<EmbeddedProcess> => {
  const child = Bun.spawn([...command, dataDir, role], { stdin: 'pipe', stdout: 'pipe', stderr: 'pipe' })
  let log = ''
  const logged = (async () => {
    for await (const chunk of child.stderr) log += new TextDecoder().decode(chunk)
  })()
  const reader = child.stdout.getReader()
  let text = ''
  while (!text.includes('\n')) {
    const { value, done } = await reader.read()
    if (done) break
    text += new TextDecoder().decode(value)
  }
  if (!text.includes('\n')) {
    await logged
    throw new Error(`the process said nothing: ${log}`)
  }
  return {
    said: JSON.parse(text) as EmbeddedProcess['said'],
    log: () => log,
    leave: async () => {
      void child.stdin.end()
      const code = await child.exited
      await logged
      return code
    },
    kill: async () => {
      child.kill('SIGKILL')
      await child.exited
    },
  }
}

/** The process number in postmaster.pid, or null when no server claims the cluster. */
export const postmasterOf = (directory: string): number | null => {
  try {
    return Number(readFileSync(join(directory, 'cluster/postmaster.pid'), 'utf8').split('\n')[0])
  } catch {
    return null
  }
}
