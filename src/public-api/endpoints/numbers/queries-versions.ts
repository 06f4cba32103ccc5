import type { Sql } from '#src/db/open.ts'

/** A text that changes whenever companies, their history or scores, imports or mails have changed. */
export const findVersions = async (sql: Sql): Promise<string> => {
  const [row] = await sql<{ version: string }[]>`
    SELECT concat_ws(' ', companies, changes, scores, messages, imports) AS version FROM api_versions`
  return row?.version ?? ''
}
