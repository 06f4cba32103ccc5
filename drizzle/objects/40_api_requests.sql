-- What the public API asks the server to do: analyses of sites, messages to phones. Each function checks the token
-- and its scope again, whatever its caller says. `p_…` are parameters.

-- The site a website belongs to, for the quota: its host without www., with its port where several sites share one
-- address (numbers, localhost). The server finds the company by a finer key (src/companies/site-key.ts).
CREATE OR REPLACE FUNCTION site_of(p_website text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT CASE WHEN host ~ '^([0-9.]+|localhost|\[.*\])(:[0-9]+)?$' THEN host
    ELSE regexp_replace(regexp_replace(host, ':[0-9]*$', ''), '^www\.(?=.*\.)|\.$', '', 'g') END
  FROM (SELECT regexp_replace(lower(regexp_replace(regexp_replace(btrim(p_website),
    '^[a-zA-Z]+:/*', ''), '[/?#\\].*$', '')), '^.*@', '') AS host) given
$$;

CREATE OR REPLACE FUNCTION token_counts(p_token integer) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM api_tokens WHERE id = p_token AND revoked_at IS NULL
    AND (expires_at IS NULL OR expires_at > now()))
$$;
REVOKE ALL ON FUNCTION token_counts(integer) FROM PUBLIC;

-- outcome: created · open (this token has asked already and it is not over) · token_quota · site_quota.
-- Per token as its settings say, per site five within a day whoever asks: other people's servers pay for it.
CREATE FUNCTION api_request_analysis(p_token integer, p_website text, p_options jsonb)
RETURNS TABLE (outcome text, id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  site text := left(site_of(p_website), 300);
  per_site constant integer := 5;
  request uuid;
BEGIN
  PERFORM api_require_scope(p_token, 'audits:write');
  -- Always the token before the site: calls that wait for one another end.
  PERFORM pg_advisory_xact_lock(hashtextextended('api analysis token ' || p_token, 0));
  PERFORM pg_advisory_xact_lock(hashtextextended('api analysis site ' || site, 0));
  SELECT r.id INTO request FROM analysis_requests r
    WHERE r.token_id = p_token AND r.site_key = site AND r.state IN ('waiting', 'launched')
    ORDER BY r.created_at DESC LIMIT 1;
  IF FOUND THEN RETURN QUERY SELECT 'open', request; RETURN; END IF;
  IF (SELECT count(*) FROM analysis_requests r WHERE r.token_id = p_token
      AND r.created_at > now() - interval '1 day') >= (SELECT analyses_per_day FROM api_tokens t WHERE t.id = p_token)
  THEN RETURN QUERY SELECT 'token_quota', NULL::uuid; RETURN; END IF;
  IF (SELECT count(*) FROM analysis_requests r WHERE r.site_key = site
      AND r.created_at > now() - interval '1 day') >= per_site
  THEN RETURN QUERY SELECT 'site_quota', NULL::uuid; RETURN; END IF;
  request := gen_random_uuid();
  INSERT INTO analysis_requests (id, token_id, website, site_key, options)
    VALUES (request, p_token, left(p_website, 2000), site, p_options);
  PERFORM pg_notify('analysis_requests', '');
  RETURN QUERY SELECT 'created', request;
END $$;

-- The token's own request, by its id or (without one) the last for a site.
CREATE FUNCTION api_find_analysis(p_token integer, p_id uuid, p_website text)
RETURNS TABLE (id uuid, website text, state text, reason text, entreprise_id integer, created_at timestamptz, finished_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT r.id, r.website, r.state, r.reason, r.company_id, r.created_at, r.finished_at FROM analysis_requests r
  WHERE r.token_id = p_token AND token_counts(p_token)
    AND CASE WHEN p_id IS NULL THEN r.site_key = left(site_of(p_website), 300) ELSE r.id = p_id END
  ORDER BY r.created_at DESC LIMIT 1
$$;

-- A phone of the token's user. It belongs to the token that named it last; an installation has one address.
CREATE FUNCTION api_register_push(p_token integer, p_expo_token text, p_platform text, p_installation text)
RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  per_token constant integer := 100;
BEGIN
  IF NOT token_counts(p_token) OR p_expo_token !~ '^Expo(nent)?PushToken\[[A-Za-z0-9_:.+/=-]{1,200}\]$' THEN RETURN false; END IF;
  DELETE FROM push_devices WHERE token_id = p_token AND installation_id = p_installation AND expo_token <> p_expo_token;
  INSERT INTO push_devices (token_id, expo_token, platform, installation_id)
    VALUES (p_token, p_expo_token, left(p_platform, 20), left(p_installation, 200))
    ON CONFLICT (expo_token) DO UPDATE SET token_id = excluded.token_id, platform = excluded.platform,
      installation_id = excluded.installation_id, last_seen_at = now();
  DELETE FROM push_devices WHERE id IN (SELECT d.id FROM push_devices d WHERE d.token_id = p_token
    ORDER BY d.last_seen_at DESC, d.id DESC OFFSET per_token);
  RETURN true;
END $$;

-- Whether there was one.
CREATE FUNCTION api_remove_push(p_token integer, p_expo_token text) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
  WITH gone AS (DELETE FROM push_devices WHERE token_id = p_token AND token_counts(p_token)
    AND expo_token = p_expo_token RETURNING id) SELECT EXISTS (SELECT FROM gone)
$$;

REVOKE ALL ON FUNCTION site_of(text), api_request_analysis(integer, text, jsonb), api_find_analysis(integer, uuid, text),
  api_register_push(integer, text, text, text), api_remove_push(integer, text) FROM PUBLIC;

-- What is known of a company's site.
CREATE VIEW api_site_crawls AS
  SELECT c.id, c.company_id AS entreprise_id, c.url, c.final_url, c.state, c.error_code, c.started_at, c.finished_at,
    c.duration_ms, c.page_count, c.bytes, c.site #>> '{tls,state}' AS tls_state, c.site #>> '{tls,validTo}' AS tls_valid_to, c.site -> 'httpRedirectsToHttps' AS http_redirects_to_https
  FROM crawls c JOIN companies ON companies.id = c.company_id WHERE companies.deleted_at IS NULL;

CREATE VIEW api_site_fact_counts AS
  SELECT f.company_id AS entreprise_id, f.kind, count(*)::integer AS total
  FROM facts f JOIN companies c ON c.id = f.company_id
  WHERE f.verdict IS DISTINCT FROM 'rejected' AND f.merged_into_id IS NULL AND c.deleted_at IS NULL
  GROUP BY f.company_id, f.kind;

CREATE VIEW api_site_technologies AS
  SELECT f.company_id AS entreprise_id, f.value AS name, f.data ->> 'category' AS category,
    f.data ->> 'version' AS version
  FROM facts f JOIN companies c ON c.id = f.company_id
  WHERE f.kind = 'technology' AND f.verdict IS DISTINCT FROM 'rejected' AND c.deleted_at IS NULL;

CREATE VIEW api_site_findings AS
  SELECT f.company_id AS entreprise_id, f.crawl_id, f.rule, f.category, f.severity, f.evidence, f.page_url, f.found_at
  FROM findings f JOIN companies c ON c.id = f.company_id WHERE c.deleted_at IS NULL;

CREATE VIEW api_sites AS
  SELECT id AS entreprise_id, site_key, website FROM companies WHERE deleted_at IS NULL AND site_key IS NOT NULL;
