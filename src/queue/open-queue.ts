import { sql as statement } from 'drizzle-orm'
import { randomUUID } from 'node:crypto'
import { PgBoss, fromDrizzle, type JobInsert } from 'pg-boss'
import type { Db, Sql } from '#src/db/open.ts'
import { messageOf } from '#src/lib/errors.ts'
import type { Log } from '#src/lib/log.ts'
import { bossDatabase } from './boss-database.ts'
import { JOBS_CHANNEL } from './channels.ts'
import type { JobDefinition } from './define-job.ts'
import { mendBatches } from './mend-batches.ts'
import { startSchedules, type Schedule } from './schedules.ts'
import { workJobs, type JobWorker } from './work-jobs.ts'

// Named in queries.ts too.
const BOSS_SCHEMA = 'pgboss'

// A dead node is noticed after the heartbeat, by a supervisor's next look: together under 20 s.
const HEARTBEAT_SECONDS = 10
const SUPERVISE_SECONDS = 5
const MEND_MS = 30_000
const START_RETRY_MS = 2000
const STOP_DEADLINE_MS = 10_000
// Heartbeats notice dead nodes; this only ends what runs on for ever.
const EXPIRE_SECONDS = 6 * 3600
const KEEP_FINISHED_SECONDS = 24 * 3600
const RARELY_SECONDS = 3600

export type EnqueueOptions = {
  /** At most one job of this name with this key waits or runs; a second is dropped in silence. */
  singletonKey?: string
  /** Higher goes first; 0 without. */
  priority?: number
  /** Seconds from now, or a moment. */
  startAfter?: number | Date
}

export type Queue = {
  /** Takes up jobs and fires schedules. Resolves when running; while the database is away it keeps trying. */
  start: (definitions: JobDefinition[], schedules?: Schedule[]) => Promise<void>
  /** For a process that only enqueues: makes sure that the queues exist. */
  ensureQueues: (definitions: JobDefinition[]) => Promise<void>
  /** Enqueues one job per input within the caller's transaction: it exists if and only if that commits. */
  enqueue: (tx: Db, job: string, inputs: object[], options?: EnqueueOptions) => Promise<void>
  /** The same with options per job; for batches. */
  insert: (tx: Db, job: string, jobs: JobInsert[]) => Promise<void>
  /** Takes back jobs that wait under these singleton keys. */
  withdraw: (tx: Db, job: string, jobIds: string[]) => Promise<void>
  /** Waits for running jobs (milliseconds), hands the others back. */
  stop: (deadlineMs?: number) => Promise<void>
}

/** The queue of this process. Opens nothing until `start`, `ensureQueues` or the first `enqueue`. */
export const openQueue = ({ sql, db, log }: { sql: Sql; db: Db; log: Log }): Queue => {
  let boss: Promise<PgBoss> | null = null
  const stopped = new AbortController()
  const workers = new Map<string, JobWorker>()
  const cleanUps: (() => unknown)[] = []

  const connect = (supervise: boolean): Promise<PgBoss> => {
    const started = startBoss(sql, log, supervise)
    boss = started
    started.catch(() => {
      if (boss === started) boss = null
    })
    return started
  }

  const onMessage = (payload: string) => {
    const message = JSON.parse(payload) as { wake?: string; cancel?: number }
    if (message.wake !== undefined) workers.get(message.wake)?.wake()
    if (message.cancel !== undefined)
      for (const worker of workers.values())
        worker.abort((data) => (data as { batchId?: number }).batchId === message.cancel)
  }

  const begin = async (definitions: JobDefinition[], schedules: Schedule[]) => {
    const started = await connect(true)
    await createQueues(started, definitions)
    if (stopped.signal.aborted) return
    for (const definition of definitions) workers.set(definition.name, workJobs(started, definition, log))
    const wakeAll = () => workers.forEach((worker) => worker.wake())
    const listening = await sql.listen(JOBS_CHANNEL, onMessage, wakeAll)
    cleanUps.push(() => listening.unlisten())
    const mending = setInterval(() => void mendBatches(db, queue, log), MEND_MS)
    cleanUps.push(() => clearInterval(mending))
    cleanUps.push(startSchedules(schedules, { db, queue, log }))
  }

  const queue: Queue = {
    start: async (definitions, schedules = []) => {
      while (!stopped.signal.aborted)
        try {
          return await begin(definitions, schedules)
        } catch (error) {
          log.warn('jobs cannot start yet, trying again', { reason: messageOf(error) })
          await Bun.sleep(START_RETRY_MS)
        }
    },

    ensureQueues: async (definitions) => createQueues(await (boss ?? connect(false)), definitions),

    enqueue: (tx, job, inputs, { singletonKey, priority, startAfter } = {}) =>
      queue.insert(
        tx,
        job,
        inputs.map((data) => ({ data, singletonKey: singletonKey ?? randomUUID(), priority, startAfter })),
      ),

    insert: async (tx, job, jobs) => {
      if (jobs.length === 0) return
      const ready = await (boss ?? connect(false))
      await ready.insert(job, jobs, { db: fromDrizzle(tx, statement) })
      await tx.execute(statement`SELECT pg_notify(${JOBS_CHANNEL}, ${JSON.stringify({ wake: job })})`)
    },

    withdraw: async (tx, job, jobIds) => {
      if (jobIds.length === 0) return
      const ready = await (boss ?? connect(false))
      await ready.deleteJob(job, jobIds, { db: fromDrizzle(tx, statement) })
    },

    stop: async (deadlineMs = STOP_DEADLINE_MS) => {
      stopped.abort()
      for (const cleanUp of cleanUps.splice(0)) await Promise.resolve(cleanUp()).catch(() => {})
      await Promise.all([...workers.values()].map((worker) => worker.stop(deadlineMs)))
      workers.clear()
      const open = await boss?.catch(() => null)
      boss = null
      await open?.stop({ graceful: false }).catch(() => {})
    },
  }
  return queue
}

const startBoss = async (sql: Sql, log: Log, supervise: boolean): Promise<PgBoss> => {
  const boss = new PgBoss({
    db: bossDatabase(sql),
    schema: BOSS_SCHEMA,
    supervise,
    schedule: false,
    registerInstance: false,
    superviseIntervalSeconds: SUPERVISE_SECONDS,
    monitorIntervalSeconds: SUPERVISE_SECONDS,
    flowIntervalSeconds: RARELY_SECONDS,
    bamIntervalSeconds: RARELY_SECONDS,
  })
  let lastError = 0
  boss.on('error', (error) => {
    if (Date.now() - lastError < 60_000) return
    lastError = Date.now()
    log.warn('queue', { reason: messageOf(error) })
  })
  try {
    return await boss.start()
  } catch (error) {
    await boss.stop({ graceful: false }).catch(() => {})
    throw error
  }
}

const createQueues = async (boss: PgBoss, definitions: JobDefinition[]): Promise<void> => {
  const existing = new Map((await boss.getQueues()).map((queue) => [queue.name, queue]))
  for (const { name, retryLimit } of definitions) {
    const options = {
      retryLimit,
      retryDelay: 0,
      heartbeatSeconds: HEARTBEAT_SECONDS,
      expireInSeconds: EXPIRE_SECONDS,
      deleteAfterSeconds: KEEP_FINISHED_SECONDS,
    }
    const known = existing.get(name)
    // `exclusive`: one waiting or running job per singleton key, which is what `singletonKey` promises.
    if (!known) await boss.createQueue(name, { ...options, policy: 'exclusive' })
    else if (known.retryLimit !== retryLimit) await boss.updateQueue(name, options)
  }
}
