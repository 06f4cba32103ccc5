import type { Config } from '#src/config.ts'
import type { Log } from '#src/lib/log.ts'

/** What a command is given: the checked settings are read only when it asks for them. */
export type CommandContext = {
  args: string[]
  config: () => Config
  log: Log
  /** One line or one JSON document on stdout; everything else goes to stderr. */
  print: (text: string) => void
}

export type Command = {
  usage: string
  summary: string
  /** Resolves to the exit code: 0 ok, 1 failed. Wrong usage is thrown as UsageError (exit 2). */
  run: (context: CommandContext) => Promise<number>
}

/** The call's words are wrong: exit 2 with the usage. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

export const json = (value: unknown): string => JSON.stringify(value, null, 2)
