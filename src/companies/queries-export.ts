import { and, asc, getTableColumns, gt } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'
import { selectionCondition, type Selection } from './queries-list.ts'
import { companies } from './schema.ts'

const { scorePoints: _points, searchText: _search, nameKey: _key, ...exported } = getTableColumns(companies)

/** The next rows of a selection after this id, in order of id. */
export const findExportRows = (db: Db, selection: Selection, page: { after: number; limit: number }) =>
  db
    .select(exported)
    .from(companies)
    .where(and(selectionCondition(selection), gt(companies.id, page.after)))
    .orderBy(asc(companies.id))
    .limit(page.limit)

export type ExportRow = Awaited<ReturnType<typeof findExportRows>>[number]
