import type { Db } from '#src/db/open.ts'
import { breakerAfter, serverAfter, type BreakerState, type Sign } from './breaker.ts'
import { HEALTH_DAYS, pauseFor, type Health, type Pause } from './health.ts'
import { pauseAccount } from './pause.ts'
import {
  addHealth,
  lockBreakers,
  lockRestlessServers,
  pauseRounds,
  readHealth,
  storeBreakers,
  type BreakerKey,
  type BreakerRow,
} from './queries-outcomes.ts'

const DAY_MS = 86_400_000

export type Outcome = {
  accountId: number
  /** As providerOf gives it. */
  provider: string
  /** sent: the server took the mail. auth: it refused the login. refused: it refused the recipient for good (5xx).
   *  busy: it said to come back later (4xx). unreachable: it could not be spoken with. bounced: the mail came back for
   *  good, later. complained: the recipient called it spam. */
  outcome: 'sent' | 'auth' | 'refused' | 'busy' | 'unreachable' | 'bounced' | 'complained'
  /** Of bounces and complaints, when known: what was sent before the account's last automatic pause is not held
   *  against it again. */
  sentAt?: Date | null
  /** What the server said, shown with a pause. */
  reply?: string
}

/** Accounts that stand still from now on because of what was noted. */
export type Noted = { paused: ({ accountId: number } & Pause)[] }

/** noteOutcomes for a single mail. */
export const noteOutcome = (tx: Db, outcome: Outcome, now: Date): Promise<Noted> =>
  noteOutcomes(tx, [outcome], now)

/** Learns from what became of mails, in the order it did: opens and closes breakers, and pauses accounts (health.ts). In
 *  the transaction that notes the same in the ledger, once per transaction, so that nodes do not wait for one
 *  another in a circle. Rehearsals and test sends are not told of here. */
export const noteOutcomes = async (tx: Db, outcomes: Outcome[], now: Date): Promise<Noted> => {
  if (outcomes.length === 0) return { paused: [] }
  await noteProviders(tx, outcomes, now)
  await noteServers(tx, outcomes, now)
  const paused = [...(await noteHealth(tx, outcomes, now)), ...(await noteLogins(tx, outcomes, now))]
  return { paused }
}

const SIGNS: Partial<Record<Outcome['outcome'], Sign>> = {
  sent: 'taken',
  refused: 'refused',
  bounced: 'bounced',
  busy: 'busy',
}

const noteProviders = async (tx: Db, outcomes: Outcome[], now: Date): Promise<void> => {
  const signs = new Map<string, { key: BreakerKey; signs: Sign[] }>()
  for (const { accountId, provider, outcome } of outcomes) {
    const sign = SIGNS[outcome]
    if (!sign) continue
    const name = nameOf({ accountId, provider })
    const known = signs.get(name) ?? { key: { accountId, provider }, signs: [] }
    known.signs.push(sign)
    signs.set(name, known)
  }
  const rows = await lockBreakers(
    tx,
    [...signs.values()].map(({ key }) => key),
    now,
  )
  await storeBreakers(
    tx,
    rows.map((row) => ({ ...row, ...breakerAfter(row, signs.get(nameOf(row))?.signs ?? [], now) })),
    now,
  )
}

const nameOf = ({ accountId, provider }: BreakerKey): string => `${accountId} ${provider}`

/** The account's own server is there, whatever it says of a recipient; busy may be meant for the account. */
const SERVER_SIGNS: Partial<Record<Outcome['outcome'], Sign>> = {
  sent: 'taken',
  refused: 'taken',
  busy: 'busy',
  unreachable: 'unreachable',
}

const noteServers = async (tx: Db, outcomes: Outcome[], now: Date): Promise<void> => {
  const signs = new Map<number, { sign: Sign; provider: string }[]>()
  for (const { accountId, provider, outcome } of outcomes) {
    const sign = SERVER_SIGNS[outcome]
    if (sign) signs.set(accountId, [...(signs.get(accountId) ?? []), { sign, provider }])
  }
  const ids = [...signs.keys()].toSorted((a, b) => a - b)
  const isRestless = (id: number): boolean => signs.get(id)!.some(({ sign }) => sign !== 'taken')
  const restless = ids.filter(isRestless)
  const rows = [
    ...(await lockRestlessServers(
      tx,
      ids.filter((id) => !isRestless(id)),
    )),
    ...(await lockBreakers(
      tx,
      restless.map((accountId) => ({ accountId, provider: '' })),
      now,
    )),
  ]
  const after = (row: BreakerRow): BreakerRow => ({
    ...row,
    ...signs.get(row.accountId)!.reduce<BreakerState>((state, one) => serverAfter(state, one, now), row),
  })
  await storeBreakers(tx, rows.map(after), now)
}

const COUNTED = { sent: 'sent', refused: 'refused', bounced: 'bounced', complained: 'complained' } as const

const noteHealth = async (tx: Db, outcomes: Outcome[], now: Date): Promise<Noted['paused']> => {
  const counted = outcomes.filter(({ outcome }) => outcome in COUNTED)
  if (counted.length === 0) return []
  const ids = [...new Set(counted.map(({ accountId }) => accountId))].toSorted((a, b) => a - b)
  const rounds = await pauseRounds(tx, ids)
  const day = now.toISOString().slice(0, 10)
  const since = new Date(now.getTime() - (HEALTH_DAYS - 1) * DAY_MS).toISOString().slice(0, 10)
  const news = ids.map((accountId) => {
    const round = rounds.get(accountId)
    const mine = counted.filter((one) => one.accountId === accountId && isOfRound(one, round?.since ?? null))
    return { accountId, round: round?.round ?? 0, day, ...countOf(mine) }
  })
  await addHealth(tx, news)
  const paused: Noted['paused'] = []
  for (const { accountId, round, refused, bounced, complained } of news) {
    if (refused + bounced + complained === 0) continue
    const pause = pauseFor(await readHealth(tx, { accountId, round, since }))
    if (pause && (await pauseAccount(tx, accountId, pause, now))) paused.push({ accountId, ...pause })
  }
  return paused
}

const isOfRound = ({ outcome, sentAt }: Outcome, since: Date | null): boolean =>
  outcome === 'sent' || outcome === 'refused' || !since || !sentAt || sentAt > since

const countOf = (outcomes: Outcome[]): Health => {
  const health: Health = { sent: 0, refused: 0, bounced: 0, complained: 0 }
  for (const { outcome } of outcomes) if (outcome in COUNTED) health[outcome as keyof Health] += 1
  return health
}

const noteLogins = async (tx: Db, outcomes: Outcome[], now: Date): Promise<Noted['paused']> => {
  const refused = new Map(
    outcomes.flatMap((one) => (one.outcome === 'auth' ? [[one.accountId, one.reply ?? ''] as const] : [])),
  )
  const paused: Noted['paused'] = []
  for (const [accountId, detail] of [...refused].toSorted(([a], [b]) => a - b)) {
    const pause = { reason: 'auth', detail } as const
    if (await pauseAccount(tx, accountId, pause, now)) paused.push({ accountId, ...pause })
  }
  return paused
}
