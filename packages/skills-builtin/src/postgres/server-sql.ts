// What the server is asked over the app's own client: PostgreSQL 13 or later, one statement each that returns one JSON
// value. Bounded in rows and in text; it reads the statistics of the server and no table of the app.

export const SERVER_TOPICS = ['activity', 'locks', 'tables', 'statements'] as const;
export type ServerTopic = (typeof SERVER_TOPICS)[number];

const ms = (since: string): string => `round(extract(epoch from clock_timestamp() - ${since}) * 1000)`;

const ACTIVITY = `
SELECT json_build_object(
  'maxConnections', current_setting('max_connections')::int,
  'reserved', current_setting('superuser_reserved_connections')::int,
  'connections', (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
  'byState', (SELECT coalesce(json_object_agg(state, n), '{}') FROM (
    SELECT coalesce(state, 'unknown') AS state, count(*) AS n FROM pg_stat_activity
    WHERE backend_type = 'client backend' GROUP BY 1) s),
  'byApplication', (SELECT coalesce(json_agg(a), '[]') FROM (
    SELECT application_name AS application, usename AS "user", datname AS database, count(*) AS connections
    FROM pg_stat_activity WHERE backend_type = 'client backend' GROUP BY 1, 2, 3 ORDER BY 4 DESC LIMIT 10) a),
  'transactions', (SELECT coalesce(json_agg(t), '[]') FROM (
    SELECT pid, usename AS "user", application_name AS application, state, ${ms('xact_start')} AS "transactionMs",
      ${ms('state_change')} AS "inStateMs", wait_event_type AS "waitType", wait_event AS "waitEvent",
      left(query, 500) AS text
    FROM pg_stat_activity WHERE xact_start IS NOT NULL AND pid <> pg_backend_pid()
      AND backend_type = 'client backend'
    ORDER BY xact_start LIMIT 20) t),
  'database', (SELECT json_build_object('name', datname, 'commits', xact_commit, 'rollbacks', xact_rollback,
      'deadlocks', deadlocks, 'conflicts', conflicts, 'temporaryFilesMb', round(temp_bytes / 1048576.0),
      'cacheHitShare', CASE WHEN blks_hit + blks_read > 0 THEN round(blks_hit::numeric / (blks_hit + blks_read), 4) END,
      'sizeMb', round(pg_database_size(datid) / 1048576.0))
    FROM pg_stat_database WHERE datname = current_database()),
  'version', current_setting('server_version'))`;

// Whoever waits for a row waits for the transaction that has changed it, and has the row's own lock meanwhile.
const LOCKS = `
SELECT coalesce(json_agg(b), '[]') FROM (
  SELECT a.pid, usename AS "user", application_name AS application, ${ms('query_start')} AS "waitingMs",
    left(query, 500) AS text,
    (SELECT json_build_object('type', l.locktype, 'mode', l.mode, 'table',
        coalesce(l.relation, (SELECT relation FROM pg_locks t WHERE t.pid = a.pid AND t.locktype = 'tuple' LIMIT 1)
        )::regclass::text)
      FROM pg_locks l WHERE l.pid = a.pid AND NOT l.granted LIMIT 1) AS lock,
    (SELECT coalesce(json_agg(h), '[]') FROM (
      SELECT k.pid, k.usename AS "user", k.application_name AS application, k.state,
        ${ms('k.xact_start')} AS "transactionMs", ${ms('k.state_change')} AS "inStateMs",
        cardinality(pg_blocking_pids(k.pid)) > 0 AS "isBlockedItself", left(k.query, 500) AS text
      FROM pg_stat_activity k WHERE k.pid = ANY (pg_blocking_pids(a.pid)) LIMIT 5) h) AS "blockedBy"
  FROM pg_stat_activity a
  WHERE wait_event_type = 'Lock' AND cardinality(pg_blocking_pids(a.pid)) > 0
  ORDER BY query_start LIMIT 20) b`;

const TABLES = `
SELECT json_build_object(
  'tables', (SELECT coalesce(json_agg(t), '[]') FROM (
    SELECT s.schemaname || '.' || s.relname AS "table", n_live_tup AS "liveRows", n_dead_tup AS "deadRows",
      CASE WHEN n_live_tup + n_dead_tup > 0
        THEN round(n_dead_tup::numeric / (n_live_tup + n_dead_tup), 3) ELSE 0 END AS "deadShare",
      round(pg_total_relation_size(s.relid) / 1048576.0, 2) AS "sizeMb",
      seq_scan AS "sequentialScans", seq_tup_read AS "rowsReadSequentially", coalesce(idx_scan, 0) AS "indexScans",
      CASE WHEN heap_blks_hit + heap_blks_read > 0
        THEN round(heap_blks_hit::numeric / (heap_blks_hit + heap_blks_read), 3) END AS "cacheHitShare",
      ${ms('greatest(last_vacuum, last_autovacuum)')} AS "vacuumedAgoMs",
      ${ms('greatest(last_analyze, last_autoanalyze)')} AS "analyzedAgoMs"
    FROM pg_stat_user_tables s LEFT JOIN pg_statio_user_tables io USING (relid)
    ORDER BY n_dead_tup DESC, seq_tup_read DESC LIMIT 20) t),
  'unusedIndexes', (SELECT coalesce(json_agg(i), '[]') FROM (
    SELECT s.schemaname || '.' || indexrelname AS "index", s.relname AS "table",
      round(pg_relation_size(s.indexrelid) / 1048576.0, 2) AS "sizeMb"
    FROM pg_stat_user_indexes s JOIN pg_index x USING (indexrelid)
    WHERE idx_scan = 0 AND NOT indisunique ORDER BY pg_relation_size(s.indexrelid) DESC LIMIT 10) i))`;

const STATEMENTS = `
SELECT coalesce(json_agg(s), '[]') FROM (
  SELECT left(query, 500) AS text, calls, round(total_exec_time) AS "totalMs",
    round(mean_exec_time::numeric, 2) AS "meanMs", round(max_exec_time::numeric, 1) AS "maxMs", rows,
    CASE WHEN shared_blks_hit + shared_blks_read > 0
      THEN round(shared_blks_hit::numeric / (shared_blks_hit + shared_blks_read), 3) END AS "cacheHitShare",
    round(temp_blks_written * 8 / 1024.0) AS "temporaryMb"
  FROM pg_stat_statements JOIN pg_database d ON d.oid = dbid AND d.datname = current_database()
  ORDER BY total_exec_time DESC LIMIT 20) s`;

// As text: the app may have its own ideas of how JSON is to be read.
const asText = (select: string): string => `SELECT (${select})::text AS told`;

export const SERVER_SQL: { readonly [topic in ServerTopic]: string } = {
  activity: asText(ACTIVITY),
  locks: asText(LOCKS),
  tables: asText(TABLES),
  statements: asText(STATEMENTS),
};
