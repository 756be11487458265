// How long main is waited for.

/** Of an answer that comes later than a snapshot waits: a main that gets no core at once is late, not silent. */
export const ANSWER_MS = 1_000;
/** Of a snapshot, which tells what it has. */
export const SNAPSHOT_MS = 250;
