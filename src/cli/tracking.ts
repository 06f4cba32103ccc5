import { UsageError, type Command } from './command.ts'
import { classifyTraffic } from './tracking-classify.ts'
import { listTrackingEvents } from './tracking-events.ts'
import { reclassifyTracking } from './tracking-reclassify.ts'

const actions: Record<string, Command['run']> = {
  events: listTrackingEvents,
  classify: classifyTraffic,
  reclassify: reclassifyTracking,
}

export const trackingCommand: Command = {
  usage: 'tracking events [--message TOKEN] [--json] | classify FILE|- | reclassify',
  summary: "list what happened to mails; tell people's hits from machines', one JSON document per line",
  run: async (context) => {
    const [name = '', ...args] = context.args
    const action = Object.hasOwn(actions, name) ? actions[name] : undefined
    if (!action)
      throw new UsageError(
        `tracking takes one of ${Object.keys(actions).join(', ')}${name === '' ? '' : `, not "${name}"`}`,
      )
    return action({ ...context, args })
  },
}
