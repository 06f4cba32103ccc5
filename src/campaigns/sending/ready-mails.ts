import { loggableMessage } from '#src/db/failures.ts'
import type { Deps } from '#src/deps.ts'
import type { SendingAccount } from '#src/mail/accounts/read-account.ts'
import type { KnownCampaigns } from './known-campaigns.ts'
import type { LaneMemory } from './lane-memory.ts'
import { closedAt, noteBatch } from './lane-memory.ts'
import type { LaneKey, Prepared, Reason } from './ledger.ts'
import { prepareMails } from './prepare-mails.ts'
import { claimDue } from './queries-claim.ts'
import { returnClaimed } from './queries-commit.ts'

export type LaneNeeds = Pick<Deps, 'db' | 'sql' | 'clock' | 'log' | 'keys'> & {
  node: string
  baseUrl: string
  campaigns: KnownCampaigns
  /** After so long without a sign of this node others take its mails for lost. */
  silentMs: number
}

/** The mails of a lane that this node has made ready, in memory, and more of them as they are used up. */
export const openReadyMails = (
  { db, clock, log, node, ...needs }: LaneNeeds,
  lane: LaneKey,
  account: SendingAccount,
  memory: LaneMemory,
) => {
  let ready: Prepared[] = []
  let filling: Promise<void> | null = null
  let isDry = false

  const fill = async (): Promise<void> => {
    const now = clock.now()
    const claimed = await claimDue(db, lane, {
      node,
      limit: memory.batch,
      closedCampaigns: closedAt(memory.closed, now),
      blockedProviders: closedAt(memory.blocked, now),
      now,
    })
    isDry = claimed.length === 0
    if (isDry) return
    try {
      const { mails, returns } = await prepareMails({ db, clock, ...needs }, account, claimed)
      await returnClaimed(db, node, returns)
      ready.push(...inTurn(mails))
      noteBatch(memory, 'used')
    } catch (error) {
      await giveBack(claimed.map(({ id }) => id))
      throw error
    }
  }
  const refill = (): Promise<void> => {
    filling ??= fill()
      .catch((error: unknown) => {
        isDry = true
        log.error('mails could not be made ready', {
          account: lane.accountId,
          reason: loggableMessage(error),
        })
      })
      .finally(() => {
        filling = null
      })
    return filling
  }
  const giveBack = (ids: number[], reason?: Reason, reply?: string): Promise<void> =>
    returnClaimed(
      db,
      node,
      ids.map((id) => ({ id, state: 'planned', reason, reply })),
    ).catch((error: unknown) => log.warn('mails could not be given back', { reason: loggableMessage(error) }))

  return {
    size: (): number => ready.length,
    /** Those that come next. */
    upcoming: (count: number): readonly Prepared[] => ready.slice(0, count),
    /** The next mail, waiting for one to be made ready; null when there is none. */
    next: async (): Promise<Prepared | null> => {
      for (;;) {
        const mail = ready.shift()
        if (ready.length < memory.batch / 2 && !isDry) void refill()
        if (mail) return mail
        if (filling === null) return null
        await filling
      }
    },
    refill,
    /** Puts a mail back in front. */
    putBack: (mail: Prepared): void => void ready.unshift(mail),
    /** Gives mails back to the ledger. */
    release: (wanted: (mail: Prepared) => boolean, why: { reason?: Reason; reply?: string } = {}) => {
      const out = ready.filter(wanted).map(({ row }) => row.id)
      ready = ready.filter((mail) => !wanted(mail))
      return giveBack(out, why.reason, why.reply)
    },
    /** Gives all of them back, those too that are just being made ready. */
    close: async (): Promise<void> => {
      isDry = true
      await filling
      const out = ready.map(({ row }) => row.id)
      ready = []
      await giveBack(out)
    },
  }
}

/** One of each campaign after the other. */
const inTurn = (mails: readonly Prepared[]): Prepared[] => {
  const groups = [...Map.groupBy(mails, ({ row }) => row.campaignId).values()]
  const longest = Math.max(0, ...groups.map(({ length }) => length))
  return Array.from({ length: longest }, (_, place) => groups.flatMap((group) => group[place] ?? [])).flat()
}

export type ReadyMails = ReturnType<typeof openReadyMails>
