-- What the public API may change, one function each: it runs as the owner of the database, so it asks itself whether the
-- token may (PL403 when not) and leaves the trace in the company's history that the pages leave.

-- Gives a company a status and, with a note, a line more in its notes. 'ok', 'unknown' (no such company) or
-- 'status' (no such status). A status that forbids writing also suppresses the company's addresses: its own, those
-- found on its site, those it was written to.
CREATE FUNCTION api_set_status(token_id integer, company_id integer, new_status text, note text)
RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
DECLARE
  max_notes CONSTANT integer := 20000;
  company record;
  because text;
  new_notes text;
BEGIN
  PERFORM public.api_require_scope(token_id, 'companies:write');
  SELECT s.suppression INTO because FROM public.api_statuses s WHERE s.statut = new_status;
  IF NOT FOUND THEN RETURN 'status'; END IF;
  SELECT c.* INTO company FROM public.companies c
    WHERE c.id = company_id AND c.deleted_at IS NULL FOR NO KEY UPDATE;
  IF NOT FOUND THEN RETURN 'unknown'; END IF;

  IF company.status <> new_status THEN
    UPDATE public.companies c SET status = new_status, updated_at = now() WHERE c.id = company_id;
    INSERT INTO public.score_requests AS r (company_id) VALUES (company.id)
      ON CONFLICT ON CONSTRAINT score_requests_pkey DO UPDATE SET at = now();
    INSERT INTO public.company_changes (company_id, user_id, kind, detail)
      SELECT company_id, t.created_by, 'edited', jsonb_build_object(
        'status', jsonb_build_array(company.status, new_status), 'api', t.name)
      FROM public.api_tokens t WHERE t.id = token_id;
  END IF;

  new_notes := left(concat_ws(E'\n', nullif(rtrim(company.notes, E'\n'), ''), nullif(btrim(note, E' \n\r\t'), '')),
    max_notes);
  IF btrim(coalesce(note, ''), E' \n\r\t') <> '' AND new_notes <> company.notes THEN
    UPDATE public.companies c SET notes = new_notes, updated_at = now(),
      edited_fields = CASE WHEN 'notes' = ANY (c.edited_fields) THEN c.edited_fields
        ELSE array_append(c.edited_fields, 'notes') END
    WHERE c.id = company_id;
    INSERT INTO public.company_changes (company_id, user_id, kind, detail)
      SELECT company_id, t.created_by, 'edited', jsonb_build_object('notes', '[]'::jsonb, 'api', t.name)
      FROM public.api_tokens t WHERE t.id = token_id;
  END IF;

  IF because IS NOT NULL THEN
    INSERT INTO public.suppressions (address, scope, reason, source)
      SELECT DISTINCT lower(btrim(address)), 'all', because, 'api'
      FROM (
        SELECT unnest(ARRAY[company.email, company.contact_email])
        UNION ALL SELECT e.email FROM public.api_emails e WHERE e.entreprise_id = company.id
        UNION ALL SELECT m.recipient FROM public.messages m WHERE m.company_id = company.id
      ) AS known (address)
      WHERE btrim(coalesce(address, '')) <> ''
    ON CONFLICT DO NOTHING;
  END IF;
  RETURN 'ok';
END
$$;

-- Puts a company into the bin, from where the pages take it back. False when there is none.
CREATE FUNCTION api_delete_company(token_id integer, company_id integer)
RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
AS $$
BEGIN
  PERFORM public.api_require_scope(token_id, 'companies:delete');
  -- To the millisecond: the moment is the name of the deletion, and the pages read it so.
  UPDATE public.companies c SET deleted_at = date_trunc('milliseconds', clock_timestamp())
    WHERE c.id = company_id AND c.deleted_at IS NULL;
  IF NOT FOUND THEN RETURN false; END IF;
  INSERT INTO public.company_changes (company_id, user_id, kind, detail)
    SELECT company_id, t.created_by, 'deleted', jsonb_build_object('api', t.name)
    FROM public.api_tokens t WHERE t.id = token_id;
  RETURN true;
END
$$;

REVOKE ALL ON FUNCTION api_set_status(integer, integer, text, text), api_delete_company(integer, integer) FROM PUBLIC;
