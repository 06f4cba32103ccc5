import { classifyBounces } from './bounces-classify.ts'
import { UsageError, type Command } from './command.ts'

export const bouncesCommand: Command = {
  usage: 'bounces classify FILE… [--json]',
  summary: 'tell bounces, complaints, automatic answers and replies apart, one JSON document per mail file',
  run: async (context) => {
    const [name = '', ...args] = context.args
    if (name !== 'classify')
      throw new UsageError(`bounces takes classify${name === '' ? '' : `, not "${name}"`}`)
    return classifyBounces({ ...context, args })
  },
}
