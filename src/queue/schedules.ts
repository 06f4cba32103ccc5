import { Cron } from 'croner'
import { createHash } from 'node:crypto'
import type { Db } from '#src/db/open.ts'
import { messageOf } from '#src/lib/errors.ts'
import type { Log } from '#src/lib/log.ts'
import type { Queue } from './open-queue.ts'

/** `cron` in the server's time zone; the job is enqueued with `input` each time it is due. */
export type Schedule = { cron: string; job: string; input: object }

/** Fires schedules on this node. Every node does the same: a job's id follows from its schedule and the moment it
 *  was due, so the second insert of the same one does nothing. Returns what stops them. */
export const startSchedules = (
  schedules: Schedule[],
  { db, queue, log }: { db: Db; queue: Queue; log: Log },
): (() => void) => {
  const crons = schedules.map((schedule) => {
    const failed = (error: unknown) => log.warn('schedule', { job: schedule.job, reason: messageOf(error) })
    const cron: Cron = new Cron(schedule.cron, { protect: true, catch: failed, paused: true }, async () => {
      const at = due
      due = cron.nextRun()
      const data = { ...schedule.input }
      const singletonKey = `schedule:${schedule.cron}`
      await queue.insert(db, schedule.job, [{ id: firingId(schedule, at), data, singletonKey }])
    })
    let due = cron.nextRun()
    cron.resume()
    return cron
  })
  return () => crons.forEach((cron) => cron.stop())
}

/** The same UUID on every node for one firing of one schedule. */
export const firingId = (schedule: Schedule, at: Date | null): string =>
  createHash('sha256')
    .update(`${schedule.job} ${schedule.cron} ${JSON.stringify(schedule.input)} ${at?.toISOString()}`)
    .digest('hex')
    .replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-8$3-8$4-$5')
