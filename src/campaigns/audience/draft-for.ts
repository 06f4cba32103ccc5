import type { Db } from '#src/db/open.ts'
import { listAccounts } from '#src/mail/accounts/queries.ts'
import { insertDraft } from '../planning/queries-drafts.ts'
import type { DraftFor } from './routes.tsx'

/** Makes drafts of campaigns: sent from the account that may send when there is one only; of several, which write for
 *  different brands, a person chooses. */
export const draftFor =
  (db: Db): DraftFor =>
  async (draft) => {
    const accounts = (await listAccounts(db)).filter(({ active, pausedAt }) => active && pausedAt === null)
    return insertDraft(db, {
      ...draft,
      accountIds: accounts.length === 1 ? accounts.map(({ id }) => id) : [],
    })
  }
