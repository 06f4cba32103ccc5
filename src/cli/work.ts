import { parseArgs } from 'node:util'
import { assemble } from './assemble.ts'
import type { Command } from './command.ts'
import { waitForSignal } from './signals.ts'

export const workCommand: Command = {
  usage: 'work',
  summary: 'take a share of the jobs, without pages (for a second machine)',
  run: async ({ args, config, log, print }) => {
    parseArgs({ args, options: {} })
    const stop = waitForSignal()
    const assembly = await assemble(config(), log, 'command')
    try {
      const working = assembly.prepare().then(assembly.work)
      await Promise.race([stop, working.then(() => print('Working.')).then(() => stop)])
      return 0
    } finally {
      await assembly.close()
    }
  },
}
