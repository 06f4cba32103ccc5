-- What a node that sends asks for after every few mails (src/campaigns/sending/queries-commit.ts), as one statement with
-- plans that are kept: first what became of the mails it handed over, then that the next ones are on their way.
DROP FUNCTION IF EXISTS send_step(text, integer, jsonb, jsonb, boolean);
DROP FUNCTION IF EXISTS ended_since_chosen(text, text, text, text);

-- Why a company is not to be prospected any more that was chosen with the first two of what it now has: 'meeting', 'status'
-- (texts: src/campaigns/planning/messages.ts), else null. A bounce of one address says nothing of the others, and what
-- forbids all mail is asked of suppression_reason. Inlined, as it is asked of every mail.
CREATE FUNCTION ended_since_chosen(p_status text, p_stage text, p_chosen_status text, p_chosen_stage text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN p_stage <> p_chosen_stage AND p_stage IN ('RDV', 'Proposition', 'Gagné', 'Perdu') THEN 'meeting'
    WHEN p_status <> p_chosen_status
      AND p_status IN ('À rappeler', 'Gagné', 'Perdu', 'Réponse positive', 'Réponse négative') THEN 'status'
  END
$$;

-- p_outcomes: [{id, message, state, reason, reply, due_at, at, hard}]; a row that has gone on since (a bounce that was
-- faster) keeps its state, and a try that certainly sent nothing leaves no message behind when it will be repeated. One that
-- was too late for the server was none.
-- p_mails: [{id, token, …}], what is kept of each. Of them those go whose row the node still has, whose campaign runs and
-- whose recipient may be written to at this moment and whose company is still a prospect: returned with their messages, and `sending` from now on.
-- p_moves: whether statuses of companies follow.
CREATE FUNCTION send_step(p_node text, p_account integer, p_outcomes jsonb, p_mails jsonb, p_moves boolean)
RETURNS TABLE (row_id integer, sent_as integer)
-- Plans are kept, and were made when tables may have been empty: they find rows by indexes all the same.
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp
  SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
BEGIN
  IF jsonb_array_length(p_outcomes) > 0 THEN
    WITH given AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(p_outcomes) AS o(id int, message int, state text, reason text, reply text,
        due_at timestamptz, at timestamptz, hard boolean)
    ), done AS (
      UPDATE campaign_messages m SET
        state = CASE WHEN m.state NOT IN ('sending', 'unknown') THEN m.state
          WHEN o.state = 'planned' AND c.state = 'cancelled' THEN 'skipped' ELSE o.state END,
        reason = CASE WHEN o.state = 'planned' AND c.state = 'cancelled' THEN 'cancelled' ELSE o.reason END,
        reply = o.reply, due_at = coalesce(o.due_at, m.due_at),
        attempts = CASE o.reason WHEN 'too_late' THEN m.attempts - 1 ELSE m.attempts END,
        message_id = CASE o.state WHEN 'planned' THEN NULL ELSE m.message_id END,
        sent_at = CASE o.state WHEN 'sent' THEN o.at ELSE m.sent_at END,
        bounce_kind = CASE WHEN o.hard THEN 'hard' ELSE m.bounce_kind END,
        bounced_at = CASE WHEN o.hard THEN o.at ELSE m.bounced_at END,
        claimed_by = NULL, claimed_at = CASE o.state WHEN 'unknown' THEN m.claimed_at END
      FROM given o, campaigns c WHERE m.id = o.id AND m.message_id = o.message AND c.id = m.campaign_id
      RETURNING m.company_id, o.state
    ), moves AS (
      INSERT INTO sending_moves (company_id, "trigger")
      SELECT company_id, CASE state WHEN 'sent' THEN 'sent' ELSE 'send_failed' END FROM done
      WHERE p_moves AND company_id IS NOT NULL AND state IN ('sent', 'failed')
    ), gone AS (
      DELETE FROM messages USING given o WHERE messages.id = o.message AND o.state = 'planned'
    )
    UPDATE messages SET state = o.state, smtp_reply = o.reply, sent_at = CASE o.state WHEN 'sent' THEN o.at END
    FROM given o WHERE messages.id = o.message AND o.state <> 'planned';
  END IF;
  IF jsonb_array_length(p_mails) = 0 THEN RETURN; END IF;
  RETURN QUERY
    WITH mails AS MATERIALIZED (
      SELECT * FROM jsonb_to_recordset(p_mails) AS mail(id int, token text, recipient text, subject text,
        html text, text text, locale text, opens text, clicks text, "messageId" text, "envelopeFrom" text,
        "inReplyTo" text, "references" text, evidence jsonb, links jsonb)
    ), held AS MATERIALIZED (
      SELECT m.id, m.address, m.company_id, m.campaign_id, m.chosen_status, m.chosen_stage
      -- By id alone: indexes on the state hold every mail that ever passed through it, until they are vacuumed.
      FROM mails CROSS JOIN LATERAL (
        SELECT * FROM campaign_messages WHERE id = mails.id OFFSET 0 FOR UPDATE
      ) m JOIN campaigns c ON c.id = m.campaign_id
      WHERE m.state = 'claimed' AND m.claimed_by = p_node AND c.state = 'running' AND c.deleted_at IS NULL
    ), going AS MATERIALIZED (
      -- Asked last, of these few alone.
      SELECT held.id, held.company_id, held.campaign_id FROM held
      WHERE suppression_reason(held.address, held.company_id, held.campaign_id) IS NULL
        AND NOT EXISTS (SELECT FROM companies co WHERE co.id = held.company_id
          AND ended_since_chosen(co.status, co.stage, held.chosen_status, held.chosen_stage) IS NOT NULL)
    ), made AS (
      INSERT INTO messages (token, company_id, campaign_id, recipient, subject, html, text, locale, opens, clicks,
        message_id, account_id, envelope_from, in_reply_to, mail_references, evidence)
      SELECT mails.token, going.company_id, going.campaign_id, mails.recipient, mails.subject,
        decode(mails.html, 'base64'), decode(mails.text, 'base64'), mails.locale, mails.opens, mails.clicks,
        mails."messageId", p_account, mails."envelopeFrom", mails."inReplyTo", mails."references",
        nullif(mails.evidence, 'null')
      FROM mails JOIN going ON going.id = mails.id
      RETURNING messages.id, messages.token
    ), linked AS (
      INSERT INTO message_links (message_id, position, target, honeypot)
      SELECT made.id, link.place - 1, link.value ->> 'target', (link.value ->> 'honeypot')::boolean
      FROM made JOIN mails ON mails.token = made.token,
        jsonb_array_elements(mails.links) WITH ORDINALITY AS link(value, place)
    )
    UPDATE campaign_messages m SET state = 'sending', message_id = made.id, attempts = m.attempts + 1,
      claimed_at = now()
    FROM mails JOIN made ON made.token = mails.token WHERE m.id = mails.id
    RETURNING m.id, m.message_id;
