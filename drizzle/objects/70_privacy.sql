-- Erasing a person (src/privacy/): what is left of them, and that crawls and imports do not bring them back.
DROP TRIGGER IF EXISTS facts_not_again ON facts;
DROP TRIGGER IF EXISTS companies_not_again ON companies;
DROP FUNCTION IF EXISTS fact_not_again();
DROP FUNCTION IF EXISTS company_not_again();
DROP FUNCTION IF EXISTS is_erased(text);
DROP FUNCTION IF EXISTS erase_text(text, text, integer[]);
DROP FUNCTION IF EXISTS erase_texts(text[], text, integer[]);

CREATE FUNCTION is_erased(p_key text) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF p_key IS NULL OR NOT EXISTS (SELECT FROM suppressions WHERE erased) THEN RETURN false; END IF;
  RETURN EXISTS (SELECT FROM suppressions WHERE source = 'erasure'
    AND address IN (suppression_hash(p_key), suppression_hash(other_spelling(p_key))));
END $$;

-- Only what machines bring: who adds a contact by hand has been asked by that person.
CREATE FUNCTION fact_not_again() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.kind = 'person' AND is_erased('person:' || (SELECT site_key FROM companies WHERE id = NEW.company_id) || ':' || NEW.key)
    THEN RETURN NULL; END IF;
  IF NEW.kind IN ('email', 'suggested_email') AND is_erased(lower(NEW.value)) THEN RETURN NULL; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER facts_not_again BEFORE INSERT ON facts FOR EACH ROW
  WHEN (NEW.kind IN ('email', 'suggested_email', 'person') AND NEW.crawl_id IS NOT NULL) EXECUTE FUNCTION fact_not_again();

CREATE FUNCTION company_not_again() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  IF is_erased(lower(NEW.email)) THEN NEW.email := NULL; END IF;
  IF is_erased(lower(NEW.contact_email)) THEN NEW.contact_email := NULL; NEW.contact_email_kind := NULL; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER companies_not_again BEFORE INSERT OR UPDATE OF email, contact_email ON companies FOR EACH ROW
  WHEN (NEW.email IS NOT NULL OR NEW.contact_email IS NOT NULL) EXECUTE FUNCTION company_not_again();

-- Replaces texts in every table that may hold what was found about people, all of them in one reading of each; pages of sites
-- are searched for these companies alone. Accounts, settings and the suppression list are not touched. Returns how many values were changed.
CREATE FUNCTION erase_texts(p_texts text[], p_with text, p_companies integer[]) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
  kept CONSTANT text[] := ARRAY['users', 'sessions', 'settings', 'mail_accounts', 'api_tokens', 'webhooks', 'push_devices',
    'suppressions', 'suppression_removals', 'consent_withdrawals', 'mail_templates', 'campaign_variants', 'segments',
    'groups', 'tracking_events', 'tracking_inbox', 'import_profiles', 'sign_in_attempts', 'privacy_log'];
  -- The longest first: one may be the beginning of another.
  pattern text := (SELECT string_agg(regexp_replace(t, '([.^$*+?()\[\]{}|\\-])', '\\\1', 'g'), '|' ORDER BY length(t) DESC)
    FROM unnest(p_texts) AS t WHERE t <> '');
  place record;
  total integer := 0;
  changed integer;
BEGIN
  IF pattern IS NULL THEN RETURN 0; END IF;
  FOR place IN
    SELECT c.table_name, c.column_name, c.udt_name,
      EXISTS (SELECT FROM information_schema.columns k
        WHERE k.table_schema = 'public' AND k.table_name = c.table_name AND k.column_name = 'crawl_id') AS of_crawl
    FROM information_schema.columns c
    JOIN pg_class t ON t.relname = c.table_name AND t.relnamespace = 'public'::regnamespace
    WHERE c.table_schema = 'public' AND t.relkind IN ('r', 'p') AND NOT t.relispartition AND c.is_generated = 'NEVER'
      AND c.udt_name IN ('text', 'jsonb', '_text', 'varchar') AND c.table_name <> ALL (kept)
  LOOP
    EXECUTE format('UPDATE %I SET %I = regexp_replace(%I::text, $1, $2, ''gi'')::%s WHERE %s%I::text ~* $1',
      place.table_name, place.column_name, place.column_name, ltrim(place.udt_name, '_') || CASE WHEN place.udt_name = '_text' THEN '[]' ELSE '' END,
      CASE WHEN place.of_crawl AND place.table_name <> 'facts'
        THEN 'crawl_id IN (SELECT id FROM crawls WHERE company_id = ANY ($3)) AND ' ELSE '' END,
      place.column_name)
      USING pattern, p_with, p_companies;
    GET DIAGNOSTICS changed = ROW_COUNT;
    total := total + changed;
  END LOOP;
  RETURN total;
END $$;

REVOKE ALL ON FUNCTION is_erased(text), fact_not_again(), company_not_again(), erase_texts(text[], text, integer[]) FROM PUBLIC;
