-- What the edge's own role may do, and nothing else (DESIGN §5, README "The public edge").

-- <database>_edge; of a database with a very long name so much is kept that the whole fits into 63 bytes.
CREATE OR REPLACE FUNCTION edge_role() RETURNS name
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
  AS $$
    SELECT (left(current_database()::text, 58 - (octet_length(current_database()::text)
      - char_length(current_database()::text))) || '_edge')::name
  $$;
REVOKE ALL ON FUNCTION edge_role() FROM PUBLIC;

-- The whole list: class is the catalog that the oid belongs to.
DROP FUNCTION IF EXISTS edge_rights();
CREATE FUNCTION edge_rights() RETURNS TABLE (class regclass, oid oid, object text, privilege text)
  LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
  AS $$
    SELECT 'pg_database'::regclass, d.oid, 'database ' || d.datname, 'CONNECT'
      FROM pg_database d WHERE d.datname = current_database()
    UNION ALL SELECT 'pg_namespace'::regclass, n.oid, 'schema ' || n.nspname, 'USAGE'
      FROM pg_namespace n WHERE n.nspname = 'public'
    UNION ALL SELECT 'pg_class'::regclass, c.oid, c.relname::text,
        CASE WHEN c.relname = 'tracking_inbox' THEN 'INSERT' ELSE 'SELECT' END
      FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
        AND (c.relname = 'tracking_inbox' AND c.relkind = 'r' OR c.relname LIKE 'api\_%' AND c.relkind = 'v')
    UNION ALL SELECT 'pg_proc'::regclass, p.oid, p.proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
        'EXECUTE'
      FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
        -- fold: how texts are compared in searches; it reads nothing.
        AND (p.proname LIKE 'api\_%' OR p.proname IN ('track_link', 'fold'))
  $$;
REVOKE ALL ON FUNCTION edge_rights() FROM PUBLIC;

-- Takes everything from the role and gives it what is on the list; false when there is no such role. Also run by hand
-- or by `prospectlab edge-env` after the role was made.
CREATE OR REPLACE FUNCTION grant_edge_role() RETURNS boolean
  LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET client_min_messages = error
  AS $$
  DECLARE
    edge name := public.edge_role();
    maker name := (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = 'public.tracking_inbox'::regclass);
    item record;
  BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = edge) THEN RETURN false; END IF;

    -- What everybody may do by default: create and run what they like.
    EXECUTE format('REVOKE CREATE, TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE 'REVOKE CREATE ON SCHEMA public FROM PUBLIC';
    FOR item IN
      SELECT p.oid::regprocedure AS name FROM pg_proc p
      JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE n.nspname = 'public' AND pg_has_role(p.proowner, 'USAGE')
        AND has_function_privilege('public', p.oid, 'EXECUTE')
        AND NOT EXISTS (SELECT FROM pg_depend d
          WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
    LOOP EXECUTE format('REVOKE ALL ON ROUTINE %s FROM PUBLIC', item.name); END LOOP;
    IF pg_has_role(maker, 'USAGE') THEN
      EXECUTE format('ALTER DEFAULT PRIVILEGES FOR ROLE %I REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC', maker);
    END IF;

    -- Other schemas may belong to somebody else: what cannot be taken there, `prospectlab doctor` tells.
    FOR item IN
      SELECT nspname AS name FROM pg_namespace
      WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' AND pg_has_role(nspowner, 'USAGE')
    LOOP
      EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM %I', item.name, edge);
      EXECUTE format('REVOKE ALL ON ALL SEQUENCES IN SCHEMA %I FROM %I', item.name, edge);
      EXECUTE format('REVOKE ALL ON ALL ROUTINES IN SCHEMA %I FROM %I', item.name, edge);
      EXECUTE format('REVOKE ALL ON SCHEMA %I FROM %I', item.name, edge);
    END LOOP;
    EXECUTE format('REVOKE ALL ON DATABASE %I FROM %I', current_database(), edge);

    FOR item IN SELECT * FROM public.edge_rights() LOOP
      EXECUTE format('GRANT %s ON %s TO %I', item.privilege, CASE item.class
        WHEN 'pg_database'::regclass THEN format('DATABASE %I', current_database())
        WHEN 'pg_namespace'::regclass THEN 'SCHEMA public'
        WHEN 'pg_class'::regclass THEN item.oid::regclass::text
        ELSE 'FUNCTION ' || item.oid::regprocedure::text END, edge);
    END LOOP;
    RETURN true;
  END $$;
REVOKE ALL ON FUNCTION grant_edge_role() FROM PUBLIC;

DO $$ BEGIN PERFORM grant_edge_role(); END $$;
