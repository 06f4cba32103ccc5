import { afterAll } from 'bun:test'
import { readFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import { parseNetworks, type Networks } from '#src/lib/networks.ts'

/** Networks written down in a test; a wrong one throws. */
export const networks = (...list: string[]): Networks => {
  const parsed = parseNetworks(list)
  if (!parsed.ok) throw new Error(parsed.problem.message)
  return parsed.value
}

const CERTIFICATES = join(import.meta.dir, 'certificates')

/** The authority that signed the test certificates (tests/support/certificates/generate.sh). */
export const testAuthority = readFileSync(join(CERTIFICATES, 'ca.pem'), 'utf8')

export const testCertificate = (name: string): { cert: string; key: string } => ({
  cert: readFileSync(join(CERTIFICATES, `${name}.pem`), 'utf8'),
  key: readFileSync(join(CERTIFICATES, `${name}.key`), 'utf8'),
})

export type OutsideServer = {
  port: number
  /** How many connections were opened, and what was asked on them: the raw heads of the requests. */
  connections: number
  /** The same, with the TLS handshakes that failed. */
  sockets: number
  requests: string[]
  serverNames: string[]
}

/** What is written when the head of a request has come. */
export type Answer = (socket: Socket, head: string) => void

const CLOSERS: (() => void)[] = []
afterAll(() => {
  for (const close of CLOSERS.splice(0)) close()
})

const listen = async (server: Server, host: string, state: OutsideServer): Promise<OutsideServer> => {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, host, resolve)
  })
  state.port = (server.address() as AddressInfo).port
  return state
}

const serve = (state: OutsideServer, answer: Answer) => {
  const open = new Set<Socket>()
  CLOSERS.push(() => {
    for (const socket of open) socket.destroy()
  })
  return (socket: Socket): void => {
    state.connections += 1
    open.add(socket)
    let waiting = ''
    socket.on('error', () => {})
    socket.on('close', () => open.delete(socket))
    socket.on('data', (chunk: Buffer) => {
      waiting += chunk.toString('latin1')
      for (let end = waiting.indexOf('\r\n\r\n'); end !== -1; end = waiting.indexOf('\r\n\r\n')) {
        const head = waiting.slice(0, end)
        waiting = waiting.slice(end + 4)
        state.requests.push(head)
        answer(socket, head)
      }
    })
  }
}

const blank = (): OutsideServer => ({ port: 0, sockets: 0, connections: 0, requests: [], serverNames: [] })

/** A server on a loopback address that speaks whatever bytes `answer` writes; closed when the file is done. */
export const startServer = (answer: Answer, host = '127.0.0.1'): Promise<OutsideServer> => {
  const state = blank()
  const server = createServer(serve(state, answer))
  CLOSERS.push(() => server.close())
  return listen(server, host, state)
}

/** The same behind TLS; `certificates` by server name, the first for names that have none. */
export const startTlsServer = (
  names: string[],
  answer: Answer,
  options: { maxVersion?: 'TLSv1' | 'TLSv1.2' } = {},
): Promise<OutsideServer> => {
  const state = blank()
  const [first = 'alpha.test'] = names
  const server = createTlsServer({
    ...testCertificate(first),
    ...(options.maxVersion ? { minVersion: 'TLSv1', maxVersion: options.maxVersion } : {}),
  })
  for (const name of names.slice(1)) server.addContext(name, testCertificate(name))
  const handle = serve(state, answer)
  server.on('secureConnection', (socket) => {
    state.serverNames.push(String((socket as { servername?: unknown }).servername))
    handle(socket)
  })
  server.on('tlsClientError', () => {})
  server.on('connection', () => (state.sockets += 1))
  CLOSERS.push(() => server.close())
  return listen(server, '127.0.0.1', state)
}

/** A whole HTTP answer with its length, the connection kept. */
export const page =
  (body: string | Uint8Array = 'hello', headers: Record<string, string> = {}, status = 200): Answer =>
  (socket) => {
    const bytes = Buffer.from(body)
    const lines = Object.entries({ 'Content-Length': String(bytes.length), ...headers })
    socket.write(`HTTP/1.1 ${status} Status\r\n${lines.map(([n, v]) => `${n}: ${v}\r\n`).join('')}\r\n`)
    socket.write(bytes)
  }

export const redirect = (location: string, status = 302): Answer => page('', { Location: location }, status)
