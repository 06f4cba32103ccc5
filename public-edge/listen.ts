import { readdirSync, readFileSync } from 'node:fs'
import { messageOf } from '#src/lib/errors.ts'
import type { Log } from '#src/lib/log.ts'
import { limitCrowd } from './crowd.ts'

/** A connection that sends or takes nothing for this long is closed; so is one whose request head has not come within
 *  it, a byte at a time or not. */
const IDLE_TIMEOUT_SECONDS = 10
/** More than any route takes, so that the route itself refuses what is too large. */
const BODY_BYTES = 128 * 1024
/** A proxy needs a few dozen; whoever opens more waits for others to leave. */
const MAX_CONNECTIONS = 4096
/** Of the files that this process may open: the rest is for the spool and the database. */
const SHARE_OF_FILES = 0.75
const LOOK_EVERY_MS = 250
/** What is in hand may end when there are too many connections; it is far longer than an answer takes. */
const GRACE_MS = 1000
const TELL_EVERY_MS = 60_000

type Server = Bun.Server<undefined>
type Handler = (request: Request, server: Server) => Response | Promise<Response>

type Options = {
  hostname: string
  port: number
  fetch: Handler
  /** Whom requests are counted by when there are many. */
  addressOf: (request: Request, server: Server) => string | null
  log: Log
  maxConnections?: number
}

export type Listener = {
  port: number
  /** How often every connection was ended because there were too many. */
  turnovers: () => number
  /** Ends what is idle and waits for what is in hand. */
  stop: () => Promise<void>
}

/** Serves with bounds on time, size and number. Connections cannot be told apart before they have asked something, so
 *  that when there are too many all of them end: those that are idle at once, those that dawdle after a second. */
export const listen = (options: Options): Listener => {
  const { log } = options
  const most = options.maxConnections ?? Math.min(MAX_CONNECTIONS, openFilesLimit() * SHARE_OF_FILES)
  const admit = limitCrowd(options.addressOf)
  const open = (port: number): Server =>
    Bun.serve({
      hostname: options.hostname,
      port,
      idleTimeout: IDLE_TIMEOUT_SECONDS,
      maxRequestBodySize: BODY_BYTES,
      fetch: (request, server) => admit(request, server, options.fetch),
      error: (error) => {
        log.error('a request failed', { reason: messageOf(error) })
        return new Response('Internal error\n', { status: 500 })
      },
    })

  let server = open(options.port)
  const port = server.port ?? options.port
  const ending = new Set<Promise<void>>()
  let turnovers = 0
  let toldAt = -Infinity

  const end = (old: Server): void => {
    const timer = setTimeout(() => void old.stop(true), GRACE_MS)
    const ended = old.stop().finally(() => {
      clearTimeout(timer)
      ending.delete(ended)
    })
    ending.add(ended)
  }

  const turnOver = (connections: number): void => {
    turnovers += 1
    if (performance.now() - toldAt > TELL_EVERY_MS) {
      log.warn('too many connections: all of them are ended', { connections })
      toldAt = performance.now()
    }
    end(server)
    try {
      server = open(port)
    } catch (error) {
      log.error('the port cannot be listened on again', { reason: messageOf(error) })
      process.exit(1)
    }
  }

  const timer = setInterval(() => {
    // What is ending already must not count twice.
    const connections = ending.size === 0 ? countOpenFiles() : 0
    if (connections > most) turnOver(connections)
  }, LOOK_EVERY_MS)

  return {
    port,
    turnovers: () => turnovers,
    stop: async () => {
      clearInterval(timer)
      await Promise.all([server.stop(), ...ending])
    },
  }
}

/** Files and sockets of this process: all but a few are connections. */
const countOpenFiles = (): number => {
  try {
    return readdirSync('/proc/self/fd').length
  } catch {
    return 0
  }
}

const openFilesLimit = (): number => {
  try {
    const [, soft = ''] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? []
    return Number(soft) || MAX_CONNECTIONS * 2
  } catch {
    return MAX_CONNECTIONS * 2
  }
}
