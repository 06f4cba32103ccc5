import type { Db } from '#src/db/open.ts'
import { isBare } from '#src/mail/inbound/bare-refusal.ts'
import type { Outcome } from './ledger.ts'
import { putOff } from './outcome.ts'
import { listTried, putBack, type Tried } from './queries-bursts.ts'

/** So many recipients refused in a row without a word, and none taken between: it is not them who are refused but we. */
const BURST = 5

/** A 550 without a reason is about the mailbox (outcome.ts), unless it is what everybody is answered: a provider, or the
 *  account's own server, that has had enough of our mails for today says no more than that. Then the mails are put off as by
 *  a server that is busy, and whom the first refusals of the burst put on the suppression list is taken off it again.
 *  Returns the outcomes as they are to be noted. */
export const judgeBareRefusals = async (
  tx: Db,
  accountId: number,
  outcomes: readonly Outcome[],
  now: Date,
): Promise<readonly Outcome[]> => {
  if (!outcomes.some(isBareRefusal)) return outcomes
  const fresh = outcomes
    .filter(({ state }) => state === 'sent' || state === 'failed')
    .map(({ row: { provider }, state, reply }) => ({
      provider,
      taken: state === 'sent',
      reply,
      suppression: null,
    }))
  const tried = [...fresh.toReversed(), ...(await listTried(tx, accountId))]
  const ofAccount = bareInRow(tried)
  const burstAt = (provider: string): Tried[] => {
    const ofProvider = bareInRow(tried.filter((one) => one.provider === provider))
    return [ofAccount, ofProvider].find((row) => row.length >= BURST) ?? []
  }
  const providers = [...new Set(outcomes.filter(isBareRefusal).map(({ row }) => row.provider))]
  const bursts = new Map(providers.map((provider) => [provider, burstAt(provider)]))
  const suppressed = [...bursts.values()].flat().flatMap(({ suppression }) => suppression ?? [])
  if (suppressed.length > 0) await putBack(tx, [...new Set(suppressed)], now)
  return outcomes.map((outcome) =>
    isBareRefusal(outcome) && (bursts.get(outcome.row.provider)?.length ?? 0) > 0 ? putOff(outcome) : outcome,
  )
}

const isBareRefusal = ({ hardBounce, reply }: Outcome): boolean => hardBounce && isBare(reply)

/** The refusals without a reason since a mail was taken, the newest first; what was refused for a reason says nothing. */
const bareInRow = (tried: readonly Tried[]): Tried[] => {
  const lastTaken = tried.findIndex(({ taken }) => taken)
  return tried.slice(0, lastTaken < 0 ? undefined : lastTaken).filter(({ reply }) => isBare(reply))
}
