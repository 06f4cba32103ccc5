-- Whether a mail of this campaign went to the built-in sink: what it leads to is told to nobody and moves nothing but the
-- campaign itself. False for single mails.
CREATE OR REPLACE FUNCTION is_rehearsal(p_campaign integer) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce((SELECT kind = 'rehearsal' FROM campaigns WHERE id = p_campaign), false)
$$;
REVOKE ALL ON FUNCTION is_rehearsal(integer) FROM PUBLIC;
