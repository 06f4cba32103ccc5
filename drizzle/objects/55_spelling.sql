-- The domain of an address stands in letters (`café.fr`) or as name servers know it (`xn--caf-dma.fr`): who said no under
-- one is asked for under both. Punycode is RFC 3492, its numbers named as there.
DROP FUNCTION IF EXISTS other_spelling(text);
DROP FUNCTION IF EXISTS other_label(text);
DROP FUNCTION IF EXISTS punycode_encode(text);
DROP FUNCTION IF EXISTS punycode_decode(text);
DROP FUNCTION IF EXISTS punycode_bias(integer, integer, boolean);

CREATE FUNCTION punycode_bias(p_delta integer, p_points integer, p_first boolean) RETURNS integer
LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
  delta int := CASE WHEN p_first THEN p_delta / 700 ELSE p_delta / 2 END;
  k int := 0;
BEGIN
  delta := delta + delta / p_points;
  WHILE delta > 455 LOOP
    delta := delta / 35;
    k := k + 36;
  END LOOP;
  RETURN k + 36 * delta / (delta + 38);
END $$;

-- Null for what is none, or would be longer than a label.
CREATE FUNCTION punycode_decode(p_text text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
  digits CONSTANT text := 'abcdefghijklmnopqrstuvwxyz0123456789';
  dash int := length(p_text) - position('-' IN reverse(p_text)) + 1;
  out text := '';
  rest text := lower(p_text);
  n int := 128;
  i int := 0;
  bias int := 72;
  old_i int; w int; k int; t int; digit int;
BEGIN
  IF length(p_text) > 63 THEN RETURN NULL; END IF;
  IF position('-' IN p_text) > 0 THEN
    out := left(rest, dash - 1);
    rest := substr(rest, dash + 1);
  END IF;
  WHILE rest <> '' LOOP
    old_i := i; w := 1; k := 36;
    LOOP
      digit := position(left(rest, 1) IN digits) - 1;
      IF rest = '' OR digit < 0 THEN RETURN NULL; END IF;
      rest := substr(rest, 2);
      i := i + digit * w;
      t := greatest(1, least(26, k - bias));
      EXIT WHEN digit < t;
      w := w * (36 - t);
      k := k + 36;
    END LOOP;
    bias := punycode_bias(i - old_i, length(out) + 1, old_i = 0);
    n := n + i / (length(out) + 1);
    i := i % (length(out) + 1);
    IF n > 1114111 OR n BETWEEN 55296 AND 57343 THEN RETURN NULL; END IF;
    out := left(out, i) || chr(n) || substr(out, i + 1);
    i := i + 1;
  END LOOP;
  RETURN out;
EXCEPTION WHEN numeric_value_out_of_range THEN RETURN NULL;
END $$;

CREATE FUNCTION punycode_encode(p_text text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
  digits CONSTANT text := 'abcdefghijklmnopqrstuvwxyz0123456789';
  points int[] := ARRAY(SELECT ascii(c) FROM regexp_split_to_table(p_text, '') AS c);
  out text := array_to_string(ARRAY(SELECT chr(p) FROM unnest(points) AS p WHERE p < 128), '');
  basic int := length(out);
  done int := basic;
  n int := 128;
  delta int := 0;
  bias int := 72;
  m int; p int; q int; k int; t int;
BEGIN
  IF length(p_text) > 63 THEN RETURN NULL; END IF;
  IF basic > 0 THEN out := out || '-'; END IF;
  WHILE done < cardinality(points) LOOP
    m := (SELECT min(point) FROM unnest(points) AS point WHERE point >= n);
    delta := delta + (m - n) * (done + 1);
    n := m;
    FOREACH p IN ARRAY points LOOP
      IF p < n THEN delta := delta + 1; END IF;
      CONTINUE WHEN p <> n;
      q := delta; k := 36;
      LOOP
        t := greatest(1, least(26, k - bias));
        EXIT WHEN q < t;
        out := out || substr(digits, t + (q - t) % (36 - t) + 1, 1);
        q := (q - t) / (36 - t);
        k := k + 36;
      END LOOP;
      out := out || substr(digits, q + 1, 1);
      bias := punycode_bias(delta, done + 1, done = basic);
      delta := 0;
      done := done + 1;
    END LOOP;
    delta := delta + 1;
    n := n + 1;
  END LOOP;
  RETURN out;
EXCEPTION WHEN numeric_value_out_of_range THEN RETURN NULL;
END $$;

CREATE FUNCTION other_label(p_label text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT CASE WHEN p_label LIKE 'xn--%' THEN punycode_decode(substr(p_label, 5))
    WHEN p_label ~ '[^\x01-\x7f]' THEN 'xn--' || punycode_encode(p_label) ELSE p_label END
$$;

-- Of an address or `@domain` the one with its domain written the other way; null when there is only one way.
CREATE FUNCTION other_spelling(p_address text) RETURNS text
LANGUAGE plpgsql IMMUTABLE STRICT AS $$
DECLARE
  domain text := split_part(p_address, '@', -1);
  is_ascii boolean := domain !~ '[^\x01-\x7f]';
  other text;
BEGIN
  IF is_ascii AND domain NOT LIKE '%xn--%' THEN RETURN NULL; END IF;
  domain := normalize(lower(domain), NFKC);
  -- One that mixes both ways is only seen as name servers know it.
  SELECT string_agg(CASE WHEN is_ascii OR label NOT LIKE 'xn--%' THEN other_label(label) ELSE label END, '.' ORDER BY place)
    INTO other FROM unnest(string_to_array(domain, '.')) WITH ORDINALITY AS part(label, place)
    HAVING bool_and(other_label(label) IS NOT NULL);
  RETURN left(p_address, -length(split_part(p_address, '@', -1))) || other;
END $$;

REVOKE ALL ON FUNCTION other_spelling(text), other_label(text), punycode_encode(text), punycode_decode(text),
  punycode_bias(integer, integer, boolean) FROM PUBLIC;
