-- Whatever may change the addresses of a company notes it, whichever program writes; the server then judges them anew
-- (src/campaigns/audience/refresh-addresses.ts).
CREATE OR REPLACE FUNCTION note_address_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF TG_TABLE_NAME = 'companies' THEN
    INSERT INTO company_address_changes (company_id) SELECT id FROM changed;
  ELSE
    INSERT INTO company_address_changes (company_id)
      SELECT DISTINCT company_id FROM changed WHERE kind IN ('email', 'suggested_email', 'person');
  END IF;
  RETURN NULL;
END $$;

-- Of an update only what the addresses depend on, and whether the company is barred.
CREATE OR REPLACE FUNCTION note_company_update() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO company_address_changes (company_id) VALUES (NEW.id);
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER companies_note_addresses_insert AFTER INSERT ON companies
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_address_change();
CREATE OR REPLACE TRIGGER companies_note_addresses_update AFTER UPDATE ON companies FOR EACH ROW
  WHEN ((OLD.email, OLD.contact_email, OLD.contact_name, OLD.contact_person, OLD.contact_role, OLD.site_key, OLD.website,
      OLD.edited_fields, OLD.siren, OLD.siret, OLD.name_key) IS DISTINCT FROM (NEW.email, NEW.contact_email,
      NEW.contact_name, NEW.contact_person, NEW.contact_role, NEW.site_key, NEW.website, NEW.edited_fields, NEW.siren,
      NEW.siret, NEW.name_key))
  EXECUTE FUNCTION note_company_update();
CREATE OR REPLACE TRIGGER facts_note_addresses_insert AFTER INSERT ON facts
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_address_change();
CREATE OR REPLACE TRIGGER facts_note_addresses_update AFTER UPDATE ON facts
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_address_change();
CREATE OR REPLACE TRIGGER facts_note_addresses_delete AFTER DELETE ON facts
  REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION note_address_change();

REVOKE ALL ON FUNCTION note_address_change(), note_company_update() FROM PUBLIC;

-- What name servers say of a domain changes what its addresses are good for.
CREATE OR REPLACE FUNCTION note_mail_domain() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO company_address_changes (company_id)
    SELECT company_id FROM company_addresses
    WHERE domain = NEW.domain AND (standing = 'no_mail') = NEW.takes_mail;
  RETURN NULL;
END $$;

-- Somebody whose data was erased may be written to again.
CREATE OR REPLACE FUNCTION note_erasure_undone() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO company_address_changes (company_id)
    SELECT DISTINCT company_id FROM company_addresses WHERE standing = 'erased';
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER mail_domains_note_addresses AFTER INSERT OR UPDATE OF takes_mail ON mail_domains FOR EACH ROW
  EXECUTE FUNCTION note_mail_domain();
CREATE OR REPLACE TRIGGER suppressions_note_addresses AFTER DELETE ON suppressions FOR EACH ROW
  WHEN (OLD.erased) EXECUTE FUNCTION note_erasure_undone();

REVOKE ALL ON FUNCTION note_mail_domain(), note_erasure_undone() FROM PUBLIC;
