import { companies } from '#src/companies/schema.ts'
import type { Db } from '#src/db/open.ts'

export type NewCompany = typeof companies.$inferInsert

/** Companies for a test, in this order; a name is enough. Returns their ids. */
export const insertCompanies = async (db: Db, rows: NewCompany[]): Promise<number[]> =>
  (await db.insert(companies).values(rows).returning({ id: companies.id })).map(({ id }) => id)
