import { loggableMessage } from '#src/db/failures.ts'
import type { SendingAccount } from '#src/mail/accounts/read-account.ts'
import { noteOutcomes } from '#src/mail/limits/note-outcome.ts'
import type { Line } from '#src/mail/smtp-line.ts'
import type { Answer } from './commit-mails.ts'
import { openGroupCommit } from './group-commit.ts'
import { noteBatch, noteFailure, type LaneMemory } from './lane-memory.ts'
import { openPatience, type LateAnswers, type Lateness } from './late-answers.ts'
import type { LaneKey, Outcome, Prepared, Reason } from './ledger.ts'
import { isOfAccount, outcomeOf, tooLate } from './outcome.ts'
import { openPlaces } from './places.ts'
import { openReadyMails, type LaneNeeds } from './ready-mails.ts'
import type { Transport } from './transport.ts'

/** Mails wait in memory for their place no longer than this; for longer they are given back. */
const KEPT_FOR_MS = 5_000
/** However long something is closed, it is asked again then: settings may have changed. */
const ASK_AGAIN_MS = 60_000
/** Nothing could be taken: it is looked again then. */
const LOOK_AGAIN_MS = 1_000
/** A mail that was noted as on its way is handed over at once or, by a machine that slept meanwhile, not at all: within
 *  this share of the time after which other nodes take it for lost. */
const HAND_OVER_WITHIN = 0.8
/** A sender that is refused so often in a row is for a person to look at, as a wrong password is. */
const REFUSALS = 3
/** A server that owes so many answers is given no more mails for a while. */
const MOST_OWED = 10

export type LaneRun = {
  account: SendingAccount
  transport: Transport
  memory: LaneMemory
  /** Where answers are waited for that take long. */
  late: LateAnswers
  lateness: Lateness
  stop: AbortSignal
}

/** Sends what is due of one account, over as many lines as it has use for, until nothing more may be sent now. Every
 *  mail goes claimed → made ready → noted as sending → handed over → noted; what one line has done and what it is to do
 *  next are noted together, so that no more mails than there are lines can be in doubt. When it returns, the node has
 *  no row of it in hand but those whose answers take long (late-answers.ts). */
