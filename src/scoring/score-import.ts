import type { Db } from '#src/db/open.ts'
import { companiesToScoreAfter, scoreManyAgain } from './queries.ts'

/** Scores at once what an import made or changed and can be scored without a visit: companies without a site, and
 *  those whose site was visited before. Called as the import is finished. */
export const scoreImport = async (db: Db, importId: number): Promise<void> => {
  await scoreManyAgain(db, await companiesToScoreAfter(db, importId))
}
