import type { Db } from '#src/db/open.ts'
import { addWorkingDays } from '#src/mail/limits/calendar.ts'
import { pickStable } from './pick-variant.ts'
import { insertPlanned, sentWithNextStep } from './queries-sequences.ts'

/** Plans the follow-ups of mails that were just sent: call it with their ledger ids in the transaction that marks them
 *  `sent` (after that statement). Same account and address; due after the step's working days; whether it is really
 *  sent is decided when it is due (check-due.ts). Two statements whatever the number; harmless when repeated.
 *  Returns how many were planned. */
export const planNextStep = async (tx: Db, sentIds: number[]): Promise<number> => {
  if (sentIds.length === 0) return 0
  const sent = await sentWithNextStep(tx, sentIds)
  const rows = sent.map((row) => ({
    campaign_id: row.campaignId,
    step_id: row.stepId,
    variant_id: pickStable(row.variants, `${row.stepId}:${row.address}`).id,
    company_id: row.companyId,
    account_id: row.accountId,
    address: row.address,
    contact_name: row.contactName,
    provider: row.provider,
    due_at: addWorkingDays(new Date(row.sentAt), row.delayDays, row.calendar).toISOString(),
    rehearsed: row.rehearsed,
  }))
  return insertPlanned(tx, rows, new Date())
}
