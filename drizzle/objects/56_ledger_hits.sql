-- What recipients do with a mail of a campaign is noted in its ledger, in the transaction that notes the hit: an unsubscribe
-- when it comes, and that a mail has arrived when a person was seen opening it or following a link.
CREATE OR REPLACE FUNCTION note_hit_in_ledger() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  IF NEW.type = 'unsubscribe' THEN
    UPDATE campaign_messages SET unsubscribed_at = coalesce(unsubscribed_at, NEW.at),
      delivered_at = coalesce(delivered_at, NEW.at),
      state = CASE WHEN state IN ('sending', 'sent', 'delivered', 'unknown', 'bounced', 'replied') THEN 'unsubscribed' ELSE state END,
      sent_at = coalesce(sent_at, claimed_at, NEW.at)
    WHERE message_id = NEW.message_id AND state NOT IN ('planned', 'held', 'claimed', 'skipped');
  ELSE
    UPDATE campaign_messages SET delivered_at = coalesce(delivered_at, NEW.at),
      state = CASE WHEN state IN ('sent', 'unknown') THEN 'delivered' ELSE state END,
      sent_at = coalesce(sent_at, claimed_at, NEW.at)
    WHERE message_id = NEW.message_id AND (delivered_at IS NULL OR state IN ('sent', 'unknown'))
      AND state NOT IN ('planned', 'held', 'claimed', 'skipped');
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE TRIGGER tracking_events_note_unsubscribe AFTER INSERT ON tracking_events FOR EACH ROW
  WHEN (NEW.type = 'unsubscribe' AND NEW.message_id IS NOT NULL AND NEW.campaign_id IS NOT NULL)
  EXECUTE FUNCTION note_hit_in_ledger();
CREATE OR REPLACE TRIGGER tracking_events_note_person AFTER UPDATE OF judged_at ON tracking_events FOR EACH ROW
  WHEN (OLD.judged_at IS NULL AND NEW.judged_at IS NOT NULL AND NEW.verdict = 'human' AND NEW.message_id IS NOT NULL
    AND NEW.campaign_id IS NOT NULL AND NEW.type IN ('open', 'click'))
  EXECUTE FUNCTION note_hit_in_ledger();
REVOKE ALL ON FUNCTION note_hit_in_ledger() FROM PUBLIC;
