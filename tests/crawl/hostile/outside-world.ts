import { afterAll, expect } from 'bun:test'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
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

type Answer = (request: IncomingMessage, response: ServerResponse) => void

/** One port on every loopback address, IPv4 and IPv6: the outside ones answer, the others only count who comes. */
export const startWorld = async () => {
  const inside: string[] = []
  const asked: string[] = []
  const outside = networks(OUTSIDE)
  let answer: Answer = (_, response) => response.end()
  const listen = async (host: string, port: number): Promise<number> => {
    const server = createServer((request, response) => {
      asked.push(`${request.headers.host} ${request.url}`)
      answer(request, response)
    })
    server.on('connection', ({ localAddress = '' }) => {
      if (!isInNetworks(localAddress, outside)) inside.push(localAddress)
    })
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, host, resolve)
    })
    afterAll(() => server.close())
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

export const sendHtml = (
  response: ServerResponse,
  body: string,
  headers: Record<string, string> = {},
): void => {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...headers })
  response.end(
    `<!doctype html><html lang="fr"><head><title>Atelier</title></head><body>${body}</body></html>`,
  )
}

export const sendNothing = (response: ServerResponse): void => {
  response.writeHead(404, { 'content-type': 'text/plain' })
  response.end('nothing here')
}

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
