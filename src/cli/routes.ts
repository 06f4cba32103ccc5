import { parseArgs } from 'node:util'
import { createApp } from '#src/app.ts'
import type { Deps } from '#src/deps.ts'
import { systemClock } from '#src/lib/clock.ts'
import { json, type Command } from './command.ts'

export const routesCommand: Command = {
  usage: 'routes [--json]',
  summary: 'list every page and endpoint with who may use it',
  run: async ({ args, config, log, print }) => {
    const { values } = parseArgs({ args, options: { json: { type: 'boolean' } } })
    // Only the table is wanted: no handler runs, so nothing below the settings is ever touched.
    const { routes } = createApp({ config: config(), log, clock: systemClock } as Deps)
    print(
      values.json
        ? json(routes)
        : routes.map((route) => `${route.method.padEnd(7)}${route.access.padEnd(9)}${route.path}`).join('\n'),
    )
    return 0
  },
}
