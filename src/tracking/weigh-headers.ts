import type { Origin } from './address-origin.ts'
import type { ReasonCode } from './messages.ts'
import type { Agent } from './read-agent.ts'
import type { Hit } from './traffic-document.ts'

/** A hint: positive for a machine, negative for a person. */
export type Clue = { reason: ReasonCode; weight: number }

// Chrome 100 came out on 29 March 2022, Firefox 98 on 8 March; both bring a main version every four weeks.
const RELEASES = {
  chrome: { version: 100, at: Date.UTC(2022, 2, 29) },
  firefox: { version: 98, at: Date.UTC(2022, 2, 8) },
}
const RELEASE_EVERY_MS = 28.5 * 86_400_000
const OLD_AFTER_RELEASES = 13
const STALE_AFTER_RELEASES = 25
/** About six years: later than the last browser of any system still met. */
const ANCIENT_AFTER_RELEASES = 75
const FUTURE_RELEASES = 4
/** What an old, plain or filtered connection of a person may lack as well counts no more than this in all, as long
 *  as the language and the wish for a page or an image are told. */
const SOFT_REASONS = new Set<ReasonCode>([
  'stale_browser',
  'no_fetch_metadata',
  'bare_headers',
  'full_version',
])
const SOFT_LIMIT = 3
/** From these versions on, a browser tells over https where its request comes from and goes to. */
const FETCH_METADATA_SINCE = { chrome: 80, firefox: 90, safari: 17, webkit: Infinity, other: Infinity }
const CLIENT_HINTS_SINCE = 90
const REDUCED_SINCE = 110

const platforms: Record<string, Agent['os'][]> = {
  windows: ['windows'],
  macos: ['mac'],
  android: ['android', 'linux'],
  linux: ['linux', 'android'],
  'chrome os': ['linux'],
  'chromium os': ['linux'],
  ios: ['ios', 'mac'],
}

const releasesBehind = (agent: Agent, at: number): number => {
  if (agent.browser !== 'chrome' && agent.browser !== 'firefox') return 0
  const { version, at: since } = RELEASES[agent.browser]
  return Math.floor((at - since) / RELEASE_EVERY_MS) + version - agent.version
}

const weighVersion = (agent: Agent, at: number): Clue[] => {
  if (agent.isAbandoned) return [{ reason: 'stale_browser', weight: 2 }]
  const behind = releasesBehind(agent, at)
  if (behind < -FUTURE_RELEASES) return [{ reason: 'false_browser', weight: 2 }]
  if (behind > ANCIENT_AFTER_RELEASES) return [{ reason: 'stale_browser', weight: 3 }]
  if (agent.isOldSystem || agent.isWebView) return []
  if (behind > STALE_AFTER_RELEASES) return [{ reason: 'stale_browser', weight: 2 }]
  // Firefox has releases with a year's support.
  return behind > OLD_AFTER_RELEASES && agent.browser === 'chrome'
    ? [{ reason: 'stale_browser', weight: 1 }]
    : []
}

const weighClientHints = (hit: Hit, agent: Agent): Clue[] => {
  const brands = hit.headers.get('sec-ch-ua')
  if (brands === undefined) return []
  const version = /"(?:Chromium|Google Chrome)";v="(\d+)/.exec(brands)?.[1]
  const platform = hit.headers.get('sec-ch-ua-platform')?.replaceAll('"', '').toLowerCase()
  const possible = platform === undefined ? undefined : platforms[platform]
  const isOther =
    agent.browser !== 'chrome' ||
    (version !== undefined && Number(version) !== agent.version) ||
    (possible !== undefined && agent.os !== null && !possible.includes(agent.os))
  return isOther ? [{ reason: 'false_browser', weight: 4 }] : []
}

const weighDestination = (hit: Hit): Clue[] => {
  // No browser opens a page or an image by a range of its bytes.
  if (hit.headers.has('range')) return [{ reason: 'wrong_destination', weight: 3 }]
  const destination = hit.headers.get('sec-fetch-dest')
  if (destination === undefined) return []
  const expected = hit.kind === 'pixel' ? ['image'] : ['document']
  return expected.includes(destination) ? [] : [{ reason: 'wrong_destination', weight: 3 }]
}

