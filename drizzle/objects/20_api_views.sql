-- What the public API shows, under the names it shows it by. Deleted companies (merged ones are among them) do not exist
-- here. Moments are texts, so that they read the same through every client. No function of this product is called, and
-- expressions are those of the tables' indexes, which so serve these views.

CREATE VIEW api_statuses AS
  SELECT * FROM (VALUES
    (1, 'Nouveau', NULL), (2, 'À qualifier', NULL), (3, 'Relance', NULL), (4, 'À rappeler', NULL), (5, 'Gagné', NULL),
    (6, 'Perdu', NULL), (7, 'Réponse positive', NULL), (8, 'Réponse négative', NULL), (9, 'Bounce', NULL),
    (10, 'Désabonné', 'unsubscribe'), (11, 'Plainte spam', 'spam-complaint'),
    (12, 'Ne pas contacter', 'do-not-contact')
  ) AS status (position, statut, suppression);

CREATE VIEW api_companies AS
  SELECT c.id, c.import_id AS analyse_id, c.name AS nom, coalesce(c.website, c.profile_url) AS website,
    coalesce(c.sector, c.category) AS secteur, c.category AS categorie, c.status AS statut,
    c.stage AS etape_prospection,
    CASE c.score_level WHEN 'very-high' THEN 'Très élevée' WHEN 'high' THEN 'Élevée' WHEN 'medium' THEN 'Moyenne'
      WHEN 'low' THEN 'Faible' WHEN 'very-low' THEN 'Très faible' END AS opportunite,
    c.score, c.score_level, coalesce(c.contact_email, c.email) AS email_principal,
    coalesce(c.contact_person, c.contact_name) AS responsable, c.contact_role AS responsable_role, c.cms, c.tags,
    c.notes, c.favourite AS favori, coalesce(c.phone, c.contact_phone) AS telephone,
    coalesce(c.phone_e164, c.contact_phone) AS telephone_e164, c.country AS pays, c.address_1, c.address_2,
    c.city AS ville, c.postal_code AS code_postal, c.longitude, c.latitude, c.rating AS note_google,
    c.reviews_count AS nb_avis_google, c.siren, c.siret, c.crawl_state AS statut_scraping,
    to_char(coalesce(c.crawled_at, c.created_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS date_analyse,
    to_char(c.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS date_creation,
    to_char(c.updated_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS date_modification,
    -- To search by; not shown.
    c.created_at, c.site_key, c.profile_url, c.search_text, c.email AS own_email, c.contact_email, c.phone AS own_phone,
    c.phone_e164 AS own_e164, c.contact_phone, regexp_replace(c.phone, '[^0-9]', '', 'g') AS phone_digits,
    -- What the site told at its latest reading: framework, host, description, picture, whether it has a form.
    (SELECT ARRAY[
        min(f.value) FILTER (WHERE f.kind = 'technology' AND f.data ->> 'category' = 'framework'),
        min(f.value) FILTER (WHERE f.kind = 'technology' AND f.data ->> 'category' = 'host'),
        min(substr(f.value, 16)) FILTER (WHERE f.kind = 'open_graph' AND f.key LIKE 'og:description=%'),
        min(substr(f.value, 10)) FILTER (WHERE f.kind = 'open_graph' AND f.key LIKE 'og:image=%'),
        (bool_or(f.kind = 'form'
          AND jsonb_path_exists(f.data, '$.fields[*] ? (@.type == "textarea" || @.type == "email")')) IS TRUE)::text]
      FROM facts f
      WHERE f.company_id = c.id AND f.kind IN ('technology', 'open_graph', 'form')
        AND f.verdict IS DISTINCT FROM 'rejected') AS site_told,
    -- Null until it was read.
    (SELECT coalesce(k.site -> 'features', '[]') FROM crawls k
      WHERE c.crawl_state = 'done' AND k.company_id = c.id AND k.state = 'done' AND k.url = c.website
      ORDER BY k.finished_at DESC, k.id DESC LIMIT 1) AS site_features
  FROM companies c WHERE c.deleted_at IS NULL;

-- Addresses found on the company's site, as persons corrected them; not those of its agency or of third parties.
CREATE VIEW api_emails AS
  SELECT f.id, f.company_id AS entreprise_id, c.name AS entreprise_nom,
    coalesce(f.correction ->> 'value', f.value) AS email, f.kind AS fact_kind,
    lower(coalesce(f.correction ->> 'value', f.value)) AS email_key,
    coalesce(f.correction ->> 'kind', f.data ->> 'kind') AS type,
    CASE WHEN f.correction ? 'personKey' THEN (SELECT coalesce(p.correction ->> 'value', p.value) FROM facts p
      WHERE p.company_id = f.company_id AND p.kind = 'person' AND p.key = f.correction ->> 'personKey')
      ELSE f.data ->> 'person' END AS nom,
    nullif(f.data -> 'free', 'null')::boolean AS free, nullif(f.data -> 'mx', 'null')::boolean AS mx,
    (f.data ->> 'quality')::double precision AS quality, f.page_url, f.confidence,
    to_char(f.first_seen_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS date_scraping,
    to_char(f.last_seen_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS analyzed_at
  FROM facts f JOIN companies c ON c.id = f.company_id
  WHERE f.kind = 'email' AND f.verdict IS DISTINCT FROM 'rejected' AND f.merged_into_id IS NULL
    AND c.deleted_at IS NULL
    AND coalesce(f.correction ->> 'kind', f.data ->> 'kind', 'role') NOT IN ('agency', 'thirdparty');

-- The same for telephone numbers; `phone_e164` is what was found, `phone` how it was written.
CREATE VIEW api_phones AS
  SELECT f.id, f.company_id AS entreprise_id, f.kind AS fact_kind,
    coalesce(f.correction ->> 'raw', f.correction ->> 'value', f.data ->> 'raw', f.value) AS phone,
    coalesce(f.correction ->> 'value', f.value) AS phone_e164,
    lower(coalesce(f.correction ->> 'value', f.value)) AS phone_key,
    coalesce(f.correction ->> 'type', f.data ->> 'type') AS line_type, f.page_url, f.confidence,
    to_char(f.first_seen_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS date_found,
    to_char(f.last_seen_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS analyzed_at
  FROM facts f JOIN companies c ON c.id = f.company_id
  WHERE f.kind = 'phone' AND f.verdict IS DISTINCT FROM 'rejected' AND f.merged_into_id IS NULL
    AND c.deleted_at IS NULL
    AND coalesce(f.correction ->> 'kind', f.data ->> 'kind', 'own') NOT IN ('agency', 'thirdparty');

CREATE VIEW api_images AS
  SELECT f.id, f.company_id AS entreprise_id,
    CASE f.kind WHEN 'image' THEN f.value ELSE substr(f.value, length(split_part(f.value, '=', 1)) + 2) END AS url,
    f.data ->> 'alt' AS alt_text, CASE f.kind WHEN 'image' THEN 'site' ELSE 'open_graph' END AS source, f.page_url
  FROM facts f JOIN companies c ON c.id = f.company_id
  WHERE (f.kind = 'image' OR f.kind = 'open_graph' AND f.key LIKE 'og:image=%')
    AND f.verdict IS DISTINCT FROM 'rejected' AND c.deleted_at IS NULL;

-- Campaigns, without rehearsals: to nobody outside these exist. A pause is a state that clients of the existing product do
-- not know: a paused campaign is still the one it was.
CREATE VIEW api_campaigns AS
  SELECT c.id, c.name AS nom, first.template_id, c.account_ids[1] AS mail_account_id, first.subject AS sujet,
    CASE WHEN c.state <> 'paused' THEN c.state WHEN c.started_at IS NULL THEN 'scheduled' ELSE 'running' END AS statut,
    c.state = 'paused' AS en_pause,
    to_char(c.scheduled_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS scheduled_at,
    to_char(c.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS date_creation,
    to_char(c.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS date_debut,
    to_char(c.finished_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS date_fin
  FROM campaigns c LEFT JOIN LATERAL (
    SELECT v.template_id, v.subject FROM campaign_steps s JOIN campaign_variants v ON v.step_id = s.id
    WHERE s.campaign_id = c.id ORDER BY s.position, v.label LIMIT 1
  ) first ON true
  WHERE c.kind = 'real' AND c.deleted_at IS NULL;

-- Every mail a campaign means to send. `premier`: the first to its recipient, not a follow-up.
CREATE VIEW api_campaign_mails AS
  SELECT m.id, m.campaign_id, m.company_id, m.message_id, m.contact_name, m.state, m.reason, s.position = 0 AS premier,
    m.state IN ('planned', 'held', 'claimed', 'sending') AS waiting,
    m.state IN ('sent', 'delivered', 'bounced', 'replied', 'unsubscribed') AS sent,
    m.state = 'bounced' OR m.bounced_at IS NOT NULL AND m.bounce_kind = 'hard' AND m.state <> 'failed' AS bounced
  FROM campaign_messages m JOIN campaign_steps s ON s.id = m.step_id WHERE NOT m.rehearsed;

-- What mail servers said of mails that came back.
CREATE VIEW api_bounces AS
  SELECT i.message_id, coalesce(i.diagnostic, i.status) AS erreur, i.received_at FROM inbound_mails i
  WHERE i.kind IN ('hard', 'soft') AND i.message_id IS NOT NULL;

-- Mails, without their text and without what was tracked.
CREATE VIEW api_messages AS
  SELECT m.id, m.campaign_id, m.company_id, c.name AS company_name, m.recipient, m.subject, m.state, m.smtp_reply,
    m.opens, m.clicks, m.created_at,
    to_char(m.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS date_creation,
    to_char(m.sent_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS date_envoi
  FROM messages m LEFT JOIN companies c ON c.id = m.company_id AND c.deleted_at IS NULL
  WHERE m.campaign_id IS NULL OR m.campaign_id NOT IN (SELECT id FROM campaigns WHERE kind = 'rehearsal');

-- Hits: of whom nothing is shown but the mail they belong to.
CREATE VIEW api_events AS
  SELECT e.campaign_id, e.message_id, e.type, e.verdict, e.at, (e.detail ->> 'seconds')::double precision AS seconds
  FROM tracking_events e
  WHERE e.campaign_id IS NULL OR e.campaign_id NOT IN (SELECT id FROM campaigns WHERE kind = 'rehearsal');

CREATE VIEW api_imports AS
  SELECT i.id, i.created_at FROM imports i WHERE i.state IN ('running', 'done');

-- Changes with the lists' totals: as long as none of these has moved, numbers counted before still hold.
CREATE VIEW api_versions AS
  SELECT (SELECT max(id) FROM companies) AS companies, (SELECT max(id) FROM company_changes) AS changes,
    (SELECT max(id) FROM scores) AS scores, (SELECT max(id) FROM messages) AS messages,
    (SELECT max(id) FROM imports) AS imports, (SELECT max(id) FROM facts) AS facts;
