import { isOpen, OFFICE_CALENDAR } from '#src/mail/limits/calendar.ts'
import type { Wanted } from '#src/mail/limits/decide.ts'
import { localTime } from '#src/mail/limits/local-time.ts'
import { noteOutcomes, type Outcome } from '#src/mail/limits/note-outcome.ts'
import { providerOf } from '#src/mail/limits/provider.ts'
import { reserve } from '#src/mail/limits/reserve.ts'
import { mailProviderLimits } from '#src/mail/limits/schema.ts'
import type { SendCalendar } from '#src/mail/accounts/schema.ts'
import type { Db } from '#src/db/open.ts'
import { newAccount } from './account.ts'

// Days of sending on a clock of our own: nodes that ask at any moment, together, die with and without having committed,
// and are started again. What was granted is then judged by looking at every window there is.

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const BACKLOG = 40
const LONGEST_SLEEP_MS = 5 * MINUTE

const DOMAINS: [domain: string, hosts: string[] | null][] = [
  ['gmail.com', null],
  ['garage.fr', ['aspmx.l.google.com']],
  ['coiffure.fr', ['alt1.aspmx.l.google.com']],
  ['outlook.fr', null],
  ['mairie.fr', ['mairie-fr.mail.protection.outlook.com']],
  ['orange.fr', null],
  ['wanadoo.fr', ['smtp-in.orange.fr']],
  ['free.fr', null],
  ['sfr.fr', null],
  ['laposte.net', null],
  ['boulangerie.fr', ['mx1.mail.ovh.net']],
  ['menuiserie.fr', ['mx2.mail.ovh.net']],
  ['hotel.fr', ['mx00.ionos.fr']],
  ['agence.fr', ['spool.mail.gandi.net']],
  ['yahoo.fr', null],
  ['icloud.com', null],
  ['own-one.fr', ['mail.own-one.fr']],
  ['own-two.fr', null],
  ['filtered.fr', ['mxa.gslb.pphosted.com']],
  ['hosted.fr', ['mx1.small-host.net']],
]
const PROVIDERS = DOMAINS.map(([domain, hosts]) => providerOf(domain, hosts))

type Window = { provider?: string; ms: number; limit: number }
type Plan = {
  values: Parameters<typeof newAccount>[1]
  calendar: SendCalendar | null
  providerLimits: { provider: string; perHour?: number; perDay?: number; perMinute?: number }[]
  /** Mails a day that must be reached when there is always something to send; counted on days it is open. */
  atLeastPerDay: number
}

const ALSACE: SendCalendar = { ...OFFICE_CALENDAR, holidays: 'fr-alsace-moselle' }
const MORNINGS: SendCalendar = { ...OFFICE_CALENDAR, from: '08:00', to: '12:00', days: [1, 2, 3, 4, 5, 6] }

const PLANS: Plan[] = [
  {
    values: { perMinute: 5, perHour: 60, perDay: 500 },
    calendar: null,
    providerLimits: [],
    atLeastPerDay: 475,
  },
  {
    values: { perDay: 300, minGapMs: 20_000, gapJitterMs: 20_000, calendar: OFFICE_CALENDAR },
    calendar: null,
    providerLimits: [{ provider: 'google', perHour: 30 }],
    atLeastPerDay: 285,
  },
  {
    values: { perHour: 80, perDay: 400, warmupFirstDay: 20, warmupStep: 15, calendar: ALSACE },
    calendar: null,
    providerLimits: [],
    atLeastPerDay: 0,
  },
  {
    values: { perMinute: 30, perDay: 900 },
    calendar: null,
    providerLimits: [
      { provider: '*', perHour: 20 },
      { provider: 'google', perMinute: 6, perHour: 60, perDay: 300 },
      { provider: 'microsoft', perDay: 100 },
    ],
    atLeastPerDay: 855,
  },
  {
    values: { perHour: 60, minGapMs: 5_000 },
    calendar: MORNINGS,
    providerLimits: [{ provider: '*', perMinute: 2 }],
    atLeastPerDay: 228,
  },
]

type Grant = { at: number; provider: string }
type Judged = { plan: Plan; grants: Grant[] }
type Simulated = Judged & { id: number; noted: number }

