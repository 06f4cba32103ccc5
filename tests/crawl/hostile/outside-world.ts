import { afterAll, expect } from 'bun:test'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { standardLimits, type CrawlLimits } from '#src/crawl/crawl-limits.ts'
import { crawlTools } from '#src/crawl/crawl-tools.ts'
import { createPoliteness } from '#src/crawl/politeness/politeness.ts'
import { crawlSite, type CrawlTools } from '#src/crawl/site/crawl-site.ts'
import { isInNetworks } from '#src/lib/networks.ts'
import type { Resolve } from '#src/lib/address-vetting.ts'
import type { FetchOptions } from '#src/lib/safe-fetch.ts'
import { inspectTls } from '#src/lib/safe-fetch/inspect-tls.ts'
import type { Threads } from '#src/threads.ts'
import { networks } from '#tests/support/outside-servers.ts'

/** Stand for the Internet; every other address is inside. */
const OUTSIDE = '127.9.0.0/24'
export const SITE_ADDRESS = '127.9.0.2'
export const OTHER_ADDRESS = '127.9.0.3'

export type Asked = { url: string; host: string }

/** An answer on the wire: whole, or bytes of any kind through `socket`. */
export type Sending = {
  socket: Socket
  send: (body: string | Uint8Array, headers?: Record<string, string>, status?: number) => void
}
type Answer = (request: Asked, response: Sending) => void

const sendingOn = (socket: Socket): Sending => ({
  socket,
  send: (body, headers = {}, status = 200) => {
    const bytes = Buffer.from(body)
    const all = { 'Content-Length': String(bytes.length), Connection: 'close', ...headers }
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
    socket.write(`HTTP/1.1 ${status} Status\r\n${lines.join('')}\r\n`)
    socket.end(bytes)
  },
})

/** One port on every loopback address, IPv4 and IPv6: the outside ones answer, the others only count who comes. */
export const startWorld = async () => {
  const inside: string[] = []
  const asked: string[] = []
  const outside = networks(OUTSIDE)
  const open = new Set<Socket>()
  let answer: Answer = (_, response) => response.send('')
  const listen = async (host: string, port: number): Promise<number> => {
    const server = createServer((socket) => {
      if (!isInNetworks(socket.localAddress ?? '', outside)) inside.push(socket.localAddress ?? '')
      socket.on('error', () => {})
      let head = ''
      socket.on('data', (chunk) => {
        head += chunk.toString('latin1')
        if (!head.includes('\r\n\r\n')) return
        const url = head.split(' ', 2)[1] ?? ''
        const host = /^host: *(.*)$/im.exec(head)?.[1]?.trim() ?? ''
        head = ''
        asked.push(`${host} ${url}`)
        answer({ url, host }, sendingOn(socket))
      })
      open.add(socket)
      socket.on('close', () => open.delete(socket))
    })
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, host, resolve)
    })
    afterAll(() => {
      server.close()
      for (const socket of open) socket.destroy()
    })
    return (server.address() as AddressInfo).port
  }
  const port = await listen('0.0.0.0', 0)
  // Some machines have no IPv6.
  await listen('::1', port).catch(() => 0)
  return {
    port,
    inside,
    asked,
    /** What the site answers from now on. */
    serve: (next: Answer) => {
      answer = next
      asked.length = 0
    },
  }
}

export type World = Awaited<ReturnType<typeof startWorld>>

export const sendHtml = ({ send }: Sending, body: string, headers: Record<string, string> = {}): void =>
  send(`<!doctype html><html lang="fr"><head><title>Atelier</title></head><body>${body}</body></html>`, {
    'Content-Type': 'text/html; charset=utf-8',
    ...headers,
  })

export const sendNothing = ({ send }: Sending): void =>
  send('nothing here', { 'Content-Type': 'text/plain' }, 404)

export const sendTo = ({ send }: Sending, location: string, status = 302): void =>
  send('', { Location: location }, status)

type How = {
  threads: Threads
  resolve: Resolve
  limits?: Partial<CrawlLimits>
  tools?: Partial<CrawlTools>
  fetchOptions?: () => FetchOptions
}

/** The crawl of a site of this world. `addresses` are those that a request was about to leave for. */
export const crawlWorld = async (url: string, { threads, resolve, limits, tools, fetchOptions }: How) => {
  const addresses = new Set<string>()
  const free = createPoliteness({ enabled: false })
  const gate: typeof free.gate = async (hop) => {
    addresses.add(hop.address)
    return free.gate(hop)
  }
  const settings = {
    CRAWL_ALLOW_NETWORKS: [OUTSIDE],
    BASE_URL: undefined,
    MAIL_DEFAULT_SENDER: undefined,
    ADMIN_EMAIL: undefined,
  }
  const own = crawlTools({ settings, politeness: { ...free, gate }, threads })
  const outcome = await crawlSite(
    url,
    { ...standardLimits, ...limits },
    {
      ...own,
      fetch: (target, options) => own.fetch(target, { ...options, ...fetchOptions?.(), resolve }),
      inspectTls: async (host, port) => {
        const result = await inspectTls(host, port, { resolve, allowNetworks: networks(OUTSIDE) })
        return result.ok ? result.value : null
      },
      now: () => new Date(),
      ...tools,
    },
  )
  return { outcome, addresses: [...addresses] }
}

/** That nothing went where it should not. */
export const expectUntouched = (world: World, addresses: string[]): void => {
  expect(world.inside).toEqual([])
  expect(addresses.filter((address) => !isInNetworks(address, networks(OUTSIDE)))).toEqual([])
}
