import { loggableMessage } from '#src/db/failures.ts'
import type { Db } from '#src/db/open.ts'
import type { Deps } from '#src/deps.ts'
import type { Limit } from '#src/mail/limits/decide.ts'
import { noteOutcomes, type Outcome as Note } from '#src/mail/limits/note-outcome.ts'
import { suppress } from '#src/tracking/suppress.ts'
import { planNextStep } from '../planning/plan-next-step.ts'
import { judgeBareRefusals } from './bare-bursts.ts'
import type { Outcome, Prepared } from './ledger.ts'
import type { Places } from './places.ts'
import { findStanding, returnClaimed, sendStep, takeBack, type Doer } from './queries-commit.ts'

/** What a line asks for after each mail: to note what became of it, and to hand over the next. */
export type Step = { outcome: Outcome | null; want: Prepared | null }

/** go: it may be handed over, as the message with this id. wait: not before `until` (null: nobody knows), because of
 *  `limit`; the node keeps the row. gone: it will not be sent by this node now. */
export type Answer =
  | { kind: 'go'; messageId: number }
  | { kind: 'wait'; until: Date | null; limit: Limit | null }
  | { kind: 'gone' }

type Needs = Pick<Deps, 'db' | 'sql' | 'clock'>

/** Commits the steps of several lines together: what became of their mails, and that the next are on their way from now on,
 *  as far as limits let them and their recipients may still be written to. The answers in the order of the steps. */
export const commitSteps = async (
  { db, sql, clock }: Needs,
  doer: Doer,
  places: Places,
  steps: readonly Step[],
): Promise<Answer[]> => {
  const outcomes = steps.flatMap(({ outcome }) => outcome ?? [])
  const wants = steps.flatMap(({ want }) => want ?? [])
  const waits = await places.ask(wants)
  const going = wants.filter(({ row }) => !waits.has(row.id))
  const made = await noteAll({ db, sql }, doer, outcomes, going, clock.now())
  places.learn(outcomes)
  const left = going.filter(({ row }) => !made.has(row.id))
  if (left.length > 0) await returnLeft(db, doer, left)
  return steps.map(({ want }) => {
    if (!want) return { kind: 'gone' }
    const messageId = made.get(want.row.id)
    if (messageId !== undefined) return { kind: 'go', messageId }
    const wait = waits.get(want.row.id)
    return wait ? { kind: 'wait', ...wait } : { kind: 'gone' }
  })
}

/** One statement where all went well; with what follows from failures and with next steps, one transaction. */
const noteAll = async (
  { db, sql }: Pick<Deps, 'db' | 'sql'>,
  doer: Doer,
  outcomes: readonly Outcome[],
  going: readonly Prepared[],
  now: Date,
): Promise<Map<number, number>> => {
  const followed = outcomes.filter(({ state, hasNext }) => hasNext && state === 'sent')
  // A rehearsal teaches nothing.
  const troublesOf = (some: readonly Outcome[]): Outcome[] =>
    doer.kind === 'real' ? some.filter(({ state }) => state !== 'sent') : []
  if (followed.length + troublesOf(outcomes).length === 0) return sendStep({ sql }, doer, outcomes, going)
  return db.transaction(async (tx) => {
    const judged =
      doer.kind === 'real' ? await judgeBareRefusals(tx, doer.accountId, outcomes, now) : outcomes
    const made = await sendStep({ tx }, doer, judged, going)
    await planNextStep(
      tx,
      followed.map(({ row }) => row.id),
    )
    const troubles = troublesOf(judged)
    await noteOutcomes(
      tx,
      troubles.flatMap((outcome) => noteOf(doer.accountId, outcome) ?? []),
      now,
    )
    for (const { row, messageId, reply } of troubles.filter(({ hardBounce }) => hardBounce)) {
      const { address, companyId: ofCompanyId } = row
      await suppress(tx, { address, source: 'bounce', reason: reply, messageId, ofCompanyId }, now)
    }
    return made
  })
}

const returnLeft = async (db: Db, { node }: Doer, mails: readonly Prepared[]): Promise<void> => {
  await takeBack(
    db,
    node,
    mails.map(({ row: { id }, kept: { token } }) => ({ id, token })),
  )
  const standings = await findStanding(
    db,
    node,
    mails.map(({ row }) => row.id),
  )
  await returnClaimed(
    db,
    node,
    standings.map(({ id, suppressed, ended }) => {
      if (suppressed !== null) return { id, state: 'skipped', reason: 'suppressed', reply: suppressed }
      return ended === null ? { id, state: 'planned' } : { id, state: 'skipped', reason: ended }
    }),
  )
}

/** What the limits learn from an outcome; null when nothing. */
export const noteOf = (accountId: number, { row, state, reason, reply, at }: Outcome): Note | null => {
  const note = { accountId, provider: row.provider, reply, sentAt: at }
  if (state === 'sent') return { ...note, outcome: 'sent' }
  if (reason === 'recipient_refused') return { ...note, outcome: 'refused' }
  if (reason === 'busy') return { ...note, outcome: 'busy' }
  if (reason === 'unreachable' || reason === 'tls' || reason === 'connection_lost' || reason === 'protocol')
    return { ...note, outcome: 'unreachable' }
  return null
}

/** A row whose mail the database will not take stays for a person to look at. */
export const holdBad = async (
  { db }: Pick<Deps, 'db'>,
  { node }: Doer,
  id: number,
  error: unknown,
): Promise<void> =>
  returnClaimed(db, node, [{ id, state: 'held', reason: 'bad_message', reply: loggableMessage(error) }])
