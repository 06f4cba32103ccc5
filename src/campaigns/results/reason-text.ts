import type { Locale } from '#src/lib/i18n.ts'
import type { Campaign } from '../planning/queries-states.ts'

/** The words for a code of a ledger row; the code itself when nobody has words for it. */
export const reasonText = (_locale: Locale, code: string): string => code

/** Why a campaign stands still, in words; null when a person paused it. */
export const pauseText = (_locale: Locale, { pauseReason, pauseDetail }: Campaign): string | null =>
  pauseReason === null ? null : [pauseReason, pauseDetail].filter(Boolean).join(' – ')
