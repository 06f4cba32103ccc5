import { sql } from 'drizzle-orm'
import { fromDrizzle, type Job, type PgBoss } from 'pg-boss'
import type { Db } from '#src/db/open.ts'
import { messageOf } from '#src/lib/errors.ts'
import type { Log } from '#src/lib/log.ts'
import { WrongPayload, type JobDefinition } from './define-job.ts'

// NOTIFY wakes at once; polling finds what came back from a dead node or after a lost notification.
const POLL_MS = 3000
const HEARTBEAT_MS = 3000
// Jobs end in crowds, and one query finds work for all free places; so many at once do not crowd out other queries.
const FETCH_GAP_MS = 50
const FETCH_MOST = 40
const FETCH_FAILED_PAUSE_MS = 1000
const ABORT_GRACE_MS = 1000
const SETTLE_ATTEMPTS = 5
const RETRY_PAUSE_SECONDS_MAX = 60

type Running = { job: Job<unknown>; controller: AbortController; done: Promise<void> }

export type JobWorker = {
  /** Look for jobs now instead of at the next poll. */
  wake: () => void
  /** Aborts the running jobs whose payload matches. */
  abort: (matches: (data: unknown) => boolean) => void
  stop: (deadlineMs: number) => Promise<void>
}

/** Runs jobs of one kind, as many at once as the definition allows, until stopped. One query finds work for
 *  every free place, and one heartbeat keeps all running jobs. */
export const workJobs = (boss: PgBoss, definition: JobDefinition, log: Log): JobWorker => {
  const { name } = definition
  const running = new Map<string, Running>()
  const stopping = new AbortController()
  let woken = false
  let wakeUp = () => {}

  const wake = () => {
    woken = true
    wakeUp()
  }

  const sleep = async (ms: number) => {
    if (!woken)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms)
        wakeUp = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    woken = false
  }

  const run = async (job: Job<unknown>, controller: AbortController) => {
    const { retryCount } = job as Job<unknown> & { retryCount: number }
    let completed = false
    const complete = async (tx: Db) => {
      await boss.complete(name, job, undefined, { db: fromDrizzle(tx, sql) })
      completed = true
    }
    try {
      await definition.run(job.data, { signal: controller.signal, attempt: retryCount + 1, log, complete })
    } catch (error) {
      if (error instanceof WrongPayload) log.error('job refused', { job: name, reason: error.message })
      else {
        if (!controller.signal.aborted) log.warn('job failed', { job: name, reason: messageOf(error) })
        return settle(() => giveBack(job, controller.signal.aborted ? 0 : 2 ** Math.min(retryCount, 6)))
      }
    }
    if (!completed) await settle(() => boss.complete(name, job))
  }

  const giveBack = async (job: Job<unknown>, pauseSeconds: number) => {
    await boss.fail(name, job, { node: process.pid })
    if (pauseSeconds === 0) return
    const startAfter = Math.min(pauseSeconds, RETRY_PAUSE_SECONDS_MAX)
    await boss.update(name, undefined, { id: job.id, startAfter })
    setTimeout(wake, startAfter * 1000).unref()
  }

  // When the database stays away the heartbeat lapses and another node repeats the job.
  const settle = async (action: () => Promise<unknown>) => {
    for (let attempt = 1; ; attempt++)
      try {
        return void (await action())
      } catch (error) {
        if (attempt === SETTLE_ATTEMPTS || stopping.signal.aborted)
          return log.warn('job could not be settled', { job: name, reason: messageOf(error) })
        await Bun.sleep(FETCH_FAILED_PAUSE_MS * attempt)
      }
  }

  const startJobs = (jobs: Job<unknown>[]) => {
    for (const job of jobs) {
      const controller = new AbortController()
      const done = run(job, controller).finally(() => {
        running.delete(job.id)
        wake()
      })
      running.set(job.id, { job, controller, done })
    }
  }

  let reachable = true
  const look = async () => {
    const free = Math.min(definition.concurrency - running.size, FETCH_MOST)
    if (free === 0) return
    try {
      const jobs = await boss.fetch<unknown>(name, { batchSize: free })
      reachable = true
      startJobs(jobs)
      if (jobs.length === FETCH_MOST) wake()
      // A full answer may mean more is waiting: look again as soon as a place is free.
    } catch (error) {
      if (reachable) log.warn('jobs cannot be fetched, trying again', { job: name, reason: messageOf(error) })
      reachable = false
      await Bun.sleep(FETCH_FAILED_PAUSE_MS)
    }
  }

  const loop = (async () => {
    while (!stopping.signal.aborted) {
      woken = false
      await look()
      await Bun.sleep(FETCH_GAP_MS)
      if (!stopping.signal.aborted) await sleep(POLL_MS)
    }
  })()

  const heartbeat = setInterval(async () => {
    const held = [...running.values()].filter(({ controller }) => !controller.signal.aborted)
    if (held.length === 0) return
    const touched = await boss.touch(name, held.map(({ job }) => job) as never).catch(() => null)
    const settled = (touched as { settled?: string[] } | null)?.settled
    if (!settled) return
    for (const { job, controller } of held) if (!settled.includes(job.id)) controller.abort()
  }, HEARTBEAT_MS)

  return {
    wake,
    abort: (matches) => {
      for (const { job, controller } of running.values()) if (matches(job.data)) controller.abort()
    },
    stop: async (deadlineMs) => {
      stopping.abort()
      wake()
      await loop
      const finished = () => Promise.all([...running.values()].map(({ done }) => done))
      await Promise.race([finished(), Bun.sleep(deadlineMs)])
      for (const { controller } of running.values()) controller.abort()
      if (running.size > 0) await Promise.race([finished(), Bun.sleep(ABORT_GRACE_MS)])
      for (const { job } of running.values())
        await boss.fail(name, job as never, { stopped: true }).catch(() => {})
      clearInterval(heartbeat)
    },
  }
}
