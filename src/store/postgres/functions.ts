/**
 * @internal The functions of schema 1. `s` is the name of the schema, quoted; `lock` the number under which its advisory
 * locks stand, apart from those of other schemas of the database.
 *
 * LATERAL with a lock or with OFFSET 0, and a subquery with LIMIT 1 where NOT EXISTS would do, are looked up once for each row before it: left to itself the planner may do it the other way round,
 * and walk through the whole table.
 *
 * They count on READ COMMITTED: each statement sees what was committed when it began, so what is read after a lock was
 * waited for is what its last holder has left.
 */
export function functions(s: string, lock: number): string {
  return `
-- Applies commits one after the other, each whole or not at all. A write is an array: its kind, then what it needs.
--
-- All names that are written to or checked are locked first, in one order, so that commits of several nodes for one key
-- happen one after the other: numbers that are drawn under the lock are in the order of the commits, and the first of a
-- key is its head. A commit for very many names takes the one lock that all others share instead.
CREATE FUNCTION ${s}.commit_1(batch jsonb, own uuid) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
  locks int[];
  answers jsonb := '[]';
  ask jsonb;
  now bigint;
  memory bigint;
  numbers bigint[];
  number bigint;
  w jsonb;
  at int;
  kind text;
  found_version bigint;
  e record;
  needed text;
BEGIN
  SELECT coalesce(array_agg(DISTINCT name ORDER BY name), '{}') INTO locks FROM (
    SELECT hashtext(CASE
      WHEN kinds IN ('put', 'delete', 'check') THEN each->>1 || chr(1) || (each->>2)
      WHEN kinds = 'enqueue' THEN each->>1 || chr(1) || (each->>3)
      ELSE each->>1 || chr(1) || (SELECT key FROM ${s}.entries WHERE queue = each->>1 AND id = each->>2)
    END) AS name
    FROM jsonb_array_elements(batch) AS commits,
      LATERAL jsonb_array_elements(commits->2) AS each,
      LATERAL (SELECT each->>0 AS kinds) AS k
    WHERE kinds <> 'fence'
  ) AS names WHERE name IS NOT NULL;
  IF cardinality(locks) > 256 THEN
    PERFORM pg_advisory_xact_lock(${lock}::bigint << 32);
  ELSE
    PERFORM pg_advisory_xact_lock_shared(${lock}::bigint << 32);
    PERFORM pg_advisory_xact_lock(${lock}, name) FROM unnest(locks) AS name;
  END IF;
  -- Whoever takes a lease over waits until what was fenced with it is committed.
  PERFORM 1 FROM (
    SELECT DISTINCT (each->>1) COLLATE "C" AS queue, (each->>2) COLLATE "C" AS key FROM jsonb_array_elements(batch) AS commits,
      LATERAL jsonb_array_elements(commits->2) AS each WHERE each->>0 = 'fence'
    ORDER BY queue, key
  ) AS a, LATERAL (SELECT 1 FROM ${s}.leases AS l WHERE l.queue = a.queue AND l.key = a.key FOR SHARE) AS each;

  FOR ask IN SELECT value FROM jsonb_array_elements(batch) LOOP
    now := (ask->>0)::bigint;
    memory := (ask->>1)::bigint;
    numbers := '{}';
    at := -1;
    BEGIN
      FOR w IN SELECT value FROM jsonb_array_elements(ask->2) LOOP
        at := at + 1;
        kind := w->>0;
        number := NULL;
        CASE kind
        WHEN 'put' THEN
          IF w->>6 IS NOT NULL THEN
            SELECT version INTO found_version FROM ${s}.records
              WHERE collection = w->>1 AND key = w->>2 AND (expires IS NULL OR expires > now);
            IF coalesce(found_version, 0) <> (w->>6)::bigint THEN
              RAISE SQLSTATE 'RS001' USING MESSAGE = coalesce(found_version, 0)::text;
            END IF;
          END IF;
          number := nextval('${s}.numbers');
          INSERT INTO ${s}.records (collection, key, long_key, json, version, expires)
            VALUES (w->>1, w->>2, w->>3, w->>4, number, (w->>5)::bigint)
            ON CONFLICT (collection, key)
            DO UPDATE SET json = excluded.json, version = excluded.version, expires = excluded.expires;
        WHEN 'delete', 'check' THEN
          IF w->>3 IS NOT NULL THEN
            SELECT version INTO found_version FROM ${s}.records
              WHERE collection = w->>1 AND key = w->>2 AND (expires IS NULL OR expires > now);
            IF coalesce(found_version, 0) <> (w->>3)::bigint THEN
              RAISE SQLSTATE 'RS001' USING MESSAGE = coalesce(found_version, 0)::text;
            END IF;
          END IF;
          IF kind = 'delete' THEN
            DELETE FROM ${s}.records WHERE collection = w->>1 AND key = w->>2;
          END IF;
        WHEN 'fence' THEN
          PERFORM 1 FROM ${s}.leases AS l JOIN ${s}.nodes AS n USING (owner)
            WHERE l.queue = w->>1 AND l.key = w->>2 AND l.token = (w->>3)::bigint
              AND l.owner = own AND n.until > clock_timestamp();
          IF NOT FOUND THEN
            RAISE SQLSTATE 'RS001' USING MESSAGE = '0';
          END IF;
        WHEN 'enqueue' THEN
          number := nextval('${s}.numbers');
          INSERT INTO ${s}.entries
            (sequence, queue, id, long_id, key, long_key, json, priority, not_before, expires, due, since, head)
            SELECT number, w->>1, w->>2, w->>5, w->>3, w->>6, w->>4, (w->>7)::bigint, (w->>8)::bigint,
              (w->>9)::bigint, (w->>10)::bigint, now, NOT EXISTS (
                SELECT 1 FROM ${s}.entries WHERE queue = w->>1 AND key = w->>3 AND state = 'waiting')
            ON CONFLICT (queue, id) DO NOTHING;
          IF NOT FOUND THEN
            number := NULL;
          ELSE
            -- Looked for only now: the insertion has waited for whoever was completing this very id.
            PERFORM 1 FROM ${s}.remembered WHERE queue = w->>1 AND id = w->>2 AND until > now;
            IF FOUND THEN
              DELETE FROM ${s}.entries WHERE sequence + 0 = number;
              number := NULL;
            END IF;
          END IF;
        ELSE
          needed := CASE WHEN kind IN ('revive', 'drop') THEN 'dead' ELSE 'waiting' END;
          SELECT sequence, key, expires, state, head INTO e FROM ${s}.entries
            WHERE queue = w->>1 AND id = w->>2;
          IF NOT FOUND THEN
            RAISE SQLSTATE 'RS001' USING MESSAGE = '';
          END IF;
          IF cardinality(locks) <= 256 AND NOT hashtext(w->>1 || chr(1) || e.key) = ANY (locks) THEN
            RAISE SQLSTATE '40001' USING MESSAGE = 'an entry was queued while its commit waited';
          END IF;
          IF e.state <> needed THEN
            RAISE SQLSTATE 'RS001' USING MESSAGE = e.state;
          END IF;
          CASE kind
          WHEN 'complete', 'drop' THEN
            DELETE FROM ${s}.entries WHERE sequence + 0 = e.sequence;
            INSERT INTO ${s}.remembered (queue, id, until) VALUES (w->>1, w->>2, now + memory)
              ON CONFLICT (queue, id) DO UPDATE SET until = excluded.until;
          WHEN 'retry' THEN
            UPDATE ${s}.entries SET attempts = attempts + 1, not_before = (w->>4)::bigint,
              due = least((w->>4)::bigint, expires), error = w->>3 WHERE sequence + 0 = e.sequence;
          WHEN 'bury' THEN
            UPDATE ${s}.entries SET attempts = attempts + 1, state = 'dead', head = false, error = w->>3
              WHERE sequence + 0 = e.sequence;
          WHEN 'revive' THEN
            number := nextval('${s}.numbers');
            UPDATE ${s}.entries SET sequence = number, attempts = 0, state = 'waiting', not_before = 0,
              due = least(0, expires), head = NOT EXISTS (
                SELECT 1 FROM ${s}.entries WHERE queue = w->>1 AND key = e.key AND state = 'waiting')
              WHERE sequence + 0 = e.sequence;
            PERFORM pg_notify('restanza_${lock}', w->>1);
          END CASE;
          IF e.head AND kind IN ('complete', 'bury') THEN
            UPDATE ${s}.entries SET head = true WHERE sequence + 0 = (
              SELECT sequence FROM ${s}.entries WHERE queue = w->>1 AND key = e.key AND state = 'waiting'
              ORDER BY sequence LIMIT 1);
          END IF;
        END CASE;
        numbers := numbers || number;
      END LOOP;
      answers := answers || jsonb_build_object('numbers', to_jsonb(numbers));
    EXCEPTION WHEN SQLSTATE 'RS001' THEN
      answers := answers || jsonb_build_object('index', at, 'found', SQLERRM);
    END;
  END LOOP;
  RETURN answers;
END $$;

-- Makes a node known. Tokens that were given shortly before a crash may not have reached the disk, so after one
-- counting goes on far beyond them; that this is on the disk is waited for, as this is the first that happens then.
CREATE FUNCTION ${s}.join_1(own uuid, duration double precision) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(${lock}::bigint << 32 | 1);
  IF NOT EXISTS (SELECT 1 FROM ${s}.unbroken) THEN
    PERFORM setval('${s}.tokens', nextval('${s}.tokens') + 10000000);
    INSERT INTO ${s}.unbroken VALUES (clock_timestamp());
  END IF;
  INSERT INTO ${s}.nodes VALUES (own, clock_timestamp() + duration * interval '1 millisecond');
END $$;

-- Whether a node was still known, and now is for longer.
CREATE FUNCTION ${s}.renew_1(own uuid, duration double precision) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  UPDATE ${s}.nodes SET until = clock_timestamp() + duration * interval '1 millisecond'
    WHERE owner = own AND until > clock_timestamp();
  RETURN FOUND;
END $$;

-- In a statement of its own wherever it is called, so that nodes which came meanwhile are seen.
CREATE FUNCTION ${s}.is_known_1(which uuid) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
BEGIN
  RETURN EXISTS (SELECT 1 FROM ${s}.nodes WHERE owner = which);
END $$;

-- Claims keys: the tokens of those that are this node's now, each with the sequence of what waits first; or a row of nothing
-- where this node is not known any more. A key that another node has is locked for a moment all the same: its release, which locks
-- it too, comes either before, and the claim succeeds, or after, and then sees what was queued before the claim.
CREATE FUNCTION ${s}.claim_1(own uuid, queues text[], keys text[])
RETURNS TABLE (queue text, key text, token bigint, head bigint) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  DELETE FROM ${s}.nodes AS n WHERE n.until <= clock_timestamp();
  IF NOT ${s}.is_known_1(own) THEN
    RETURN QUERY SELECT NULL::text, NULL::text, NULL::bigint, NULL::bigint;
    RETURN;
  END IF;
  INSERT INTO ${s}.leases AS l (queue, key, token, owner)
    SELECT a.queue, a.key, nextval('${s}.tokens'), own FROM unnest(queues, keys) AS a (queue, key)
    ORDER BY a.queue COLLATE "C", a.key COLLATE "C"
    ON CONFLICT (queue, key) DO UPDATE SET token = excluded.token, owner = own
    WHERE NOT ${s}.is_known_1(l.owner);
  RETURN QUERY SELECT l.queue::text, l.key::text, l.token, (
      SELECT e.sequence FROM ${s}.entries AS e
      WHERE e.queue = l.queue AND e.key = l.key AND e.state = 'waiting' ORDER BY e.sequence LIMIT 1)
    FROM unnest(queues, keys) AS a (queue, key), LATERAL (
      SELECT * FROM ${s}.leases AS l WHERE l.queue = a.queue AND l.key = a.key OFFSET 0) AS l WHERE l.owner = own;
END $$;

-- Gives keys back, those for which nothing waits or that are given up; returns what waits first for the others.
CREATE FUNCTION ${s}.release_1(own uuid, queues text[], keys text[], tokens bigint[], forced boolean)
RETURNS TABLE (queue text, key text, token bigint, head bigint) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
  locked tid[];
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  locked := ARRAY(
    SELECT each.ctid FROM (
      SELECT * FROM unnest(queues, keys, tokens) AS u (queue, key, token)
      ORDER BY u.queue COLLATE "C", u.key COLLATE "C"
    ) AS a, LATERAL (
      SELECT l.ctid FROM ${s}.leases AS l
      WHERE l.queue = a.queue AND l.key = a.key AND l.token = a.token AND l.owner = own FOR UPDATE) AS each);
  DELETE FROM ${s}.leases AS l WHERE l.ctid = ANY (locked)
      AND (forced OR (
        SELECT 1 FROM ${s}.entries AS e WHERE e.queue = l.queue AND e.key = l.key AND e.state = 'waiting' LIMIT 1
      ) IS NULL);
  IF forced THEN
    PERFORM pg_notify('restanza_${lock}', q || ' ' || own) FROM (SELECT DISTINCT unnest(queues) AS q) AS each;
  END IF;
  RETURN QUERY SELECT l.queue::text, l.key::text, l.token, (
      SELECT e.sequence FROM ${s}.entries AS e
      WHERE e.queue = l.queue AND e.key = l.key AND e.state = 'waiting' ORDER BY e.sequence LIMIT 1)
    FROM ${s}.leases AS l WHERE l.ctid = ANY (locked) AND l.owner = own;
END $$;

-- Ends a node, and tells the others to look at what it leaves.
CREATE FUNCTION ${s}.leave_1(own uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_config('synchronous_commit', 'off', true);
  DELETE FROM ${s}.nodes WHERE owner = own;
  PERFORM pg_notify('restanza_${lock}', q || ' ' || own) FROM (SELECT DISTINCT queue AS q FROM ${s}.leases WHERE owner = own) AS each;
  DELETE FROM ${s}.leases WHERE owner = own;
END $$;

-- Forgets what has expired, so many rows at most; nothing where another node is doing so.
CREATE FUNCTION ${s}.sweep_1(now bigint, most int) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
  records int;
  ids int;
BEGIN
  IF NOT pg_try_advisory_xact_lock(${lock}::bigint << 32 | 2) THEN
    RETURN 0;
  END IF;
  PERFORM set_config('synchronous_commit', 'off', true);
  DELETE FROM ${s}.records WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM ${s}.records WHERE expires <= now LIMIT most FOR UPDATE SKIP LOCKED));
  GET DIAGNOSTICS records = ROW_COUNT;
  DELETE FROM ${s}.remembered WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM ${s}.remembered WHERE until <= now LIMIT most - records FOR UPDATE SKIP LOCKED));
  GET DIAGNOSTICS ids = ROW_COUNT;
  DELETE FROM ${s}.nodes WHERE until <= clock_timestamp();
  DELETE FROM ${s}.leases AS l WHERE ctid = ANY (ARRAY(
    SELECT f.ctid FROM ${s}.leases AS f WHERE NOT EXISTS (SELECT 1 FROM ${s}.nodes AS n WHERE n.owner = f.owner)
    LIMIT most FOR UPDATE SKIP LOCKED)) AND NOT ${s}.is_known_1(l.owner);
  RETURN records + ids;
END $$;
`;
}
