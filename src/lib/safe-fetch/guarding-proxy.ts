import { randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { createFetchMemory } from '../fetch-memory.ts'
import { connectVetted, type ConnectOptions } from './connect-vetted.ts'
import { fieldOf, lastHead, readAsked, readHead, type Asked, type Head } from './proxy-head.ts'

const MAX_HEAD_BYTES = 64_000
const HEAD_TIMEOUT_MS = 10_000
const IDLE_TIMEOUT_MS = 20_000
const MAX_CLIENTS = 500
const SECRET_BYTES = 24
const REALM = 'ProspectLab'

export type PassLimits = {
  /** In both directions together, as they travel. */
  maxBytes: number
  maxConnections: number
  maxConnectionsAtOnce: number
}

export type PassUse = { connections: number; bytes: number; refused: Set<string> }

/** One client's right to use the proxy. */
export type Pass = {
  username: string
  password: string
  /** What was used so far; `refused`: hosts that were asked for and not vetted. */
  use: PassUse
  /** Ends the pass and every connection made with it. */
  close: () => void
}

export type PassOptions = Omit<ConnectOptions, 'memory' | 'signal'> & {
  limits: PassLimits
  /** Called once, when a limit was passed; the pass has ended then. */
  onExceeded?: (limit: keyof PassLimits) => void
}

export type GuardingProxy = {
  /** Of 127.0.0.1. */
  port: number
  admit: (options: PassOptions) => Pass
  close: () => void
}

type Admitted = {
  pass: Pass
  secret: Buffer
  connect: ConnectOptions
  sockets: Set<Socket>
  /** Room for one more connection? */
  enter: () => boolean
  /** Room for so many more bytes? */
  spend: (bytes: number) => boolean
}

/** An HTTP proxy on loopback for a program that cannot be trusted with connections of its own, such as a browser: every
 *  connection is made by connectVetted, so that a name is resolved here, all its addresses vetted, one of them pinned.
 *  Only who holds the credential of an open pass is served, within the limits of that pass; 407 for all others. */
export const startGuardingProxy = async (): Promise<GuardingProxy> => {
  const passes = new Map<string, Admitted>()
  const clients = new Set<Socket>()

  const server = createServer((client) => {
    client.on('error', () => {})
    clients.add(client)
    client.on('close', () => clients.delete(client))
    serveClient(client, (authorization) => holderOf(passes, authorization)).catch(() => client.destroy())
  })
  server.maxConnections = MAX_CLIENTS
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })

  const admit = (options: PassOptions): Pass => {
    const admitted = createPass(options, () => passes.delete(admitted.pass.username))
    passes.set(admitted.pass.username, admitted)
    return admitted.pass
  }

  const close = (): void => {
    for (const { pass } of passes.values()) pass.close()
    for (const client of clients) client.destroy()
    server.close()
  }
  return { port: (server.address() as AddressInfo).port, admit, close }
}

const createPass = ({ limits, onExceeded, ...rules }: PassOptions, forget: () => void): Admitted => {
  const username = randomBytes(SECRET_BYTES).toString('hex')
  const password = randomBytes(SECRET_BYTES).toString('hex')
  const stop = new AbortController()
  const sockets = new Set<Socket>()
  const use: PassUse = { connections: 0, bytes: 0, refused: new Set() }
  const close = (): void => {
    forget()
    stop.abort()
    for (const socket of sockets) socket.destroy()
  }
  const exceeded = (limit: keyof PassLimits): false => {
    if (!stop.signal.aborted) {
      close()
      onExceeded?.(limit)
    }
    return false
  }
  return {
    pass: { username, password, use, close },
    secret: Buffer.from(`Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`),
    connect: { ...rules, memory: createFetchMemory(), signal: stop.signal },
    sockets,
    enter: () => {
      if (stop.signal.aborted || sockets.size >= limits.maxConnectionsAtOnce) return false
      use.connections += 1
      return use.connections <= limits.maxConnections || exceeded('maxConnections')
    },
    spend: (bytes) => {
      use.bytes += bytes
      return !stop.signal.aborted && (use.bytes <= limits.maxBytes || exceeded('maxBytes'))
    },
  }
}

const holderOf = (passes: Map<string, Admitted>, authorization: string | null): Admitted | null => {
  const given = Buffer.from(authorization ?? '')
  const [username = ''] = Buffer.from((authorization ?? '').slice('Basic '.length), 'base64')
    .toString('latin1')
    .split(':')
  const admitted = passes.get(username)
  if (!admitted || admitted.secret.length !== given.length) return null
  return timingSafeEqual(admitted.secret, given) ? admitted : null
}

