-- Who said no for all campaigns, or bounced for good, is noted by what the entry is filed under: which addresses and
-- companies that means is found when the notes are read (src/campaigns/audience/refresh-blocks.ts). Before 60, which may add
-- entries.
CREATE OR REPLACE FUNCTION note_block_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO company_block_changes (kind, key)
    SELECT kind, address FROM changed WHERE scope = 'all' AND NOT erased;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER suppressions_note_blocks_insert AFTER INSERT ON suppressions
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_block_change();
CREATE OR REPLACE TRIGGER suppressions_note_blocks_before AFTER UPDATE ON suppressions
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_block_change();
CREATE OR REPLACE TRIGGER suppressions_note_blocks_after AFTER UPDATE ON suppressions
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_block_change();
CREATE OR REPLACE TRIGGER suppressions_note_blocks_delete AFTER DELETE ON suppressions
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_block_change();

CREATE OR REPLACE FUNCTION note_bounce() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    INSERT INTO company_block_changes (kind, key) VALUES ('address', OLD.address);
  END IF;
  IF TG_OP <> 'DELETE' THEN
    INSERT INTO company_block_changes (kind, key) VALUES ('address', NEW.address);
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER campaign_messages_note_bounce_insert AFTER INSERT ON campaign_messages FOR EACH ROW
  WHEN (NEW.bounce_kind = 'hard') EXECUTE FUNCTION note_bounce();
CREATE OR REPLACE TRIGGER campaign_messages_note_bounce_update
  AFTER UPDATE OF bounce_kind, address, rehearsed ON campaign_messages FOR EACH ROW
  WHEN ((OLD.bounce_kind = 'hard' OR NEW.bounce_kind = 'hard') AND (OLD.bounce_kind, OLD.address, OLD.rehearsed)
    IS DISTINCT FROM (NEW.bounce_kind, NEW.address, NEW.rehearsed))
  EXECUTE FUNCTION note_bounce();
CREATE OR REPLACE TRIGGER campaign_messages_note_bounce_delete AFTER DELETE ON campaign_messages FOR EACH ROW
  WHEN (OLD.bounce_kind = 'hard') EXECUTE FUNCTION note_bounce();

REVOKE ALL ON FUNCTION note_block_change(), note_bounce() FROM PUBLIC;

-- All domains that an entry for this one may be filed under: its own and those above it.
CREATE OR REPLACE FUNCTION domain_keys(p_domain text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT array_agg('@' || array_to_string((string_to_array(p_domain, '.'))[n:], '.'))
  FROM generate_series(1, length(p_domain) - length(replace(p_domain, '.', '')) + 1) AS n
$$;

REVOKE ALL ON FUNCTION domain_keys(text) FROM PUBLIC;