/** Lets all accounts send for some days; `nodes` are databases of their own connections. */
export const simulate = async (
  nodes: Db[],
  { from, days, random }: { from: Date; days: number; random: () => number },
): Promise<{ accounts: Simulated[]; calls: number; crashes: number }> => {
  const accounts: Simulated[] = []
  for (const plan of PLANS) {
    const id = await newAccount(nodes[0]!, plan.values)
    if (plan.providerLimits.length > 0)
      await nodes[0]!
        .insert(mailProviderLimits)
        .values(plan.providerLimits.map((row) => ({ accountId: id, ...row })))
    accounts.push({ plan, id, grants: [], noted: 0 })
  }
  const end = from.getTime() + days * DAY
  let [calls, crashes] = [0, 0]
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!

  const ask = async (account: Simulated, at: number): Promise<number> => {
    calls += 1
    const now = new Date(at)
    const wants: Wanted[] = Array.from({ length: 1 + Math.floor(random() * BACKLOG) }, (_, id) => ({
      id,
      provider: pick(PROVIDERS),
    }))
    const fate = random()
    let wakeAt = at + LONGEST_SLEEP_MS
    let outcomes: Outcome[] = []
    try {
      await pick(nodes).transaction(async (tx) => {
        const reserved = await reserve(
          tx,
          { accountId: account.id, calendar: account.plan.calendar, wants },
          now,
        )
        if (fate < 0.02) throw new Error('died before it committed')
        outcomes = reserved.granted.map((id) => ({
          accountId: account.id,
          provider: wants[id]!.provider,
          outcome: 'sent',
        }))
        // What one provider holds back says nothing of the mails that are wanted next.
        if (reserved.limitedBy?.of === 'provider')
          wakeAt = Math.min(at + LONGEST_SLEEP_MS, reserved.waitUntil!.getTime())
        else if (reserved.waitUntil) wakeAt = reserved.waitUntil.getTime()
        else if (reserved.granted.length > 0) wakeAt = at
      })
    } catch {
      crashes += 1
      return at + Math.floor(random() * MINUTE)
    }
    for (const { provider } of outcomes) account.grants.push({ at, provider })
    // Half of the nodes that die have handed the mails over, but noted nothing.
    if (fate < 0.04) crashes += 1
    else if (outcomes.length > 0 && random() < 0.1)
      await pick(nodes).transaction((tx) => noteOutcomes(tx, whatBecameOf(account, outcomes, at), now))
    // Mostly when told to, a little late; sometimes whenever it likes.
    return random() < 0.9 ? wakeAt + Math.floor(random() * 300) : at + Math.floor(random() * 20_000)
  }

  const run = async (account: Simulated): Promise<void> => {
    let at = from.getTime() + Math.floor(random() * MINUTE)
    while (at < end) {
      const moment = at
      const together = random() < 0.05 ? 2 : 1
      const wakes = await Promise.all(Array.from({ length: together }, () => ask(account, moment)))
      at = Math.max(moment + 1, Math.min(...wakes, moment + DAY))
    }
  }
  await Promise.all(accounts.map(run))
  return { accounts, calls, crashes }
}

// Orange is busy on the third day, and each hundredth mail comes back: by chance more than one of twenty would do so one
// day, and an account that is rightly stopped sends nothing for the rest of the month.
const whatBecameOf = (account: Simulated, sent: Outcome[], at: number): Outcome[] =>
  sent.map((one) => {
    if (one.provider === 'orange' && Math.floor(at / DAY) % 10 === 3) return { ...one, outcome: 'busy' }
    account.noted += 1
    return account.noted % 100 === 0 ? { ...one, outcome: 'bounced' } : one
  })

/** Everything that an account's grants break, looking at every window, gap, day and hour; none when all is well. */
export const faultsOf = ({ plan, grants }: Judged): string[] => {
  const { values = {} } = plan
  const faults: string[] = []
  for (const { provider, ms, limit } of windowsOf(plan)) {
    const moments = grants
      .filter((grant) => provider === undefined || grant.provider === provider)
      .map(({ at }) => at)
    const most = mostWithin(moments, ms)
    if (most > limit) faults.push(`${most} instead of ${limit} to ${provider ?? 'all'} within ${ms} ms`)
  }
  const gap = values.minGapMs ?? 0
  grants.forEach(({ at }, index) => {
    const before = grants[index - 1]
    if (before && at - before.at < gap) faults.push(`only ${at - before.at} ms between two`)
    for (const calendar of [values.calendar ?? null, plan.calendar])
      if (calendar && !isOpen(calendar, new Date(at)))
        faults.push(`outside of its hours: ${new Date(at).toISOString()}`)
  })
  return [...faults, ...rampFaults(plan, grants)]
}

const windowsOf = ({ values = {}, providerLimits }: Plan): Window[] => {
  const own = [
    { ms: MINUTE, limit: values.perMinute },
    { ms: HOUR, limit: values.perHour },
    { ms: DAY, limit: values.perDay },
  ]
  const providers = [...new Set(PROVIDERS)].flatMap((provider) => {
    const row =
      providerLimits.find((one) => one.provider === provider) ??
      providerLimits.find((one) => one.provider === '*')
    return [
      { provider, ms: MINUTE, limit: row?.perMinute },
      { provider, ms: HOUR, limit: row?.perHour },
      { provider, ms: DAY, limit: row?.perDay },
    ]
  })
  return [...own, ...providers].flatMap((one) =>
    one.limit === undefined || one.limit === null ? [] : [{ ...one, limit: one.limit }],
  )
}

const rampFaults = ({ values = {} }: Plan, grants: Grant[]): string[] => {
  if (!values.warmupFirstDay) return []
  const faults: string[] = []
  const dates: string[] = []
  let first = 0
  grants.forEach(({ at }, index) => {
    const { date } = localTime('Europe/Paris', new Date(at))
    if (dates.at(-1) !== date) dates.push(date)
    while (at - grants[first]!.at > DAY) first += 1
    const allowed = values.warmupFirstDay! + (values.warmupStep ?? 0) * (dates.length - 1)
    if (index - first + 1 > allowed)
      faults.push(`${index - first + 1} instead of ${allowed} on day ${dates.length}`)
  })
  return faults
}

/** The most moments within any closed window. */
const mostWithin = (moments: number[], ms: number): number => {
  let [most, first] = [0, 0]
  moments.forEach((moment, index) => {
    while (moment - moments[first]! > ms) first += 1
    most = Math.max(most, index - first + 1)
  })
  return most
}

/** The mails per day that an account was open, against those it must reach. */
export const reached = (
  { plan, grants }: Judged,
  { from, days }: { from: Date; days: number },
): { perDay: number; atLeast: number } => {
  let open = 0
  for (let day = 0; day < days; day += 1) {
    const noon = new Date(from.getTime() + (day + 0.4) * DAY)
    const calendars = [plan.values?.calendar ?? null, plan.calendar]
    if (calendars.every((calendar) => calendar === null || isOpen(calendar, noon))) open += 1
  }
  return { perDay: grants.length / open, atLeast: plan.atLeastPerDay }
}

/** The same chances each time, so that a failure can be seen again. */
export const seeded = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
