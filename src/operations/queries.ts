import { inArray } from 'drizzle-orm'
import { companies, imports } from '#src/companies/schema.ts'
import type { Db } from '#src/db/open.ts'

export type SubjectKind = 'company' | 'import'

/** Names of companies or of imported files by id; what was deleted since is missing. */
export const subjectNames = async (
  db: Db,
  kind: SubjectKind,
  ids: number[],
): Promise<Map<number, string>> => {
  if (ids.length === 0) return new Map()
  const rows =
    kind === 'company'
      ? await db
          .select({ id: companies.id, name: companies.name })
          .from(companies)
          .where(inArray(companies.id, ids))
      : await db
          .select({ id: imports.id, name: imports.fileName })
          .from(imports)
          .where(inArray(imports.id, ids))
  return new Map(rows.map(({ id, name }) => [id, name]))
}
