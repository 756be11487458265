// The tables of `nodelens.db`, as steps: the database's version is how many of them it has gone through. A step that
// was released is never changed; a new one is added at the end.

const findings = `
  CREATE TABLE findings (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    investigation_id TEXT NOT NULL,
    hostname TEXT NOT NULL,
    pid INTEGER NOT NULL,
    -- Of the process, in ms since 1970: with hostname and pid it names one life of a service.
    process_started_at INTEGER NOT NULL,
    kept_at INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    -- The finding as JSON.
    body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX findings_by_kind ON findings (kind, seq);
  CREATE INDEX findings_by_investigation ON findings (investigation_id, kind, seq);
  CREATE INDEX findings_by_size ON findings (seq, bytes);
`;

/** What the black box of an earlier life told, once; the newest come first in the history. */
const previousLives = `
  CREATE TABLE previous_lives (
    seq INTEGER PRIMARY KEY,
    -- Names the life, so that it is told once.
    life TEXT NOT NULL UNIQUE,
    reported_at INTEGER NOT NULL,
    -- A PreviousLife as JSON.
    body TEXT NOT NULL
  ) STRICT;
`;

/** What was spent on models: figures by hour and by day, UTC. */
const spending = `
  CREATE TABLE spending (
    service TEXT NOT NULL,
    span TEXT NOT NULL,
    start_ms INTEGER NOT NULL,
    caller TEXT NOT NULL,
    model TEXT NOT NULL,
    runs INTEGER NOT NULL,
    calls INTEGER NOT NULL,
    failed_calls INTEGER NOT NULL,
    input_tokens INTEGER NOT NULL,
    cached_input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    cost_usd REAL NOT NULL,
    unpriced_calls INTEGER NOT NULL,
    assumed_usd REAL NOT NULL,
    PRIMARY KEY (span, start_ms, service, caller, model)
  ) STRICT, WITHOUT ROWID;
`;

/** What the anomaly detector learned, a row for each service; the newest writer's. */
const baselines = `
  CREATE TABLE baselines (
    service TEXT PRIMARY KEY,
    kept_at INTEGER NOT NULL,
    -- What anomaly/kept.ts makes of it, with a version of its own.
    body TEXT NOT NULL
  ) STRICT;
`;

/** Incidents as they were told last, and what the next life of their service goes on with. */
const incidents = `
  CREATE TABLE incidents (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    service TEXT NOT NULL,
    -- The process that has it, a LifeIdentity as JSON; null when that one has left it in order.
    owner TEXT,
    -- The last sign of its owner while it is open, in ms since 1970.
    seen_at INTEGER NOT NULL,
    -- A StoredIncident as JSON.
    body TEXT NOT NULL,
    -- What continuous/incident-revival.ts makes of it, with a version of its own; null once it is closed.
    resume TEXT
  ) STRICT;
  CREATE INDEX incidents_open ON incidents (service, seq) WHERE resume IS NOT NULL;
`;

/** What became of a notification; null: nobody has looked at it. */
const statuses = `
  ALTER TABLE findings ADD COLUMN status TEXT;
  ALTER TABLE findings ADD COLUMN status_at INTEGER;
`;

/** Of the database that has incidents, and the statuses of notifications. */
export const INCIDENTS_VERSION = 4;

export const migrations: readonly string[] = [
  `${findings}${previousLives}`,
  spending,
  baselines,
  `${incidents}${statuses}`,
];