export const runLane = async (needs: LaneNeeds, lane: LaneKey, run: LaneRun): Promise<void> => {
  const { db, clock, log, node } = needs
  const { account, transport, memory, late, stop } = run
  const doer = { ...lane, node }
  const mails = openReadyMails(needs, lane, account, memory)
  const places = openPlaces(needs, doer, mails.upcoming)
  const commit = openGroupCommit(needs, doer, places, stop)
  const patience = openPatience(run.lateness, stop)
  const idle: Line[] = []
  let [taking, running, connected] = [0, 0, 0]
  let allowed = transport.lines
  let [ended, resting] = [false, false]
  let wake = Promise.withResolvers<void>()
  const { promise: stopped, resolve: noteStop } = Promise.withResolvers<null>()
  const onStop = () => noteStop(null)
  if (stop.aborted) onStop()
  else stop.addEventListener('abort', onStop, { once: true })

  const next = async (): Promise<Prepared | null> => {
    const mail = ended || stop.aborted || taking > allowed ? null : await mails.next()
    if (!mail) taking -= 1
    else wake.resolve()
    return mail
  }

  const connect = async (mail: Prepared): Promise<Line | null> => {
    for (let line = idle.pop(); line; line = idle.pop()) if (line.isOpen()) return line
    const made = await connectUnlessStopped()
    if (made?.ok) return made.line
    mails.putBack(mail)
    if (made) await refused(made.problem, made.reply)
    return null
  }
  // Nothing is in doubt yet: a stop does not wait for a server that is slow to greet.
  const connectUnlessStopped = async () => {
    const connecting = transport.connect()
    const made = await Promise.race([connecting, stopped])
    if (!made) void connecting.then((late) => late.ok && late.line.close())
    return made
  }

  /** The server takes nothing from us, or will not have so many lines. */
  const refused = async (problem: Reason, reply: string): Promise<void> => {
    if (connected > 0 && !isOfAccount(problem)) {
      allowed = connected
      return
    }
    ended = true
    noteFailure(memory, clock.now())
    log.warn('a mail server takes nothing', { account: lane.accountId, problem })
    if (lane.kind === 'real') await tellLimits(problem, reply)
    await mails.release(() => true, { reason: problem, reply })
  }
  const tellLimits = async (problem: Reason, reply: string): Promise<void> => {
    const ofAccount = isOfAccount(problem) && (problem !== 'sender_refused' || memory.failures >= REFUSALS)
    const outcome = ofAccount ? 'auth' : problem === 'busy' ? 'busy' : 'unreachable'
    const note = { accountId: lane.accountId, provider: '', outcome, reply } as const
    await db
      .transaction((tx) => noteOutcomes(tx, [note], clock.now()))
      .catch((error: unknown) => log.warn('not noted', { reason: loggableMessage(error) }))
  }

  /** The mail may not leave yet. True when the line is still of use. */
  const wait = async (
    mail: Prepared,
    { until, limit }: Extract<Answer, { kind: 'wait' }>,
  ): Promise<boolean> => {
    const now = clock.now().getTime()
    const at = Math.min(until?.getTime() ?? Infinity, now + ASK_AGAIN_MS)
    noteBatch(memory, 'held_up')
    mails.putBack(mail)
    const { campaignId, provider } = mail.row
    if (limit?.of === 'campaign') {
      memory.closed.set(campaignId, at)
      await mails.release(({ row }) => row.campaignId === campaignId)
      return true
    }
    if (limit?.of === 'provider') {
      memory.blocked.set(provider, at)
      await mails.release(({ row }) => row.provider === provider)
      return true
    }
    memory.sleepUntil = Math.max(memory.sleepUntil, at)
    if (until === null || at - now > KEPT_FOR_MS) ended = true
    // One line waits for all.
    if (ended || resting) return false
    resting = true
    await rest(at - now - places.leadMs(), stop)
    resting = false
    return true
  }

  const handOver = async (line: Line, mail: Prepared, messageId: number, since: Moment): Promise<Outcome> =>
    elapsedSince(since) > needs.silentMs * HAND_OVER_WITHIN
      ? tooLate(mail, messageId, clock.now())
      : outcomeOf(mail, messageId, await line.send(mail), clock.now())

  /** The server takes long over its answer: it is waited for, but nothing else waits with it. */
  const putAside = (line: Line, answer: Promise<Outcome>): void => {
    memory.owed += 1
    if (memory.owed >= MOST_OWED) {
      ended = true
      memory.sleepUntil = Math.max(memory.sleepUntil, clock.now().getTime() + ASK_AGAIN_MS)
    }
    const note = async (): Promise<void> => {
      await commit({ outcome: await answer, want: null })
      await places.close()
    }
    const noted = note()
      .catch((error: unknown) => log.error('a late answer was lost', { reason: loggableMessage(error) }))
      .finally(() => {
        memory.owed -= 1
        line.close()
      })
    late.add(noted, line.close)
  }

  const wantsLine = (): boolean =>
    !ended && !resting && !stop.aborted && taking < allowed && taking < mails.size()

  const runLine = async (): Promise<void> => {
    let line: Line | null = null
    let outcome: Outcome | null = null
    const settle = async (): Promise<void> => {
      const done = outcome
      outcome = null
      if (done) await commit({ outcome: done, want: null })
    }
    const drop = (): void => {
      if (line) connected -= 1
      line?.close()
      line = null
    }
    try {
      for (;;) {
        // What became of a mail is not kept waiting for the next one.
        if (mails.size() === 0) await settle()
        const mail = await next()
        if (!mail) break
        if (line && !line.isOpen()) drop()
        if (!line) {
          line = await connect(mail)
          if (!line) {
            taking -= 1
            break
          }
          connected += 1
        }
        const since = thisMoment()
        const asked = commit({ outcome, want: mail })
        outcome = null
        const answer = await asked
        if (answer.kind === 'wait' && !(await wait(mail, answer))) {
          taking -= 1
          break
        }
        if (answer.kind !== 'go') continue
        const tried = handOver(line, mail, answer.messageId, since)
        outcome = await patience.inTime(tried)
        if (!outcome) {
          putAside(line, tried)
          connected -= 1
          line = null
        } else if (outcome.state === 'sent') memory.failures = 0
        else if (outcome.reason && isOfAccount(outcome.reason)) await refused(outcome.reason, outcome.reply)
      }
      await settle()
      if (line?.isOpen() && !ended) {
        idle.push(line)
        connected -= 1
        line = null
      }
    } finally {
      drop()
    }
  }

  await mails.refill()
  if (mails.size() === 0)
    memory.sleepUntil = Math.max(memory.sleepUntil, clock.now().getTime() + LOOK_AGAIN_MS)
  for (;;) {
    wake = Promise.withResolvers<void>()
    while (wantsLine()) {
      taking += 1
      running += 1
      void runLine()
        .catch((error: unknown) => {
          ended = true
          log.error('a line broke', { account: lane.accountId, reason: loggableMessage(error) })
        })
        .finally(() => {
          running -= 1
          wake.resolve()
        })
    }
    if (running === 0) break
    await wake.promise
  }
  stop.removeEventListener('abort', onStop)
  patience.close()
  for (const line of idle) line.close()
  await mails.close()
  await places.close()
}

type Moment = { wall: number; steady: number }

const thisMoment = (): Moment => ({ wall: Date.now(), steady: performance.now() })

/** By the clock that nobody sets; that may stand still while a machine sleeps, which the clock on the wall does not. */
const elapsedSince = ({ wall, steady }: Moment): number =>
  Math.max(performance.now() - steady, Date.now() - wall)

const rest = (milliseconds: number, stop: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      stop.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, Math.max(1, milliseconds))
    stop.addEventListener('abort', done, { once: true })
  })
