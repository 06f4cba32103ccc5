-- What happens is noted for those who want to be told, in the transaction in which it happens: by triggers, because it
-- happens in several programs and places. Webhooks: webhook_deliveries; phones: push_messages. The server sends both
-- (src/integrations/). One notification per transaction is enough to wake it.

-- One event for every active webhook that asked for its type; the same event is noted once, however often it is told.
CREATE OR REPLACE FUNCTION emit_webhook_event(p_type text, p_event uuid, p_at timestamptz, p_data jsonb) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO webhook_deliveries (id, webhook_id, event_id, type, payload)
    SELECT gen_random_uuid(), w.id, p_event, p_type, jsonb_build_object('type', p_type,
      'timestamp', to_char(p_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'data', p_data)
    FROM webhooks w WHERE w.active AND p_type = ANY (w.events)
    ON CONFLICT (webhook_id, event_id) DO NOTHING;
  IF FOUND THEN PERFORM pg_notify('webhook_deliveries', ''); END IF;
END $$;

CREATE OR REPLACE FUNCTION tell_status_change() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM webhooks WHERE active AND 'company.status_changed' = ANY (events)) THEN
    PERFORM emit_webhook_event('company.status_changed', gen_random_uuid(), now(), jsonb_build_object(
      'entreprise_id', NEW.id, 'nom', NEW.name, 'website', NEW.website, 'email', coalesce(NEW.contact_email, NEW.email),
      'ancien_statut', OLD.status, 'statut', NEW.status));
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER companies_tell_status AFTER UPDATE OF status ON companies FOR EACH ROW
  WHEN (OLD.status IS DISTINCT FROM NEW.status) EXECUTE FUNCTION tell_status_change();

-- Opens and clicks when their verdict is final, unsubscribes when they come. Hits that are kept with nobody tell
-- nothing; neither does what is older than the log of deliveries, where it would have been noted.
CREATE OR REPLACE FUNCTION tell_message_event() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  kind text := CASE NEW.type WHEN 'open' THEN 'message.opened' WHEN 'click' THEN 'message.clicked'
    ELSE 'message.unsubscribed' END;
BEGIN
  IF NEW.at > now() - interval '29 days'
    AND EXISTS (SELECT FROM webhooks WHERE active AND kind = ANY (events)) THEN
    PERFORM emit_webhook_event(kind, NEW.event_id, NEW.at, jsonb_build_object('message_id', m.id, 'email', m.recipient,
      'sujet', m.subject, 'entreprise_id', m.company_id, 'campagne_id', m.campaign_id)
      || CASE NEW.type WHEN 'click' THEN jsonb_build_object('url', NEW.link)
        WHEN 'unsubscribe' THEN jsonb_build_object('portee', coalesce(NEW.detail ->> 'scope', 'all'),
          'raison', NEW.detail ->> 'reason') ELSE '{}' END)
    FROM messages m WHERE m.id = NEW.message_id AND NOT is_rehearsal(m.campaign_id);
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER tracking_events_tell_judged AFTER UPDATE OF judged_at ON tracking_events FOR EACH ROW
  WHEN (OLD.judged_at IS NULL AND NEW.judged_at IS NOT NULL AND NEW.verdict = 'human'
    AND NEW.message_id IS NOT NULL AND NEW.type IN ('open', 'click')) EXECUTE FUNCTION tell_message_event();
CREATE OR REPLACE TRIGGER tracking_events_tell_unsubscribe AFTER INSERT ON tracking_events FOR EACH ROW
  WHEN (NEW.type = 'unsubscribe' AND NEW.message_id IS NOT NULL) EXECUTE FUNCTION tell_message_event();

-- What comes back: bounces and what people answer; the text of an answer stays here. Automatic answers and warnings that a
-- mail is late tell nothing.
CREATE OR REPLACE FUNCTION tell_inbound() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  event text := CASE NEW.kind WHEN 'reply' THEN 'message.replied' ELSE 'message.bounced' END;
BEGIN
  IF EXISTS (SELECT FROM webhooks WHERE active AND event = ANY (events)) THEN
    PERFORM emit_webhook_event(event, gen_random_uuid(), NEW.received_at, jsonb_build_object('message_id', m.id,
      'email', m.recipient, 'sujet', m.subject, 'entreprise_id', m.company_id, 'campagne_id', m.campaign_id)
      || CASE NEW.kind WHEN 'reply' THEN jsonb_build_object('reponse_id', NEW.id, 'expediteur', NEW.from_address,
          'sujet_reponse', NEW.subject)
        ELSE jsonb_build_object('type', NEW.kind, 'code', NEW.status, 'raison', NEW.reason, 'diagnostic', NEW.diagnostic) END)
    FROM messages m WHERE m.id = NEW.message_id AND NOT is_rehearsal(m.campaign_id);
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER inbound_mails_tell AFTER INSERT ON inbound_mails FOR EACH ROW
  WHEN (NEW.kind IN ('hard', 'soft', 'reply') AND NEW.reason <> 'delayed') EXECUTE FUNCTION tell_inbound();

-- At the end of the transaction: findings and score are saved after the crawl they come from.
CREATE OR REPLACE FUNCTION tell_analysis() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF EXISTS (SELECT FROM webhooks WHERE active AND 'analysis.finished' = ANY (events)) THEN
    PERFORM emit_webhook_event('analysis.finished', gen_random_uuid(), NEW.finished_at, jsonb_build_object(
      'analyse_id', NEW.id, 'entreprise_id', c.id, 'nom', c.name, 'website', c.website, 'status', NEW.state,
      'erreur', NEW.error_code, 'pages', NEW.page_count, 'score', c.score, 'niveau', c.score_level,
      'constats', (SELECT count(*) FROM findings f WHERE f.company_id = c.id)))
    FROM companies c WHERE c.id = NEW.company_id;
  END IF;
  RETURN NULL;
END $$;

DROP TRIGGER IF EXISTS crawls_tell_analysis ON crawls;
CREATE CONSTRAINT TRIGGER crawls_tell_analysis AFTER INSERT ON crawls DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  EXECUTE FUNCTION tell_analysis();

-- A batch of crawls that somebody asked for: the phones of his tokens.
CREATE OR REPLACE FUNCTION tell_batch() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  INSERT INTO push_messages (device_id, kind, "values")
    SELECT d.id, 'batch_done', jsonb_build_object('batchId', NEW.id, 'total', NEW.total)
    FROM push_devices d JOIN api_tokens t ON t.id = d.token_id
    WHERE t.created_by = NEW.created_by AND t.revoked_at IS NULL AND (t.expires_at IS NULL OR t.expires_at > now());
  IF FOUND THEN PERFORM pg_notify('push_messages', ''); END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER batches_tell_done AFTER UPDATE OF state ON batches FOR EACH ROW
  WHEN (NEW.state = 'done' AND OLD.state <> 'done' AND NEW.job = 'crawl.company' AND NEW.created_by IS NOT NULL)
  EXECUTE FUNCTION tell_batch();

REVOKE ALL ON FUNCTION emit_webhook_event(text, uuid, timestamptz, jsonb), tell_status_change(), tell_message_event(),
  tell_inbound(), tell_analysis(), tell_batch() FROM PUBLIC;
