import type { Db } from '#src/db/open.ts'
import { addWorkingDays } from '#src/mail/limits/calendar.ts'
import { pickStable } from './pick-variant.ts'
import { insertPlanned, sentWithNextStep, type SentRow } from './queries-sequences.ts'

/** Between two steps of a rehearsal, however many days they are apart: long enough for what it invents. */
const REHEARSED_PAUSE_MS = 45_000
const MINUTE_MS = 60_000

/** Plans the follow-ups of mails that were just sent: call it with their ledger ids in the transaction that marks them
 *  `sent` (after that statement). Same account and address; due after the step's working days; whether it is really
 *  sent is decided when it is due (check-due.ts). Two statements whatever the number; harmless when repeated.
 *  Returns how many were planned. */
export const planNextStep = async (tx: Db, sentIds: number[]): Promise<number> => {
  if (sentIds.length === 0) return 0
  const sent = await sentWithNextStep(tx, sentIds)
  const dueOf = dueTimes()
  const rows = sent.map((row) => ({
    campaign_id: row.campaignId,
    step_id: row.stepId,
    variant_id: pickStable(row.variants, `${row.stepId}:${row.address}`).id,
    company_id: row.companyId,
    account_id: row.accountId,
    address: row.address,
    contact_name: row.contactName,
    // What counts is what it has become since the campaign chose it.
    chosen_status: row.chosenStatus ?? undefined,
    chosen_stage: row.chosenStage ?? undefined,
    provider: row.provider,
    due_at: dueOf(row).toISOString(),
    rehearsed: row.rehearsed,
  }))
  return insertPlanned(tx, rows, new Date())
}

/** When the next step of a mail is due. Working days are worked out once for all mails of a minute: they are sent by the
 *  hundred. */
const dueTimes = () => {
  const known = new Map<string, number>()
  return ({ sentAt, delayDays, calendar, rehearsed }: SentRow): Date => {
    const at = new Date(sentAt).getTime()
    if (rehearsed) return new Date(at + REHEARSED_PAUSE_MS)
    const minute = at - (at % MINUTE_MS)
    const key = `${minute} ${delayDays} ${JSON.stringify(calendar)}`
    const due = known.get(key) ?? addWorkingDays(new Date(minute), delayDays, calendar).getTime()
    known.set(key, due)
    return new Date(due + at - minute)
  }
}