const serveClient = async (client: Socket, holder: (authorization: string | null) => Admitted | null) => {
  const head = await headFrom(client, HEAD_TIMEOUT_MS)
  if (!head) return void client.destroy()
  const admitted = holder(fieldOf(head, 'proxy-authorization'))
  if (!admitted) return refuse(client, '407 Proxy Authentication Required')
  const asked = readAsked(head)
  if (!asked.ok) return refuse(client, '400 Bad Request')
  if (!admitted.enter()) return refuse(client, '503 Service Unavailable')
  // Held from here on: what is being connected counts as a connection.
  hold(client, admitted)
  const { host, port } = asked.value
  const opened = await connectVetted(host, port, admitted.connect)
  if (!opened.ok) {
    const refused = opened.problem.code === 'refused_address'
    if (refused) admitted.pass.use.refused.add(host)
    return refuse(client, refused ? '403 Forbidden' : '502 Bad Gateway')
  }
  const outside = opened.value
  if (client.destroyed) return void outside.destroy()
  outside.on('error', () => client.destroy())
  client.on('close', () => outside.destroy())
  if (asked.value.kind === 'tunnel') tunnel(client, outside, head, admitted)
  else await forward(client, outside, { head, asked: asked.value, admitted })
}

const hold = (socket: Socket, { sockets }: Admitted): void => {
  sockets.add(socket)
  socket.setTimeout(IDLE_TIMEOUT_MS, () => socket.destroy())
  socket.on('close', () => sockets.delete(socket))
}

const refuse = (client: Socket, status: string): void => {
  const challenge = status.startsWith('407') ? `Proxy-Authenticate: Basic realm="${REALM}"\r\n` : ''
  client.end(`HTTP/1.1 ${status}\r\n${challenge}Content-Length: 0\r\nConnection: close\r\n\r\n`)
}

const tunnel = (client: Socket, outside: Socket, head: Head, admitted: Admitted): void => {
  client.write('HTTP/1.1 200 Connection established\r\n\r\n')
  pump(client, outside, admitted, head.rest)
  pump(outside, client, admitted)
}

type Forwarding = { head: Head; asked: Asked & { kind: 'request' }; admitted: Admitted }

/** One request and its answer; both sides are told that nothing more comes on their connections, and what a client
 *  sends beyond its request is dropped: it was vetted for this host only. */
const forward = async (client: Socket, outside: Socket, { head, asked, admitted }: Forwarding) => {
  outside.write(lastHead(asked.first, head))
  let left = asked.bodyBytes
  const take = (chunk: Buffer): void => {
    const mine = chunk.subarray(0, left)
    left -= mine.length
    if (mine.length > 0 && admitted.spend(mine.length) && !outside.write(mine)) {
      client.pause()
      outside.once('drain', () => client.resume())
    }
  }
  take(head.rest)
  client.on('data', take)
  client.resume()
  for (;;) {
    const answer = await headFrom(outside, IDLE_TIMEOUT_MS)
    if (!answer || !/^HTTP\/1\.[01] \d{3}\b/.test(answer.first)) return refuse(client, '502 Bad Gateway')
    // An interim answer (100, 103) is followed by the one that counts.
    if (/^HTTP\/1\.[01] 1\d\d\b/.test(answer.first)) {
      outside.unshift(answer.rest)
      continue
    }
    client.write(lastHead(answer.first, answer))
    return pump(outside, client, admitted, answer.rest, bodyOf(asked.first, answer))
  }
}

/** The bytes of an answer after its head; unbounded when only the end of the connection tells. */
const bodyOf = (asked: string, answer: Head): number => {
  if (asked.startsWith('HEAD ') || /^HTTP\/1\.[01] (?:204|304)\b/.test(answer.first)) return 0
  const length = fieldOf(answer, 'content-length')
  const told = length !== null && /^\d{1,15}$/.test(length) && fieldOf(answer, 'transfer-encoding') === null
  return told ? Number(length) : Infinity
}

/** Hands on what comes, no faster than it is taken, and no more than `left` bytes. */
const pump = (from: Socket, to: Socket, admitted: Admitted, first?: Buffer, left = Infinity): void => {
  const give = (chunk: Buffer): void => {
    const mine = chunk.subarray(0, left)
    left -= mine.length
    if (!admitted.spend(mine.length) || to.destroyed) return
    const full = mine.length > 0 && !to.write(mine)
    if (left <= 0) return void to.end()
    if (!full) return
    from.pause()
    to.once('drain', () => from.resume())
  }
  if (first) give(first)
  from.on('data', give)
  from.on('end', () => to.end())
  from.on('close', () => to.end())
  from.resume()
}

/** The head of the next message; null when it does not come in time, is too long, or the other side leaves. */
const headFrom = (socket: Socket, timeoutMs: number): Promise<Head | null> =>
  new Promise((resolve) => {
    let waiting = Buffer.alloc(0)
    const finish = (head: Head | null): void => {
      clearTimeout(timer)
      socket.pause()
      socket.off('data', take).off('close', leave).off('end', leave)
      resolve(head)
    }
    const leave = (): void => finish(null)
    const take = (chunk: Buffer): void => {
      waiting = Buffer.concat([waiting, chunk])
      const head = readHead(waiting)
      if (head || waiting.length > MAX_HEAD_BYTES) finish(head)
    }
    const timer = setTimeout(leave, timeoutMs)
    socket.on('data', take).on('close', leave).on('end', leave)
    socket.resume()
  })