const weighMissing = (hit: Hit, agent: Agent): Clue[] => {
  const { headers, kind } = hit
  const accept = headers.get('accept')
  const isPixel = kind === 'pixel'
  const clues: Clue[] = []
  if (!headers.get('accept-language')) clues.push({ reason: 'no_language', weight: isPixel ? 2 : 3.5 })
  if (!accept || accept === '*/*')
    clues.push({
      reason: 'bare_accept',
      weight: isPixel ? (agent.browser === 'chrome' || agent.browser === 'firefox' ? 1 : 0) : 3,
    })
  if (!headers.get('accept-encoding')) clues.push({ reason: 'bare_headers', weight: 1 })
  const isModern = agent.browser !== null && agent.version >= FETCH_METADATA_SINCE[agent.browser]
  if (isModern && !headers.has('sec-fetch-mode') && !headers.has('sec-fetch-dest')) {
    const overTls = /\bbr\b|zstd/.test(headers.get('accept-encoding') ?? '')
    clues.push({ reason: 'no_fetch_metadata', weight: overTls ? 2 : 1.5 })
  }
  return clues
}

const weighWhole = (hit: Hit, agent: Agent): Clue[] => {
  const { headers } = hit
  const isWhole =
    headers.has('sec-fetch-dest') &&
    Boolean(headers.get('accept-language')) &&
    (agent.browser !== 'chrome' ||
      agent.isWebView ||
      agent.version < CLIENT_HINTS_SINCE ||
      headers.has('sec-ch-ua'))
  return isWhole ? [{ reason: 'whole_browser', weight: -1 }] : []
}

const NETWORKS: { origin: Origin; clue: Clue }[] = [
  { origin: 'security', clue: { reason: 'security_network', weight: 1.5 } },
  { origin: 'cloud', clue: { reason: 'cloud_network', weight: 1 } },
]
/** From this weight on, a desk's browser in such a network is a little less likely a person's than the sum says. */
const DOUBTFUL_BROWSER = 2.5

/** Soft clues brought down to their limit in proportion. */
const limited = (clues: Clue[]): Clue[] => {
  if (clues.some(({ reason }) => reason === 'no_language' || reason === 'bare_accept')) return clues
  const isSoft = ({ reason }: Clue) => SOFT_REASONS.has(reason)
  const soft = clues.filter(isSoft).reduce((total, { weight }) => total + weight, 0)
  if (soft <= SOFT_LIMIT) return clues
  return clues.map((clue) => (isSoft(clue) ? { ...clue, weight: (clue.weight * SOFT_LIMIT) / soft } : clue))
}

const weighBrowser = (hit: Hit, agent: Agent): Clue[] => {
  const isFull = agent.browser === 'chrome' && agent.version >= REDUCED_SINCE && !agent.isReduced
  return limited([
    ...(isFull && !agent.isWebView ? [{ reason: 'full_version', weight: 1.5 } as const] : []),
    ...weighVersion(agent, hit.at),
    ...weighClientHints(hit, agent),
    ...weighDestination(hit),
    ...weighMissing(hit, agent),
    ...weighWhole(hit, agent),
  ])
}

/** What one hit says by itself: its network, and the headers of what claims to be a browser. The loaders of images in
 *  mail programs are too diverse to weigh. */
export const weighHeaders = (hit: Hit, agent: Agent, origin: Origin): Clue[] => {
  const isPixel = hit.kind === 'pixel'
  const clues: Clue[] = []
  const network = NETWORKS.find((each) => each.origin === origin)
  if (network) clues.push(network.clue)
  if (isPixel && agent.isMailProgram) clues.push({ reason: 'mail_program', weight: -2 })
  if (agent.browser === null && isPixel) return clues
  if (agent.browser === null) clues.push({ reason: 'no_browser', weight: 2 })
  if (isPixel && agent.isMailProgram && agent.browser !== 'chrome') return clues
  const browser = weighBrowser(hit, agent)
  const isDesk =
    agent.browser === 'chrome' && agent.os !== 'android' && !agent.isWebView && !agent.isOldSystem
  if (network && isDesk && browser.reduce((total, { weight }) => total + weight, 0) >= DOUBTFUL_BROWSER)
    clues.push({ reason: network.clue.reason, weight: 0.5 })
  return [...clues, ...browser]
}
