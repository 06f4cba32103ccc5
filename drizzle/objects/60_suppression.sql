-- Who must not be written to. An entry is an address, a domain (`@exemple.fr`, with all below it) or a company, by what it is
-- known again by after a deletion and a new import (`site:`, `siren:`, else `name:`). Of what was erased only a keyed hash is
-- left (`hmac:`): the key is no data of the database, connections bring it along (src/db/connect.ts).
DROP TRIGGER IF EXISTS companies_suppress_status ON companies;
DROP FUNCTION IF EXISTS suppression_reason(text, integer, integer);
DROP FUNCTION IF EXISTS suppression_keys(text, integer);
DROP FUNCTION IF EXISTS company_suppression_keys(companies);
DROP FUNCTION IF EXISTS suppression_hash(text);
DROP FUNCTION IF EXISTS suppress_status();

-- HMAC-SHA256 (RFC 2104). The setting holds both padded keys, 64 bytes each in hex; null without it.
CREATE FUNCTION suppression_hash(p_value text) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE pads text := current_setting('prospectlab.suppression_key', true);
BEGIN
  IF coalesce(pads, '') = '' THEN RETURN NULL; END IF;
  RETURN 'hmac:' || encode(sha256(decode(right(pads, 128), 'hex')
    || sha256(decode(left(pads, 128), 'hex') || convert_to(p_value, 'UTF8'))), 'hex');
END $$;

CREATE FUNCTION company_suppression_keys(c companies) RETURNS text[]
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN c.site_key IS NULL AND c.siren IS NULL AND c.siret IS NULL THEN array_remove(ARRAY['name:' || c.name_key], NULL)
    ELSE array_remove(ARRAY['site:' || c.site_key, 'siren:' || coalesce(c.siren, left(c.siret, 9))], NULL) END
$$;

-- All that an entry for this address of this company may be filed under, its domain in either spelling.
CREATE FUNCTION suppression_keys(p_address text, p_company integer) RETURNS text[]
LANGUAGE plpgsql STABLE AS $$
DECLARE
  keys text[] := array_remove(ARRAY[lower(p_address), other_spelling(lower(p_address))], NULL);
  address text;
  domain text;
BEGIN
  FOREACH address IN ARRAY keys LOOP
    domain := split_part(address, '@', -1);
    WHILE domain <> '' LOOP
      keys := keys || ('@' || domain);
      domain := CASE WHEN position('.' IN domain) > 0 THEN substr(domain, position('.' IN domain) + 1) ELSE '' END;
    END LOOP;
  END LOOP;
  IF p_company IS NOT NULL THEN
    keys := keys || coalesce((SELECT company_suppression_keys(c) FROM companies c WHERE c.id = p_company), '{}');
  END IF;
  IF EXISTS (SELECT FROM suppressions WHERE erased) THEN
    keys := keys || (SELECT coalesce(array_agg(suppression_hash(key)) FILTER (WHERE suppression_hash(key) IS NOT NULL), '{}')
      FROM unnest(keys) AS key);
  END IF;
  RETURN keys;
END $$;

-- Why a recipient must not be written to now, or null: the source of the entry, or company_status. Asked when a campaign is
-- planned and again when a mail is about to be handed over; tracking_inbox is emptied before (tracking/move-hits.ts).
CREATE FUNCTION suppression_reason(p_address text, p_company integer, p_campaign integer) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE found_source text;
BEGIN
  -- What stands for somebody erased (src/privacy/queries-erase.ts) is no address.
  IF p_address LIKE '%@erased.invalid' THEN RETURN 'erasure'; END IF;
  SELECT s.source INTO found_source FROM suppressions s
    WHERE s.address = ANY (suppression_keys(p_address, p_company)) AND (s.scope = 'all' OR s.campaign_id = p_campaign)
    ORDER BY s.scope LIMIT 1;
  IF found_source IS NOT NULL THEN RETURN found_source; END IF;
  IF EXISTS (SELECT FROM companies c LEFT JOIN companies into_one ON into_one.id = c.merged_into_id
    WHERE c.id = p_company
      AND coalesce(into_one.status, c.status) IN ('Désabonné', 'Plainte spam', 'Ne pas contacter'))
    THEN RETURN 'company_status'; END IF;
  RETURN NULL;
END $$;

-- A status that forbids writing holds for the company wherever it comes from, also when it is deleted and imported again;
-- taken back, what the status alone had entered goes with it.
CREATE FUNCTION suppress_status() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  forbidding CONSTANT text[] := ARRAY['Désabonné', 'Plainte spam', 'Ne pas contacter'];
BEGIN
  IF NEW.status = ANY (forbidding) THEN
    INSERT INTO suppressions (address, kind, label, scope, reason, source, company_id)
      SELECT key, 'company', NEW.name, 'all', NEW.status, 'status', NEW.id
      FROM unnest(company_suppression_keys(NEW)) AS key
      ON CONFLICT DO NOTHING;
  ELSIF OLD.status = ANY (forbidding) THEN
    WITH gone AS (
      DELETE FROM suppressions WHERE kind = 'company' AND source = 'status'
        AND address = ANY (company_suppression_keys(NEW)) RETURNING *
    ) INSERT INTO suppression_removals (address, scope, campaign_id, suppressed_reason, source, suppressed_at, reason)
      SELECT address, scope, campaign_id, reason, source, at, NEW.status FROM gone;
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER companies_suppress_status AFTER UPDATE OF status ON companies FOR EACH ROW
  WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION suppress_status();

REVOKE ALL ON FUNCTION suppression_reason(text, integer, integer), suppression_keys(text, integer),
  company_suppression_keys(companies), suppression_hash(text), suppress_status() FROM PUBLIC;

-- Entries from before domains were written in one way: the audience compares as they stand (src/campaigns/audience).
INSERT INTO suppressions (kind, address, label, company_id, scope, campaign_id, reason, source, created_by, message_id, at)
  SELECT kind, other_spelling(address), label, company_id, scope, campaign_id, reason, source, created_by, message_id, at
  FROM suppressions
  WHERE NOT erased AND other_spelling(address) IS NOT NULL
    AND (kind = 'domain' OR kind = 'address' AND split_part(address, '@', -1) LIKE '%xn--%')
  ON CONFLICT DO NOTHING;
