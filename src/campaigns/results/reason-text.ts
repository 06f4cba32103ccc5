import type { Locale } from '#src/lib/i18n.ts'
import { planningReasonText } from '../planning/messages.ts'
import { sendingReasonText } from '../sending/messages.ts'
import { decisionText } from './messages.ts'

/** The words for a code of a ledger row; the code itself when nobody has words for it. */
export const reasonText = (locale: Locale, code: string): string =>
  decisionText(locale, code) ?? planningReasonText(locale, code) ?? sendingReasonText(locale, code) ?? code

/** Why a campaign stands still, in words; null when a person paused it. */
export const pauseText = (
  locale: Locale,
  { pauseReason, pauseDetail }: { pauseReason: string | null; pauseDetail: string | null },
): string | null =>
  pauseReason === null ? null : [reasonText(locale, pauseReason), pauseDetail].filter(Boolean).join(' – ')
