-- Reserving places within an account's limits (src/mail/limits/reserve.ts): reading and storing are a function each, as
-- their plans are kept and hundreds of mails a second pass here. What is granted is decided by the program.
DROP FUNCTION IF EXISTS mail_usage_lock(integer, text[]);
DROP FUNCTION IF EXISTS mail_usage_store(integer, jsonb, jsonb, text[], timestamptz);

-- All that the decision needs, null when there is no such account. The account's usage is held until the transaction ends,
-- and everything else is read after that.
CREATE FUNCTION mail_usage_lock(p_account integer, p_providers text[]) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE found_usage mail_account_usage;
BEGIN
  SELECT * INTO found_usage FROM mail_account_usage u WHERE u.account_id = p_account FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO mail_account_usage (account_id) SELECT a.id FROM mail_accounts a WHERE a.id = p_account
      ON CONFLICT DO NOTHING;
    SELECT * INTO found_usage FROM mail_account_usage u WHERE u.account_id = p_account FOR UPDATE;
  END IF;
  RETURN (
    SELECT jsonb_build_object(
      'now', clock_timestamp(),
      'usage', to_jsonb(found_usage),
      'account', jsonb_build_object('active', a.active, 'paused_at', a.paused_at, 'pause_reason', a.pause_reason,
        'per_minute', a.per_minute, 'per_hour', a.per_hour, 'per_day', a.per_day, 'min_gap_ms', a.min_gap_ms,
        'gap_jitter_ms', a.gap_jitter_ms, 'warmup_first_day', a.warmup_first_day, 'warmup_step', a.warmup_step,
        'warmup_started_at', a.warmup_started_at, 'calendar', a.calendar),
      'limits', (SELECT jsonb_agg(to_jsonb(l)) FROM mail_provider_limits l
        WHERE l.account_id = p_account AND (l.provider = '*' OR l.provider = ANY (p_providers))),
      'usages', (SELECT jsonb_agg(to_jsonb(u)) FROM mail_provider_usage u
        WHERE u.account_id = p_account AND u.provider = ANY (p_providers)),
      'breakers', (SELECT jsonb_agg(jsonb_build_object('provider', b.provider, 'open_until', b.open_until,
          'reason', b.reason)) FROM mail_breakers b
        WHERE b.account_id = p_account AND b.open_until IS NOT NULL AND (b.provider = '' OR b.provider = ANY (p_providers))))
    FROM mail_accounts a WHERE a.id = p_account AND a.deleted_at IS NULL);
END $$;
REVOKE ALL ON FUNCTION mail_usage_lock(integer, text[]) FROM PUBLIC;

-- Stores what an account and its providers have used after a decision, and which breakers are being tried until when. The
-- rows are objects with the names of the columns; the account is held (mail_usage_lock).
CREATE FUNCTION mail_usage_store(p_account integer, p_usage jsonb, p_providers jsonb, p_trials text[],
  p_trial_until timestamptz) RETURNS void
LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
  UPDATE mail_account_usage u SET (minute_from, minute, hour_from, hour, day_from, day, granted_at, next_at, warmup_days,
      warmup_on, warmup_from) =
    (SELECT r.minute_from, r.minute, r.hour_from, r.hour, r.day_from, r.day, r.granted_at, r.next_at, r.warmup_days,
      r.warmup_on, r.warmup_from FROM jsonb_populate_record(NULL::mail_account_usage, p_usage) r)
    WHERE u.account_id = p_account;
  IF jsonb_array_length(p_providers) > 0 THEN
    INSERT INTO mail_provider_usage AS u (account_id, provider, minute_from, minute, hour_from, hour, day_from, day)
      SELECT p_account, r.provider, r.minute_from, r.minute, r.hour_from, r.hour, r.day_from, r.day
        FROM jsonb_populate_recordset(NULL::mail_provider_usage, p_providers) r
      ON CONFLICT (account_id, provider) DO UPDATE SET minute_from = excluded.minute_from, minute = excluded.minute,
        hour_from = excluded.hour_from, hour = excluded.hour, day_from = excluded.day_from, day = excluded.day;
  END IF;
  IF cardinality(p_trials) > 0 THEN
    UPDATE mail_breakers b SET open_until = p_trial_until, trying = true
      WHERE b.account_id = p_account AND b.provider = ANY (p_trials);
  END IF;
END $$;
REVOKE ALL ON FUNCTION mail_usage_store(integer, jsonb, jsonb, text[], timestamptz) FROM PUBLIC;
