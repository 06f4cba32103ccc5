/** When an account is stopped by itself, judged on its last days. */

/** Bounces are judged after so many mails, complaints by share after so many. */
const BOUNCES_AFTER = 50
const BOUNCED_SHARE = 0.05
const COMPLAINTS = 3
const COMPLAINTS_AFTER = 300
const COMPLAINED_SHARE = 0.003
const COMPLAINTS_BY_SHARE = 2
/** How far back bounces and complaints count, today included. */
export const HEALTH_DAYS = 7

/** Mails the server took, recipients it refused, mails that came back, complaints. */
export type Health = { sent: number; refused: number; bounced: number; complained: number }

/** Codes of messages.ts. */
export type PauseReason = 'hand' | 'bounces' | 'complaints' | 'auth'

export type Pause = { reason: PauseReason; detail: string }

/** Why an account must stop, with the numbers as `some/all`; null when it may go on. More than 5 % of at least 50 mails
 *  bounced, more than 3 complaints, or complaints about more than 0.3 % of at least 300 mails. */
export const pauseFor = ({ sent, refused, bounced, complained }: Health): Pause | null => {
  const tried = sent + refused
  const lost = bounced + refused
  if (complained > COMPLAINTS) return { reason: 'complaints', detail: `${complained}/${tried}` }
  if (complained >= COMPLAINTS_BY_SHARE && tried >= COMPLAINTS_AFTER && complained > tried * COMPLAINED_SHARE)
    return { reason: 'complaints', detail: `${complained}/${tried}` }
  if (tried >= BOUNCES_AFTER && lost > tried * BOUNCED_SHARE)
    return { reason: 'bounces', detail: `${lost}/${tried}` }
  return null
}
