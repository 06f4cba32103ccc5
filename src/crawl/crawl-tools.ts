import type { Config } from '#src/config.ts'
import { createFetchMemory } from '#src/lib/fetch-memory.ts'
import { parseNetworks } from '#src/lib/networks.ts'
import { safeFetch, type FetchOptions, type HopGate } from '#src/lib/safe-fetch.ts'
import { inspectTls } from '#src/lib/safe-fetch/inspect-tls.ts'
import type { Threads } from '#src/threads.ts'
import packageJson from '../../package.json' with { type: 'json' }
import type { MxCheck } from './contacts/check-mx.ts'
import type { CrawlTools } from './site/crawl-site.ts'
import type { Politeness } from './politeness/politeness.ts'
import type { PageRoom } from './page-room.ts'
import type { NetworkRules, RenderPage } from './render/render-page.ts'
import type { Renderer } from './render/renderer.ts'
import { AGENT_TOKEN } from './site/robots.ts'

const LANGUAGES = 'fr-FR,fr;q=0.9,en;q=0.6'
const TIMEOUT_MS = 25_000

type Settings = Pick<Config, 'CRAWL_ALLOW_NETWORKS' | 'BASE_URL' | 'MAIL_DEFAULT_SENDER' | 'ADMIN_EMAIL'>

/** Who we say we are, and where to complain: the public address, else an e-mail address of the settings. */
export const userAgent = (settings: Settings): string => {
  const contact = contactOf(settings)
  return `${AGENT_TOKEN}/${packageJson.version}${contact ? ` (+${contact})` : ''}`
}

export const namesContact = (settings: Settings): boolean => contactOf(settings) !== null

const contactOf = (settings: Settings): string | null => {
  const address = settings.MAIL_DEFAULT_SENDER?.match(/[^\s<>]+@[^\s<>]+/)?.[0] ?? settings.ADMIN_EMAIL
  return settings.BASE_URL ?? (address ? `mailto:${address}` : null)
}

/** Everything one site's crawl may do to the outside, with this installation's rules bound in: vetted addresses,
 *  our agent, the politeness of all nodes, broken TLS read without secrets. Made anew for each site. */
export const crawlTools = (parts: {
  settings: Settings
  politeness: Politeness
  threads: Threads
  checkMx?: MxCheck
  renderer?: Renderer
  /** Shared by all sites that this process crawls. */
  room?: PageRoom
  signal?: AbortSignal
}): Omit<CrawlTools, 'now'> => {
  const networks = parseNetworks(parts.settings.CRAWL_ALLOW_NETWORKS)
  const shared = {
    allowNetworks: networks.ok ? networks.value : [],
    ...(parts.signal ? { signal: parts.signal } : {}),
  }
  const memory = createFetchMemory()
  const options: FetchOptions = {
    ...shared,
    memory,
    timeoutMs: TIMEOUT_MS,
    tlsPolicy: 'tolerant',
    headers: {
      'user-agent': userAgent(parts.settings),
      accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.5',
      'accept-language': LANGUAGES,
    },
  }
  const seat = parts.room?.seat()
  let parsing = 0
  let waitedMs = 0
  const waiting = async <T>(work: () => Promise<T>): Promise<T> => {
    const before = performance.now()
    return work().finally(() => (waitedMs += performance.now() - before))
  }
  const turn: HopGate = (hop) => waiting(() => parts.politeness.gate(hop))
  const turnAndRoom: HopGate = (hop) =>
    waiting(async () => {
      const pass = await parts.politeness.gate(hop)
      if (!pass.go || !seat) return pass
      try {
        await seat.enter(hop.signal)
      } catch {
        pass.done?.(null)
        return { go: false, message: 'The request was cancelled.' }
      }
      const done: typeof pass.done = (answer) => {
        seat.hold(answer?.body.byteLength ?? 0)
        pass.done?.(answer)
      }
      return { go: true, done }
    })
  const leaveUnlessParsed = () => void (parsing === 0 && seat?.leave())
  return {
    fetch: async (url, more) => {
      const result = await safeFetch(url, {
        ...options,
        ...more,
        headers: { ...options.headers, ...more?.headers },
        timeoutMs: Math.min(TIMEOUT_MS, more?.timeoutMs ?? TIMEOUT_MS),
        onHop: inTurn(more?.onHop, turnAndRoom),
      })
      // Whoever wants the answer parsed says so at once.
      if (seat) setImmediate(leaveUnlessParsed)
      return result
    },
    waitedMs: () => waitedMs,
    // With many sites a page waits for a thread, which is no fault of its site.
    parsePage: (input) => {
      parsing += 1
      return waiting(() => parts.threads.parsePage(input)).finally(() => {
        parsing -= 1
        leaveUnlessParsed()
      })
    },
    inspectTls: async (host, port) => {
      const result = await inspectTls(host, port, shared)
      return result.ok ? result.value : null
    },
    ...(parts.renderer && {
      render: drawIn(parts.renderer, { ...shared, gate: turn, onWaited: (ms) => void (waitedMs += ms) }),
    }),
    ...(parts.checkMx ? { checkMx: parts.checkMx } : {}),
    onCrawlDelay: (host, milliseconds) => parts.politeness.slowDown(host, milliseconds),
    ...(parts.signal ? { signal: parts.signal } : {}),
  }
}

const drawIn =
  (renderer: Renderer, rules: NetworkRules): RenderPage =>
  (url, more) =>
    renderer.render(url, { ...rules, ...more })

// Whether we may go is asked before a place in the queue is taken.
const inTurn =
  (first: HopGate | undefined, second: HopGate): HopGate =>
  async (hop) => {
    const pass = first ? await first(hop) : { go: true as const }
    return pass.go ? second(hop) : pass
  }