END $$;

-- Asked once per mail: planning it anew each time would cost more than the answer.
ALTER FUNCTION suppression_reason(text, integer, integer) SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION suppression_keys(text, integer) SET plan_cache_mode = force_generic_plan;

-- What became of a mail is written beside it a moment later: with room left on the page, no index has to learn of it.
ALTER TABLE messages SET (fillfactor = 65);

REVOKE ALL ON FUNCTION send_step(text, integer, jsonb, jsonb, boolean), ended_since_chosen(text, text, text, text) FROM PUBLIC;

-- A mail that was made ready was judged by what was known then. When the company changes, a node that still waits for its
-- place has to judge it again (src/campaigns/planning/check-due.ts): it is taken from it and is due as before.
CREATE OR REPLACE FUNCTION judge_claimed_again() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE campaign_messages SET state = 'planned', claimed_by = NULL, claimed_at = NULL
    WHERE company_id = NEW.id AND state = 'claimed';
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER companies_judge_claimed AFTER UPDATE OF status, stage, deleted_at ON companies FOR EACH ROW
  WHEN ((OLD.status, OLD.stage, OLD.deleted_at) IS DISTINCT FROM (NEW.status, NEW.stage, NEW.deleted_at))
  EXECUTE FUNCTION judge_claimed_again();
REVOKE ALL ON FUNCTION judge_claimed_again() FROM PUBLIC;
