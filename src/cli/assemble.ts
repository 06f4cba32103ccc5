import { openSink } from '#src/campaigns/rehearsal/sink.ts'
import { startSending } from '#src/campaigns/sending/start-sending.ts'
import { noteInbound } from '#src/campaigns/note-inbound.ts'
import { plainEnvironment, type Config } from '#src/config.ts'
import { createLeasedSlots } from '#src/crawl/politeness/leases.ts'
import { createPoliteness } from '#src/crawl/politeness/politeness.ts'
import { openRenderer } from '#src/crawl/render/open-renderer.ts'
import type { Deps } from '#src/deps.ts'
import { isDatabaseDown, loggableMessage } from '#src/db/failures.ts'
import { migrateDatabase } from '#src/db/migrate.ts'
import { startReadingMailboxes } from '#src/mail/inbound/start-reading.ts'
import { startIntegrations } from '#src/integrations/start-integrations.ts'
import { startWorking } from '#src/jobs.ts'
import { systemClock } from '#src/lib/clock.ts'
import { deriveKeys, loadSecretKey } from '#src/lib/keys.ts'
import type { Log } from '#src/lib/log.ts'
import { checkSecretKey } from '#src/operations/check-secret-key.ts'
import { refreshEnvironmentAccount } from '#src/mail/accounts/environment-account.ts'
import { openQueue } from '#src/queue/open-queue.ts'
import { startThreads } from '#src/threads.ts'
import { startMovingHits } from '#src/tracking/move-hits.ts'
import { openTracking } from '#src/tracking/open-tracking.ts'
import { adminRules } from './admin-rules.ts'
import { openProduct } from './open-product.ts'

const DATABASE_RETRY_MS = 2_000

export type Assembly = {
  deps: Deps
  /** Migrates, checks the secret key; waits for a database that is away, unless `once`. */
  prepare: (options?: { once?: boolean }) => Promise<void>
  /** Takes up jobs and schedules. */
  work: () => Promise<void>
  /** Ends everything in order: jobs, threads, connections, the embedded database. */
  close: () => Promise<void>
}

/** Opens and wires every part of the program, the same for `serve`, `work` and the commands. */
export const assemble = async (config: Config, log: Log, role: 'serve' | 'command'): Promise<Assembly> => {
  const technologyRules = adminRules(config, log)
  const product = await openProduct(config, log, role)
  const { db, sql } = product
  const keys = deriveKeys(loadSecretKey(config))
  const queue = openQueue({ sql, db, log })
  const threads = startThreads(config.WORKERS, { technologyRules })
  const politeness = createPoliteness({ slots: createLeasedSlots(db, log) })
  const renderer = openRenderer(config, plainEnvironment())
  const clock = systemClock
  const parts = { config, db, sql, queue, threads, politeness, log, clock, keys }
  const tracking = openTracking(parts)
  let prepared = false
  const deps: Deps = { ...parts, tracking, isPrepared: () => prepared, ...(renderer && { renderer }) }
  const stopped = new AbortController()
  let stopMovingHits = async (): Promise<void> => {}
  let stopSending = async (): Promise<void> => {}
  let stopIntegrations = async (): Promise<void> => {}
  let stopReading = async (): Promise<void> => {}

  const prepare = async ({ once = false } = {}) => {
    let told = ''
    for (;;)
      try {
        await migrateDatabase(sql)
        await checkSecretKey(deps)
        if (role === 'serve') await refreshEnvironmentAccount(deps)
        prepared = true
        return
      } catch (error) {
        if (once || stopped.signal.aborted || !isDatabaseDown(error)) throw error
        const reason = loggableMessage(error)
        if (reason !== told) log.warn('the database cannot be reached, trying again', { reason })
        told = reason
        await Bun.sleep(DATABASE_RETRY_MS)
      }
  }

  return {
    deps,
    prepare,
    work: async () => {
      if (role === 'serve') tracking.open()
      stopMovingHits = startMovingHits(deps)
      await startWorking(deps)
      if (!stopped.signal.aborted) {
        const sink = openSink(deps)
        const stop = startSending(deps, { rehearsal: sink.open })
        stopSending = async () => {
          await stop()
          await sink.stop()
        }
      }
      if (!stopped.signal.aborted) stopReading = startReadingMailboxes(deps, noteInbound)
      // They enqueue jobs: their queues are there now.
      if (!stopped.signal.aborted) stopIntegrations = startIntegrations(deps)
    },
    close: async () => {
      stopped.abort()
      // Servers that have mails of ours in hand are waited for; nothing else is taken up meanwhile.
      const sent = stopSending()
      try {
        await stopReading()
        await stopIntegrations()
        await queue.stop()
        await tracking.close()
        await stopMovingHits()
      } finally {
        // Also where another part cannot end in order.
        await sent
      }
      threads.close()
      await renderer?.close()
      await politeness.close().catch(() => {})
      await product.close()
    },
  }
}
