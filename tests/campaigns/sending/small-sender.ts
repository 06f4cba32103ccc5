import { eq } from 'drizzle-orm'
import { campaignMessages } from '#src/campaigns/schema.ts'
import { startSending, type SendingOptions } from '#src/campaigns/sending/start-sending.ts'
import { smtpTransport } from '#src/campaigns/sending/transport.ts'
import { loadConfig } from '#src/config.ts'
import type { Db, Sql } from '#src/db/open.ts'
import { deriveKeys } from '#src/lib/keys.ts'
import { silentLog } from '#src/lib/log.ts'
import type { Patience } from '#src/mail/smtp-line.ts'
import { until } from '#tests/support/until.ts'

export const BASE_URL = 'https://suivi.agence.fr'
const WISH_MS = 10_000
/** Nobody waits a minute for a server that says nothing. */
const IMPATIENT: Patience = { connectMs: 400, envelopeMs: 500, answerMs: 600 }

/** A sender on a database of a test, with a clock that can be moved. */
export const smallSender = ({ db, sql }: { db: Db; sql: Sql }) => {
  let aheadMs = 0
  const clock = { now: () => new Date(Date.now() + aheadMs) }
  const keys = deriveKeys('the secret of this test')
  const deps = { db, sql, clock, keys, config: loadConfig({ BASE_URL }), log: silentLog }
  const start = (options: SendingOptions = {}) =>
    startSending(deps, { real: smtpTransport(BASE_URL, IMPATIENT), silentMs: 1_500, ...options })
  const rowsOf = (campaignId: number) =>
    db
      .select()
      .from(campaignMessages)
      .where(eq(campaignMessages.campaignId, campaignId))
      .orderBy(campaignMessages.id)
  return {
    deps,
    clock,
    /** From now on it is so much later. */
    moveClock: (milliseconds: number): void => void (aheadMs += milliseconds),
    start,
    rowsOf,
    /** Sends until the rows of a campaign are as wished. */
    sendUntil: async (
      campaignId: number,
      isAsWished: (row: typeof campaignMessages.$inferSelect) => boolean,
      options: SendingOptions = {},
    ) => {
      const stop = start(options)
      try {
        await until(
          'the ledger is as wished',
          async () => (await rowsOf(campaignId)).every(isAsWished),
          WISH_MS,
        ).catch(async (error: unknown) => {
          throw new Error(JSON.stringify((await rowsOf(campaignId)).slice(0, 3)), { cause: error })
        })
      } finally {
        await stop()
      }
      return rowsOf(campaignId)
    },
  }
}
