-- Everything named api_* is made by these files; what a later version no longer makes must go.
DO $$
DECLARE object record;
BEGIN
  FOR object IN SELECT oid::regclass AS name FROM pg_class
    WHERE relkind = 'v' AND relnamespace = 'public'::regnamespace AND relname LIKE 'api\_%'
  LOOP EXECUTE format('DROP VIEW IF EXISTS %s CASCADE', object.name); END LOOP;
  FOR object IN SELECT oid::regprocedure AS name FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'api\_%'
  LOOP EXECUTE format('DROP FUNCTION IF EXISTS %s CASCADE', object.name); END LOOP;
END $$;
