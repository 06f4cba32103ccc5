import { moveStatus } from '#src/companies/move-status.ts'
import { loggableMessage } from '#src/db/failures.ts'
import type { Db } from '#src/db/open.ts'
import type { Deps } from '#src/deps.ts'
import type { Limit } from '#src/mail/limits/decide.ts'
import { noteOutcomes, type Outcome as Note } from '#src/mail/limits/note-outcome.ts'
import { reserve } from '#src/mail/limits/reserve.ts'
import { suppress } from '#src/tracking/suppress.ts'
import { planNextStep } from '../planning/plan-next-step.ts'
import type { Outcome, Prepared } from './ledger.ts'
import { lockClaimed, markSending, returnClaimed, settleOutcomes, type Return } from './queries-commit.ts'

/** What a line asks for after each mail: to note what became of it, and to hand over the next. */
export type Step = { outcome: Outcome | null; want: Prepared | null }

/** go: it may be handed over, as the message with this id. wait: not before `until` (null: nobody knows), because of
 *  `limit`; the node keeps the row. gone: it will not be sent by this node now. */
export type Answer =
  | { kind: 'go'; messageId: number }
  | { kind: 'wait'; until: Date | null; limit: Limit | null }
  | { kind: 'gone' }

export type Lane = { accountId: number; kind: 'real' | 'rehearsal'; node: string }

type Needs = Pick<Deps, 'db' | 'clock'>

/** Commits the steps of several lines together: what became of their mails, then who of the next is still to be written
 *  to, within which limits, and that they are on their way from now on. All of it or nothing; the answers in order. */
export const commitSteps = ({ db, clock }: Needs, lane: Lane, steps: readonly Step[]): Promise<Answer[]> =>
  db.transaction(async (tx) => {
    const now = clock.now()
    const outcomes = steps.flatMap(({ outcome }) => outcome ?? [])
    const wants = steps.flatMap(({ want }) => want ?? [])
    const ids = wants.map(({ row }) => row.id)
    // Sent together.
    const [standings] = await Promise.all([lockClaimed(tx, lane.node, ids), settleOutcomes(tx, outcomes)])
    const answers = new Map<number, Answer>()
    const returns: Return[] = []
    const able: Prepared[] = []
    const known = new Map(standings.map((standing) => [standing.id, standing]))
    for (const mail of wants) {
      const { id } = mail.row
      const standing = known.get(id)
      if (standing?.runs && standing.suppressed === null) {
        able.push(mail)
        continue
      }
      answers.set(id, { kind: 'gone' })
      if (standing?.runs)
        returns.push({ id, state: 'skipped', reason: 'suppressed', reply: standing.suppressed ?? '' })
      else if (standing) returns.push({ id, state: 'planned' })
    }
    const going = lane.kind === 'real' ? await withinLimits(tx, lane, able, answers, clock.now) : able
    const [made] = await Promise.all([
      markSending(tx, lane.accountId, going),
      returnClaimed(tx, lane.node, returns),
      planNextStep(
        tx,
        outcomes.filter(({ state, hasNext }) => hasNext && state === 'sent').map(({ row }) => row.id),
      ),
    ])
    for (const [id, messageId] of made) answers.set(id, { kind: 'go', messageId })
    if (lane.kind === 'real') await tellNeighbours(tx, lane, outcomes, now)
    return steps.map(({ want }) => (want && answers.get(want.row.id)) ?? { kind: 'gone' })
  })

/** Those that may leave now; the others get their answer here. */
const withinLimits = async (
  tx: Db,
  { accountId }: Lane,
  mails: readonly Prepared[],
  answers: Map<number, Answer>,
  now: () => Date,
): Promise<Prepared[]> => {
  const going: Prepared[] = []
  for (const group of Map.groupBy(mails, ({ calendar }) => JSON.stringify(calendar)).values()) {
    const wants = group.map(({ row: { id, provider } }) => ({ id, provider }))
    const calendar = group[0]?.calendar ?? null
    const reserved = await reserve(tx, { accountId, calendar, wants }, now())
    const granted = new Set(reserved.granted)
    for (const mail of group) {
      if (granted.has(mail.row.id)) going.push(mail)
      else answers.set(mail.row.id, { kind: 'wait', until: reserved.waitUntil, limit: reserved.limitedBy })
    }
  }
  return going
}

const tellNeighbours = async (
  tx: Db,
  { accountId }: Lane,
  outcomes: readonly Outcome[],
  now: Date,
): Promise<void> => {
  await noteOutcomes(
    tx,
    outcomes.flatMap((outcome) => noteOf(accountId, outcome) ?? []),
    now,
  )
  const companiesOf = (state: Outcome['state']): number[] => [
    ...new Set(outcomes.flatMap((one) => (one.state === state ? (one.row.companyId ?? []) : []))),
  ]
  await moveStatus(tx, { companyIds: companiesOf('sent'), trigger: 'sent' })
  await moveStatus(tx, { companyIds: companiesOf('failed'), trigger: 'send_failed' })
  for (const { row, messageId, reply } of outcomes.filter(({ hardBounce }) => hardBounce))
    await suppress(
      tx,
      { address: row.address, source: 'bounce', reason: reply, messageId, ofCompanyId: row.companyId },
      now,
    )
}

const noteOf = (accountId: number, { row, state, reason, reply, at }: Outcome): Note | null => {
  const note = { accountId, provider: row.provider, reply, sentAt: at }
  if (state === 'sent') return { ...note, outcome: 'sent' }
  if (reason === 'auth' || reason === 'no_tls') return { ...note, outcome: 'auth' }
  if (reason === 'recipient_refused') return { ...note, outcome: 'refused' }
  if (reason === 'busy') return { ...note, outcome: 'busy' }
  if (reason === 'unreachable' || reason === 'tls' || reason === 'connection_lost' || reason === 'protocol')
    return { ...note, outcome: 'unreachable' }
  return null
}

/** A row whose mail the database will not take stays for a person to look at. */
export const holdBad = async ({ db }: Needs, { node }: Lane, id: number, error: unknown): Promise<void> =>
  returnClaimed(db, node, [{ id, state: 'held', reason: 'bad_message', reply: loggableMessage(error) }])
