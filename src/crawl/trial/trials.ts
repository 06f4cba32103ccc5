import { randomBytes } from 'node:crypto'
import type { CrawlPreset } from '#src/companies/crawl-budget.ts'
import type { Clock } from '#src/lib/clock.ts'
import { messageOf } from '#src/lib/errors.ts'
import type { Log } from '#src/lib/log.ts'
import type { SiteJudgement } from '#src/scoring/analysis-document.ts'
import { limitsOf, type CrawlLimits } from '../crawl-limits.ts'
import { failureCode } from '../refusals.ts'
import type { CrawlTools } from '../site/crawl-site.ts'
import type { CrawlOutcome, SiteRecord } from '../site-record.ts'
import { runTrial, type TrialReading } from './run-trial.ts'

/** Trials at the same time on one server, one of each person: they share the machine with the real crawls. */
const MAX_AT_ONCE = 3
/** Somebody waits in front of the page. */
const MAX_MS = 5 * 60_000
const MAX_CRAWL_MS = 4 * 60_000
/** Ended trials that can still be looked at: the last of each person, for an hour. */
const KEPT_MS = 60 * 60_000
const MAX_KEPT = 20

export type TrialResult = SiteJudgement & { site: SiteRecord }

export type Trial = TrialReading & {
  /** Random: a page opened before a restart finds out that its trial is gone. */
  id: string
  url: string
  preset: CrawlPreset
  startedAt: Date
  state: 'running' | 'done' | 'failed' | 'stopped'
  /** Ended early, by its person or by the clock: the result is that of the pages read. */
  cut: boolean
  result: TrialResult | null
  /** A code of crawl/messages.ts, or `internal`. */
  failure: string | null
}

type Parts = {
  clock: Clock
  log: Log
  /** Made anew for each trial; the signal ends it. */
  tools: (signal: AbortSignal) => CrawlTools
  /** Findings and score of the site read, from the domains that know how. */
  judge: (site: SiteRecord) => Promise<SiteJudgement>
}

type Entry = { trial: Trial; end: AbortController; endedAt: number | null }

export type Trials = {
  /** Null while this person's own is at work or the server has enough of them. */
  start: (userId: number, url: string, preset: CrawlPreset) => Trial | 'busy' | 'full'
  /** The last one of this person. */
  of: (userId: number) => Trial | null
  stop: (userId: number) => void
  /** Calls back after each change of that person's trial. Returns what ends the subscription. */
  subscribe: (userId: number, listener: () => void) => () => void
}

/** The trials of this server's people. They live in its memory: nothing of them is stored, a restart forgets them. */
export const createTrials = (parts: Parts): Trials => {
  const entries = new Map<number, Entry>()
  const listeners = new Map<number, Set<() => void>>()
  const now = () => parts.clock.now().getTime()
  const tell = (userId: number) => listeners.get(userId)?.forEach((listener) => listener())

  const forgetOld = () => {
    const ended = [...entries]
      .filter(([, entry]) => entry.endedAt !== null)
      .sort(([, a], [, b]) => b.endedAt! - a.endedAt!)
    for (const [index, [userId, { endedAt }]] of ended.entries())
      if (index >= MAX_KEPT || now() - endedAt! > KEPT_MS) entries.delete(userId)
  }

  const start: Trials['start'] = (userId, url, preset) => {
    forgetOld()
    const running = [...entries.values()].filter(({ trial }) => trial.state === 'running')
    if (entries.get(userId)?.trial.state === 'running') return 'busy'
    if (running.length >= MAX_AT_ONCE) return 'full'
    const end = new AbortController()
    const timer = setTimeout(() => end.abort(), MAX_MS)
    const { reading, ended } = runTrial(url, trialLimits(preset), parts.tools(end.signal), () => tell(userId))
    const trial: Trial = {
      ...reading,
      id: randomBytes(16).toString('base64url'),
      url,
      preset,
      startedAt: parts.clock.now(),
      state: 'running',
      cut: false,
      result: null,
      failure: null,
    }
    const entry: Entry = { trial, end, endedAt: null }
    entries.set(userId, entry)
    const settle = async () => {
      try {
        Object.assign(trial, await endOf(await ended, end.signal.aborted, parts.judge))
      } catch (error) {
        parts.log.error('a trial crawl failed', { error: messageOf(error) })
        Object.assign(trial, { state: 'failed', failure: 'internal' })
      }
      clearTimeout(timer)
      entry.endedAt = now()
      tell(userId)
    }
    void settle()
    return trial
  }

  return {
    start,
    of: (userId) => {
      forgetOld()
      return entries.get(userId)?.trial ?? null
    },
    stop: (userId) => entries.get(userId)?.end.abort(),
    subscribe: (userId, listener) => {
      const own = listeners.get(userId) ?? new Set()
      listeners.set(userId, own.add(listener))
      return () => {
        own.delete(listener)
        if (own.size === 0) listeners.delete(userId)
      }
    },
  }
}

const trialLimits = (preset: CrawlPreset): CrawlLimits => {
  const limits = limitsOf({ preset })
  return { ...limits, durationMs: Math.min(limits.durationMs, MAX_CRAWL_MS) }
}

const endOf = async (outcome: CrawlOutcome, cut: boolean, judge: Parts['judge']): Promise<Partial<Trial>> => {
  if (outcome.ok)
    return { state: 'done', cut, result: { site: outcome.site, ...(await judge(outcome.site)) } }
  return cut ? { state: 'stopped', cut } : { state: 'failed', failure: failureCode(outcome.error) }
}
