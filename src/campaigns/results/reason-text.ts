import type { Locale } from '#src/lib/i18n.ts'
import { resultMessages } from '#templates/campaign-results/messages.ts'
import { planningReasonText } from '../planning/messages.ts'
import { sendingReasonText } from '../sending/messages.ts'

/** The words for a code of a ledger row; the code itself when nobody has words for it. */
export const reasonText = (locale: Locale, code: string): string =>
  code === 'given_up'
    ? resultMessages(locale).given_up
    : (planningReasonText(locale, code) ?? sendingReasonText(locale, code) ?? code)

/** Why a campaign stands still, in words; null when a person paused it. */
export const pauseText = (
  locale: Locale,
  { pauseReason, pauseDetail }: { pauseReason: string | null; pauseDetail: string | null },
): string | null =>
  pauseReason === null ? null : [reasonText(locale, pauseReason), pauseDetail].filter(Boolean).join(' – ')
