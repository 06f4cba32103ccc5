import { and, desc, eq, isNull, ne } from 'drizzle-orm'
import { users } from '#src/auth/schema.ts'
import type { Db } from '#src/db/open.ts'
import { companies, companyChanges, imports } from './schema.ts'

const SIBLINGS_SHOWN = 50
const CHANGES_SHOWN = 200
const IMPORTS_SHOWN = 50

/** Other branches: companies of the same site. */
export const findSiblings = async (db: Db, company: { id: number; siteKey: string | null }) =>
  company.siteKey === null
    ? []
    : db
        .select({
          id: companies.id,
          name: companies.name,
          city: companies.city,
          address1: companies.address1,
        })
        .from(companies)
        .where(
          and(
            eq(companies.siteKey, company.siteKey),
            ne(companies.id, company.id),
            isNull(companies.deletedAt),
          ),
        )
        .orderBy(companies.id)
        .limit(SIBLINGS_SHOWN)

export type Sibling = Awaited<ReturnType<typeof findSiblings>>[number]

/** History, newest first. */
export const listChanges = (db: Db, companyId: number) =>
  db
    .select({
      id: companyChanges.id,
      at: companyChanges.at,
      kind: companyChanges.kind,
      detail: companyChanges.detail,
      userName: users.name,
      userEmail: users.email,
    })
    .from(companyChanges)
    .leftJoin(users, eq(users.id, companyChanges.userId))
    .where(eq(companyChanges.companyId, companyId))
    .orderBy(desc(companyChanges.at), desc(companyChanges.id))
    .limit(CHANGES_SHOWN)

export type Change = Awaited<ReturnType<typeof listChanges>>[number]

/** Finished imports, newest first, for the list's filter. */
export const listImports = (db: Db) =>
  db
    .select({ id: imports.id, fileName: imports.fileName })
    .from(imports)
    .where(eq(imports.state, 'done'))
    .orderBy(desc(imports.id))
    .limit(IMPORTS_SHOWN)
