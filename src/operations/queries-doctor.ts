import { sql } from 'drizzle-orm'
import type { Db } from '#src/db/open.ts'

export type DatabaseFacts = {
  /** server_version_num */
  version: number
  /** Extensions that are installed in this database. */
  extensions: string[]
  now: Date
}

export const readDatabaseFacts = async (db: Db): Promise<DatabaseFacts> => {
  const [row] = await db.execute<{ version: number; extensions: string[] | null; now: string }>(sql`
    SELECT current_setting('server_version_num')::int AS version, clock_timestamp() AS now,
      (SELECT json_agg(extname) FROM pg_extension) AS extensions`)
  return { version: row!.version, extensions: row!.extensions ?? [], now: new Date(row!.now) }
}

/** What the edge's role may do too little and too much; null when there is no such role. */
export type RoleRights = { role: string; missing: string[]; extra: string[] }

/** Compares what the role can do in effect (its own rights, those of everybody, of its groups, of what it owns) with
 *  the list of `edge_rights()`. */
export const readRoleRights = async (db: Db): Promise<RoleRights | null> => {
  const [row] = await db.execute<{ role: string; missing: string[] | null; extra: string[] | null }>(sql`
    WITH edge AS (SELECT * FROM pg_roles WHERE rolname = edge_role()),
    rights AS (SELECT class, oid, object, privilege FROM edge_rights()),
    schemas AS (
      SELECT oid, nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
    ),
    effective AS (
      SELECT 'pg_database'::regclass AS class, d.oid, 'database ' || d.datname AS object, p.privilege
      FROM edge, pg_database d, unnest(ARRAY['CONNECT', 'CREATE', 'TEMPORARY']) AS p(privilege)
      WHERE d.datname = current_database() AND has_database_privilege(edge.oid, d.oid, p.privilege)
      UNION ALL
      SELECT 'pg_namespace'::regclass, s.oid, 'schema ' || s.nspname, p.privilege
      FROM edge, schemas s, unnest(ARRAY['USAGE', 'CREATE']) AS p(privilege)
      WHERE has_schema_privilege(edge.oid, s.oid, p.privilege)
      UNION ALL
      SELECT 'pg_class'::regclass, c.oid, c.oid::regclass::text, p.privilege
      FROM edge, pg_class c JOIN schemas s ON s.oid = c.relnamespace,
        unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS p(privilege)
      WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND (
        has_table_privilege(edge.oid, c.oid, p.privilege)
        OR p.privilege IN ('SELECT', 'INSERT', 'UPDATE', 'REFERENCES')
          AND has_any_column_privilege(edge.oid, c.oid, p.privilege))
      UNION ALL
      SELECT 'pg_class'::regclass, c.oid, 'sequence ' || c.oid::regclass::text, p.privilege
      FROM edge, pg_class c JOIN schemas s ON s.oid = c.relnamespace,
        unnest(ARRAY['USAGE', 'SELECT', 'UPDATE']) AS p(privilege)
      WHERE c.relkind = 'S' AND has_sequence_privilege(edge.oid, c.oid, p.privilege)
      UNION ALL
      SELECT 'pg_proc'::regclass, f.oid, f.oid::regprocedure::text, 'EXECUTE'
      FROM edge, pg_proc f JOIN schemas s ON s.oid = f.pronamespace
      WHERE has_function_privilege(edge.oid, f.oid, 'EXECUTE')
        -- What text search brings along reads nothing; whoever may not enter its schema cannot call it.
        AND NOT EXISTS (
          SELECT FROM pg_depend d JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid
          WHERE d.classid = 'pg_proc'::regclass AND d.objid = f.oid AND e.extname IN ('pg_trgm', 'unaccent'))
        AND (has_schema_privilege(edge.oid, s.oid, 'USAGE') OR EXISTS (
          SELECT FROM aclexplode(f.proacl) a WHERE a.grantee = edge.oid))
      UNION ALL
      -- System catalogs, large objects, languages, servers, other databases: whatever names the role.
      SELECT d.classid::regclass, d.objid,
        CASE WHEN d.dbid IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
          THEN pg_describe_object(d.classid, d.objid, d.objsubid) ELSE 'something in another database' END,
        CASE d.deptype WHEN 'o' THEN 'owner' WHEN 'r' THEN 'policy' ELSE 'a right of its own' END
      FROM edge, pg_shdepend d
      WHERE d.refclassid = 'pg_authid'::regclass AND d.refobjid = edge.oid AND d.deptype IN ('o', 'a', 'r')
        AND (d.deptype <> 'a' OR d.dbid NOT IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
          OR NOT EXISTS (SELECT FROM rights r WHERE r.class = d.classid AND r.oid = d.objid))
      UNION ALL
      SELECT 'pg_authid'::regclass, g.oid, 'role ' || g.rolname, 'member'
      FROM edge, pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = edge.oid
      UNION ALL
      SELECT 'pg_authid'::regclass, edge.oid, 'itself', attribute
      FROM edge, LATERAL (VALUES ('SUPERUSER', rolsuper), ('CREATEROLE', rolcreaterole), ('CREATEDB', rolcreatedb),
        ('REPLICATION', rolreplication), ('BYPASSRLS', rolbypassrls)) AS has(attribute, given) WHERE given
    )
    SELECT edge.rolname AS role,
      (SELECT json_agg(privilege || ' on ' || object ORDER BY object) FROM rights r
        WHERE NOT EXISTS (SELECT FROM effective e
          WHERE e.class = r.class AND e.oid = r.oid AND e.privilege = r.privilege)) AS missing,
      (SELECT json_agg(DISTINCT privilege || ' on ' || object) FROM effective e
        WHERE NOT EXISTS (SELECT FROM rights r
          WHERE r.class = e.class AND r.oid = e.oid AND r.privilege = e.privilege)) AS extra
    FROM edge`)
  return row ? { role: row.role, missing: row.missing ?? [], extra: row.extra ?? [] } : null
}
