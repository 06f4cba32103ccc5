/** The circuit breaker of an account towards a provider. After some failures in a row nothing more is sent there for
 *  a while; then one mail tries, and opens it again for twice as long, or closes it. */

/** Failures in a row that open it. */
const FAILURES = 5
const OPEN_MS = 5 * 60_000
const LONGEST_OPEN_MS = 3_600_000
/** So many bounces, and this share of what was sent there in about a day, open it too. */
const BOUNCES = 10
const BOUNCED_SHARE = 0.2
const OPEN_AFTER_BOUNCES_MS = 3_600_000
const DAY_MS = 86_400_000

export type BreakerState = {
  sent: number
  bounced: number
  halvedAt: Date
  failures: number
  openUntil: Date | null
  trying: boolean
  openings: number
  reason: string | null
}

/** What happened since, in the order it did. refused: the server would not have the recipient. */
export type Sign = 'taken' | 'refused' | 'bounced' | 'busy' | 'unreachable'

export const newBreaker = (now: Date): BreakerState => ({
  sent: 0,
  bounced: 0,
  halvedAt: now,
  failures: 0,
  openUntil: null,
  trying: false,
  openings: 0,
  reason: null,
})

export const breakerAfter = (state: BreakerState, signs: Sign[], now: Date): BreakerState =>
  signs.reduce((before, sign) => afterSign(before, sign, now), halved(state, now))

/** The same for an account's own server, after one mail to a provider: several that are put off in a row tell of the
 *  server only when they went to different providers, so the last of them is kept in `reason` while it is closed. */
export const serverAfter = (
  state: BreakerState,
  { sign, provider }: { sign: Sign; provider: string },
  now: Date,
): BreakerState => {
  if (sign !== 'busy' || state.trying) return afterSign(state, sign, now)
  if (state.openUntil === null && state.reason === provider) return state
  const after = afterSign(state, sign, now)
  return after.openUntil === null ? { ...after, reason: provider } : after
}

// Yesterday counts half as much as today.
const halved = (state: BreakerState, now: Date): BreakerState => {
  const days = Math.min(30, Math.floor((now.getTime() - state.halvedAt.getTime()) / DAY_MS))
  if (days < 1) return state
  return { ...state, sent: state.sent >> days, bounced: state.bounced >> days, halvedAt: now }
}

const afterSign = (state: BreakerState, sign: Sign, now: Date): BreakerState => {
  switch (sign) {
    case 'taken':
      return { ...closed(state), sent: state.sent + 1 }
    case 'refused':
      return afterBounce({ ...state, sent: state.sent + 1, bounced: state.bounced + 1 }, now)
    case 'bounced':
      return afterBounce({ ...state, bounced: state.bounced + 1 }, now)
    case 'busy':
    case 'unreachable':
      return afterFailure(state, sign, now)
  }
}

// Mails that were sent before bounces came in say nothing: that opening lasts its time.
const closed = (state: BreakerState): BreakerState =>
  state.reason === 'bounces'
    ? { ...state, failures: 0 }
    : { ...state, failures: 0, openUntil: null, trying: false, openings: 0, reason: null }

const afterFailure = (state: BreakerState, reason: string, now: Date): BreakerState => {
  // Mails that were on their way when it opened do not make it longer.
  if (!state.trying && state.openUntil && state.openUntil > now) return state
  const failures = state.failures + 1
  if (!state.trying && failures < FAILURES) return { ...state, failures }
  const openMs = Math.min(LONGEST_OPEN_MS, OPEN_MS * 2 ** Math.min(state.openings, 10))
  return {
    ...state,
    failures: 0,
    trying: false,
    openings: state.openings + 1,
    openUntil: new Date(now.getTime() + openMs),
    reason,
  }
}

const afterBounce = (state: BreakerState, now: Date): BreakerState => {
  if (state.bounced < BOUNCES || state.bounced <= state.sent * BOUNCED_SHARE) return state
  return {
    ...state,
    sent: 0,
    bounced: 0,
    failures: 0,
    trying: false,
    openUntil: new Date(now.getTime() + OPEN_AFTER_BOUNCES_MS),
    reason: 'bounces',
  }
}
