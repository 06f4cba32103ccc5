import { isDatabaseDown, loggableMessage } from '#src/db/failures.ts'
import type { Deps } from '#src/deps.ts'
import { sleep } from '#src/lib/sleep.ts'
import { commitSteps, holdBad, type Answer, type Step } from './commit-mails.ts'
import type { Places } from './places.ts'
import type { Doer } from './queries-commit.ts'

const AGAIN_MS = 1_000
/** Where many lines send, a commit does not wait for the one before: so many at once, the others of so many mails. */
const AT_ONCE = 3
const ENOUGH = 4
const MAX_TRIES = 5
/** Two nodes that wait for one another: one of them begins anew. */
const BLOCKED = /deadlock|could not serialize/i

type Waiting = Step & { answer: (answer: Answer) => void }

/** Commits what lines ask for while it is at it with others, so that a commit serves as many as are there. While the
 *  database is away everybody waits: what a server has taken is not forgotten as long as this program lives. `stop`
 *  gives up. */
export const openGroupCommit = (
  deps: Pick<Deps, 'db' | 'sql' | 'clock' | 'log'>,
  doer: Doer,
  places: Places,
  stop: AbortSignal,
) => {
  let waiting: Waiting[] = []
  let running = 0

  const run = async (): Promise<void> => {
    running += 1
    // Lines that have just been answered come back in the same moment.
    await new Promise(setImmediate)
    while (waiting.length > 0) {
      const group = waiting
      waiting = []
      await commitGroup(group)
    }
    running -= 1
  }

  const commitGroup = async (group: Waiting[]): Promise<void> => {
    for (let tries = 1; ; tries += 1)
      try {
        const answers = await commitSteps(deps, doer, places, group)
        for (const [place, { answer }] of group.entries()) answer(answers[place]!)
        return
      } catch (error) {
        const passes = isDatabaseDown(error) || BLOCKED.test(loggableMessage(error))
        if (passes && !(stop.aborted && tries >= MAX_TRIES)) {
          if (isDatabaseDown(error)) await sleep(AGAIN_MS)
          continue
        }
        deps.log.error('mails could not be noted', {
          account: doer.accountId,
          reason: loggableMessage(error),
        })
        return giveUp(group, error)
      }
  }

  /** One of them is at fault: each for itself, so that the others go on. */
  const giveUp = async (group: Waiting[], error: unknown): Promise<void> => {
    if (group.length > 1) for (const one of group) await commitGroup([one])
    else
      for (const { outcome, want, answer } of group) {
        if (want && outcome) await commitGroup([{ outcome, want: null, answer: () => {} }])
        if (want) await holdBad(deps, doer, want.row.id, error).catch(() => {})
        answer({ kind: 'gone' })
      }
  }

  return (step: Step): Promise<Answer> => {
    const { promise, resolve } = Promise.withResolvers<Answer>()
    waiting.push({ ...step, answer: resolve })
    if (running === 0 || (running < AT_ONCE && waiting.length >= ENOUGH)) void run()
    return promise
  }
}

export type GroupCommit = ReturnType<typeof openGroupCommit>
