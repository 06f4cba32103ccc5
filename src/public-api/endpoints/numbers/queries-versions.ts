import type { Sql } from '#src/db/open.ts'

/** A text that changes whenever companies, their history or scores, imports or mails have changed. */
export const versionOf = (sql: Sql) =>
  sql`(SELECT concat_ws(' ', companies, changes, scores, messages, imports) FROM api_versions)`

/** The same, when addresses have been found on sites too. */
export const emailsVersionOf = (sql: Sql) =>
  sql`(SELECT concat_ws(' ', companies, changes, scores, messages, imports, facts) FROM api_versions)`

export const findVersions = async (sql: Sql): Promise<string> => {
  const [row] = await sql<{ version: string }[]>`SELECT ${versionOf(sql)} AS version`
  return row?.version ?? ''
}
