-- Everything named api_* is made by these files; what a later version no longer makes must go. ARRAY: all names are read
-- before the first goes, which may take others with it.
DO $$
DECLARE object record;
BEGIN
  FOR object IN SELECT unnest(ARRAY(SELECT oid::regclass::text FROM pg_class
    WHERE relkind = 'v' AND relnamespace = 'public'::regnamespace AND relname LIKE 'api\_%')) AS name
  LOOP EXECUTE format('DROP VIEW IF EXISTS %s CASCADE', object.name); END LOOP;
  FOR object IN SELECT unnest(ARRAY(SELECT oid::regprocedure::text FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace AND proname LIKE 'api\_%')) AS name
  LOOP EXECUTE format('DROP FUNCTION IF EXISTS %s CASCADE', object.name); END LOOP;
END $$;
