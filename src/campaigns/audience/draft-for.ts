import type { Db } from '#src/db/open.ts'
import { listAccounts } from '#src/mail/accounts/queries.ts'
import { insertDraft } from '../planning/queries-drafts.ts'
import type { DraftFor } from './routes.tsx'

/** Makes the drafts of campaigns that begin with their audience: sent from every account that may send. */
export const draftFor =
  (db: Db): DraftFor =>
  async (draft) => {
    const accounts = (await listAccounts(db)).filter(({ active, pausedAt }) => active && pausedAt === null)
    return insertDraft(db, { ...draft, accountIds: accounts.map(({ id }) => id) })
  }
