import type { Sql } from '#src/db/open.ts'

/** The twelve statuses in the order of the kanban. */
export const listStatuses = async (sql: Sql): Promise<string[]> => {
  const rows = await sql<{ statut: string }[]>`SELECT statut FROM api_statuses ORDER BY position`
  return rows.map(({ statut }) => statut)
}

/** Gives the company a status, with a line for its notes: `status` when there is no such status, `unknown` when there
 *  is no such company. Throws PL403 when the token may not. */
export const setStatus = async (
  sql: Sql,
  change: { tokenId: number; companyId: number; statut: string; note: string | null },
): Promise<'ok' | 'status' | 'unknown'> => {
  const { tokenId, companyId, statut, note } = change
  const [row] = await sql<{ outcome: 'ok' | 'status' | 'unknown' }[]>`
    SELECT api_set_status(${tokenId}::int, ${companyId}::int, ${statut}::text, ${note}::text) AS outcome`
  return row?.outcome ?? 'unknown'
}

/** Puts the company into the bin; false when there is none. Throws PL403 when the token may not. */
export const deleteCompany = async (sql: Sql, tokenId: number, companyId: number): Promise<boolean> => {
  const [row] = await sql<
    { gone: boolean }[]
  >`SELECT api_delete_company(${tokenId}::int, ${companyId}::int) AS gone`
  return row?.gone === true
}
