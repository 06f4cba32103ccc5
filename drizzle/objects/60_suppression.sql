-- Why a recipient must not be written to now, or null. Asked when a campaign is planned and again when a mail is about
-- to be handed over; tracking_inbox is emptied before (tracking/move-hits.ts).
DROP FUNCTION IF EXISTS suppression_reason(text, integer, integer);
CREATE FUNCTION suppression_reason(p_address text, p_company integer, p_campaign integer) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
  SELECT coalesce(
    (SELECT s.source FROM suppressions s
      WHERE s.address = lower(p_address) AND (s.scope = 'all' OR s.campaign_id = p_campaign) LIMIT 1),
    (SELECT 'company_status' FROM companies c
      WHERE c.id = p_company AND c.status IN ('Désabonné', 'Plainte spam', 'Ne pas contacter')))
$$;
REVOKE ALL ON FUNCTION suppression_reason(text, integer, integer) FROM PUBLIC;
