import type { Db } from '#src/db/open.ts'
import { moveStatuses, tagCompanies } from './queries-status.ts'
import type { Status } from './statuses.ts'

/** What happened to a mail of a company. bounced: no address it was written to takes mail (tracking/suppress.ts decides
 *  that); opened, clicked: by a person; replied: by a person, in words. */
export type MailTrigger =
  | 'sent'
  | 'send_failed'
  | 'opened'
  | 'clicked'
  | 'replied'
  | 'bounced'
  | 'unsubscribed'
  | 'complained'

type Move = { from: Status[] | 'any'; to: Status; tags: string[] }

// As the existing product moves them, mended: a failed send is not a step forward, and what a person decided
// (won, lost, never again) is not undone by a mail that arrives late.
const DECIDED: Status[] = ['Gagné', 'Perdu', 'Plainte spam', 'Ne pas contacter', 'Désabonné']
const MOVES: Record<MailTrigger, Partial<Move> & { tags: string[] }> = {
  sent: { from: ['Nouveau'], to: 'À qualifier', tags: ['email_envoye'] },
  send_failed: { tags: ['email_echec_envoi'] },
  opened: { from: ['Nouveau'], to: 'À qualifier', tags: ['email_ouvert'] },
  clicked: { from: ['Nouveau', 'À qualifier', 'À rappeler'], to: 'Relance', tags: ['email_clique'] },
  // Whether it is a yes or a no is for a person to read.
  replied: {
    from: ['Nouveau', 'À qualifier', 'Relance', 'Bounce'],
    to: 'À rappeler',
    tags: ['email_repondu'],
  },
  bounced: { from: 'any', to: 'Bounce', tags: ['bounce', 'email_invalide'] },
  unsubscribed: { from: 'any', to: 'Désabonné', tags: [] },
  complained: { from: 'any', to: 'Plainte spam', tags: [] },
}
const KEPT: Partial<Record<MailTrigger, Status[]>> = {
  bounced: DECIDED,
  unsubscribed: ['Plainte spam', 'Ne pas contacter'],
  complained: ['Ne pas contacter'],
}

/** Moves companies (those they were merged into) as the reference's table of statuses says, notes it in their history and
 *  adds the tags. Deleted companies stay as they are. Returns the ids whose status changed. */
export const moveStatus = async (
  tx: Db,
  { companyIds, trigger }: { companyIds: readonly number[]; trigger: MailTrigger },
): Promise<number[]> => {
  if (companyIds.length === 0) return []
  const { from, to, tags } = MOVES[trigger]
  const moved =
    from === undefined || to === undefined
      ? []
      : await moveStatuses(tx, {
          companyIds,
          from: from === 'any' ? null : from,
          except: KEPT[trigger] ?? [],
          to,
          because: trigger,
        })
  for (const tag of tags) await tagCompanies(tx, companyIds, tag)
  return moved
}
