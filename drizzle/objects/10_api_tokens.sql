-- The token of a call to /api/public, while it counts.
CREATE FUNCTION api_find_token(token_hash bytea)
RETURNS TABLE (
  id integer, name text, preview text, scopes text[], app_url text, user_id integer, allowed_networks text[],
  allowed_origins text[], requests_per_minute integer, created_at timestamptz, expires_at timestamptz,
  last_used_at timestamptz
)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT t.id, t.name, t.preview, t.scopes, t.app_url, t.created_by, t.allowed_networks,
    t.allowed_origins, t.requests_per_minute, t.created_at, t.expires_at, t.last_used_at
  FROM public.api_tokens t
  WHERE t.hash = token_hash AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now())
$$;

-- Many uses at once; a use that was noted later counts, whatever the order they arrive in.
CREATE FUNCTION api_touch_tokens(ids integer[], moments timestamptz[], addresses text[])
RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  UPDATE public.api_tokens t
  SET last_used_at = least(used.at, now()), last_address = left(used.address, 64)
  FROM unnest(ids, moments, addresses) AS used (id, at, address)
  WHERE t.id = used.id AND (t.last_used_at IS NULL OR t.last_used_at < used.at)
$$;

-- Whether pages of this origin may use any token that counts: a preflight brings no token.
CREATE FUNCTION api_allows_origin(origin text)
RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
  SELECT EXISTS (
    SELECT FROM public.api_tokens t
    WHERE origin = ANY (t.allowed_origins) AND t.revoked_at IS NULL
      AND (t.expires_at IS NULL OR t.expires_at > now())
  )
$$;

-- For the functions that write: raises PL403 unless this token counts and has this scope.
CREATE FUNCTION api_require_scope(token_id integer, scope text)
RETURNS void
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM public.api_tokens t
    WHERE t.id = token_id AND scope = ANY (t.scopes) AND t.revoked_at IS NULL
      AND (t.expires_at IS NULL OR t.expires_at > now())
  ) THEN
    RAISE EXCEPTION 'token % may not %', token_id, scope USING ERRCODE = 'PL403';
  END IF;
END
$$;

REVOKE ALL ON FUNCTION api_find_token(bytea), api_touch_tokens(integer[], timestamptz[], text[]),
  api_allows_origin(text), api_require_scope(integer, text) FROM PUBLIC;
