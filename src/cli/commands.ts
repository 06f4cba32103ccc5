import { analyseCommand } from './analyse.ts'
import { bouncesCommand } from './bounces.ts'
import type { Command } from './command.ts'
import { crawlCommand } from './crawl.ts'
import { doctorCommand } from './doctor.ts'
import { edgeEnvCommand } from './edge-env.ts'
import { importCommand } from './import.ts'
import { migrateCommand } from './migrate.ts'
import { routesCommand } from './routes.ts'
import { sendCommand } from './send.ts'
import { serveCommand } from './serve.ts'
import { openapiCommand } from './openapi.ts'
import { tokenCommand } from './token.ts'
import { trackingCommand } from './tracking.ts'
import { userCommand } from './user.ts'
import { versionCommand } from './version.ts'
import { workCommand } from './work.ts'

/** Every command of `prospectlab`, in the order of the help text. */
export const commands: Record<string, Command> = {
  serve: serveCommand,
  work: workCommand,
  migrate: migrateCommand,
  import: importCommand,
  crawl: crawlCommand,
  analyse: analyseCommand,
  user: userCommand,
  send: sendCommand,
  tracking: trackingCommand,
  bounces: bouncesCommand,
  token: tokenCommand,
  openapi: openapiCommand,
  'edge-env': edgeEnvCommand,
  doctor: doctorCommand,
  routes: routesCommand,
  version: versionCommand,
}
