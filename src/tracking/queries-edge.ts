import type { Sql } from '#src/db/open.ts'

/** Whether this connection may do what an edge must: no_tables and no_rights say what is missing. */
export const checkInbox = async (sql: Sql): Promise<'ok' | 'no_tables' | 'no_rights'> => {
  const [row] = await sql<{ tables: boolean; rights: boolean | null }[]>`
    SELECT inbox IS NOT NULL AND link IS NOT NULL AS tables,
      has_schema_privilege('public', 'USAGE') AND has_table_privilege(inbox, 'INSERT')
        AND has_function_privilege(link, 'EXECUTE') AND NOT EXISTS (
          SELECT FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.proname LIKE 'api\\_%'
            AND NOT has_function_privilege(p.oid, 'EXECUTE')
        ) AND NOT EXISTS (
          SELECT FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relname LIKE 'api\\_%'
            AND c.relkind = 'v' AND NOT has_table_privilege(c.oid, 'SELECT')
        ) AS rights
    FROM (
      SELECT (SELECT c.oid FROM pg_class c WHERE c.relname = 'tracking_inbox'
          AND c.relnamespace = 'public'::regnamespace) AS inbox,
        (SELECT p.oid FROM pg_proc p WHERE p.proname = 'track_link'
          AND p.pronamespace = 'public'::regnamespace LIMIT 1) AS link
    ) needed`
  if (row?.tables !== true) return 'no_tables'
  return row.rights === true ? 'ok' : 'no_rights'
}
