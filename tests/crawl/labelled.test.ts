// Prints how much of what a human finds on the labelled sites is found, and how much of what is found is true; how to
// choose sites and read the print is in labelled/README.md.
import { afterAll, expect, test } from 'bun:test'
import { standardLimits } from '#src/crawl/crawl-limits.ts'
import { crawlSite } from '#src/crawl/site/crawl-site.ts'
import { crawlTools } from '#src/crawl/crawl-tools.ts'
import { createPoliteness } from '#src/crawl/politeness/politeness.ts'
import { systemClock } from '#src/lib/clock.ts'
import { startThreads } from '#src/threads.ts'
import {
  scoreSite,
  type FactKind,
  type Facts,
  type Score,
  type SiteScores,
} from '#tests/support/labelled-scores.ts'
import {
  readLabelledSites,
  serveLabelledSites,
  type LabelledSite,
  type Part,
} from '#tests/support/labelled-sites.ts'

const SITES_AT_ONCE = 8
const TIMEOUT_MS = 180_000
const KINDS: FactKind[] = [
  'emails',
  'phones',
  'people',
  'addresses',
  'companyIds',
  'socials',
  'technologies',
  'company',
  'features',
]
const CHOSEN = (process.env['LABELLED_SITES'] ?? '').split(',').filter(Boolean)
const WITH_DETAILS = process.env['LABELLED_VERBOSE'] === '1'
/** Precision and recall that are aimed at; a figure below them is marked in the print. */
const AIMS: Partial<Record<FactKind, [precision: number, recall: number]>> = {
  emails: [0.97, 0.95],
  phones: [0.97, 0.95],
  people: [0.9, 0.85],
  companyIds: [0.95, 0.95],
  socials: [0.95, 0.95],
  technologies: [0.95, 0.9],
  company: [0.95, 0.9],
}
/** Reached on the open sites, and not to be lost again. */
const REACHED: FactKind[] = ['emails', 'phones', 'people', 'companyIds', 'socials', 'technologies', 'company']
const NOTHING: Facts = {
  emails: [],
  phones: [],
  people: [],
  addresses: [],
  companyIds: [],
  socials: [],
  technologies: [],
  company: { legalForm: null, capital: null, director: null, host: null, openingHours: [], languages: [] },
  features: [],
}

const threads = startThreads(2)
const politeness = createPoliteness({ enabled: false })
afterAll(async () => {
  threads.close()
  await politeness.close()
})

type Scored = { site: LabelledSite; scores: SiteScores; failure: string | null }

const scoreAll = async (part: Part): Promise<Scored[]> => {
  const sites = readLabelledSites(part, CHOSEN)
  const server = serveLabelledSites(sites)
  const settings = {
    CRAWL_ALLOW_NETWORKS: ['127.0.0.0/8'],
    BASE_URL: undefined,
    MAIL_DEFAULT_SENDER: undefined,
    ADMIN_EMAIL: undefined,
  }
  const tools = crawlTools({ settings, politeness, threads })
  const fetchHere: typeof tools.fetch = (url, options) =>
    tools.fetch(url, { ...options, resolve: server.resolve })
  const scoreOne = async (site: LabelledSite): Promise<Scored> => {
    const outcome = await crawlSite(server.startOf(site), standardLimits, {
      ...tools,
      fetch: fetchHere,
      now: systemClock.now,
    })
    const failure = outcome.ok ? null : `${outcome.error.code}: ${outcome.error.message}`
    return { site, scores: scoreSite(outcome.ok ? outcome.site : NOTHING, site.truth), failure }
  }
  const waiting = [...sites]
  const scored: Scored[] = []
  const lane = async () => {
    for (let site = waiting.shift(); site; site = waiting.shift()) scored.push(await scoreOne(site))
  }
  try {
    await Promise.all(Array.from({ length: SITES_AT_ONCE }, lane))
  } finally {
    await server.stop()
  }
  return scored.toSorted((a, b) => a.site.host.localeCompare(b.site.host))
}

type Figures = { precision: number; recall: number; line: string }

const figuresOf = (scores: Score[]): Figures => {
  const sum = (count: (score: Score) => number) => scores.reduce((total, score) => total + count(score), 0)
  const hits = sum((score) => score.hits)
  const wrong = sum((score) => score.wrong.length)
  const missed = sum((score) => score.missed.length)
  const precision = hits + wrong === 0 ? 1 : hits / (hits + wrong)
  const recall = hits + missed === 0 ? 1 : hits / (hits + missed)
  const details = Object.keys(scores[0]?.details ?? {}).map(
    (name) =>
      `${name} ${sum((score) => score.details[name]!.right)}/${sum((score) => score.details[name]!.of)}`,
  )
  if (hits + wrong + missed === 0) return { precision, recall, line: 'nothing asked, nothing said' }
  const numbers = `${precision.toFixed(3)} / ${recall.toFixed(3)}  (${hits} found, ${wrong} false, ${missed} missed)`
  return { precision, recall, line: [numbers, ...details].join(' · ') }
}

const report = (part: Part, scored: Scored[]): Record<FactKind, Figures> => {
  const figures = Object.fromEntries(
    KINDS.map((kind) => [kind, figuresOf(scored.map(({ scores }) => scores[kind]))]),
  ) as Record<FactKind, Figures>
  const lines = KINDS.map(
    (kind) => `${kind.padEnd(13)}${figures[kind].line}${shortfallOf(kind, figures[kind])}`,
  )
  console.log([`${part}: ${scored.length} sites, precision / recall`, ...lines].join('\n'))
  // Never of held/: who reads its misses tunes on them.
  if (WITH_DETAILS && part === 'open') console.log(scored.flatMap(failuresOf).join('\n'))
  return figures
}

const shortfallOf = (kind: FactKind, { precision, recall }: Figures): string => {
  const [precise, complete] = AIMS[kind] ?? [0, 0]
  return precision >= precise && recall >= complete ? '' : ` · BELOW ${precise} / ${complete}`
}

const failuresOf = ({ site, scores, failure }: Scored): string[] => {
  const lines = KINDS.flatMap((kind) => [
    ...scores[kind].missed.map((text) => `  ${kind} missed  ${text}`),
    ...scores[kind].wrong.map((text) => `  ${kind} false   ${text}`),
    ...Object.entries(scores[kind].details).flatMap(([name, { differ }]) =>
      differ.map((text) => `  ${kind} ${name}  ${text}`),
    ),
  ])
  if (failure !== null) lines.unshift(`  could not be crawled: ${failure}`)
  return lines.length > 0 ? [site.host, ...lines] : []
}

test(
  'the facts of the open labelled sites are found',
  async () => {
    const scored = await scoreAll('open')
    const figures = report('open', scored)
    expect(scored.filter(({ failure }) => failure !== null).map(({ site }) => site.host)).toEqual([])
    if (CHOSEN.length > 0) return
    expect(REACHED.filter((kind) => shortfallOf(kind, figures[kind]) !== '')).toEqual([])
  },
  TIMEOUT_MS,
)

if (process.env['LABELLED_HELD'] === '1')
  test(
    'the sites kept aside are crawled',
    async () => {
      report('held', await scoreAll('held'))
    },
    TIMEOUT_MS,
  )
