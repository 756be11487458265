// What a continuous operator remembers between rounds: what it reported already, and the latest snapshots. Pure and
// bounded, so that it can live for months.
import type { JsonObject } from '../json.ts';
import type { Severity, Subject } from '../skill.ts';
import type { Notification } from './notification.ts';

export interface Reported {
  readonly fingerprint: string;
  readonly type: string;
  readonly severity: Severity;
  readonly observation: string;
  /** Wall-clock ms. */
  readonly reportedAtMs: number;
}

export interface Memory {
  /** Oldest first. */
  readonly reported: readonly Reported[];
  /** Data of the latest snapshots of earlier rounds, oldest first. */
  readonly history: readonly JsonObject[];
}

/** What was reported so long ago is news again. */
const FORGET_AFTER_MS = 3_600_000;
const MAX_REPORTED = 100;
const MAX_HISTORY = 30;

export const emptyMemory: Memory = { reported: [], history: [] };

const RANK: { readonly [S in Severity]: number } = { info: 0, warning: 1, critical: 2 };

/** The same kind of anomaly about the same things; what exactly was measured does not count. */
export function fingerprint(type: string, subjects: readonly Subject[]): string {
  const about = subjects.map(({ kind, name, file }) => `${kind}:${name}:${file ?? ''}`).sort();
  return [type, ...about].join('|');
}

/** What was reported before as the same thing, at the same severity or a higher one, and not long ago. */
export function alreadyReported(
  memory: Memory,
  found: Pick<Notification, 'type' | 'subjects' | 'severity'>,
  nowMs: number,
): Reported | undefined {
  const wanted = fingerprint(found.type, found.subjects);
  return memory.reported.find(
    (old) =>
      old.fingerprint === wanted &&
      RANK[old.severity] >= RANK[found.severity] &&
      nowMs - old.reportedAtMs < FORGET_AFTER_MS,
  );
}

/** Replaces what was reported as the same thing. */
export function remember(
  memory: Memory,
  found: Pick<Notification, 'type' | 'subjects' | 'severity' | 'observation'>,
  nowMs: number,
): Memory {
  const { type, severity, observation, subjects } = found;
  const seen = { fingerprint: fingerprint(type, subjects), type, severity, observation, reportedAtMs: nowMs };
  const others = memory.reported.filter(
    (old) => old.fingerprint !== seen.fingerprint && nowMs - old.reportedAtMs < FORGET_AFTER_MS,
  );
  return { ...memory, reported: [...others, seen].slice(-MAX_REPORTED) };
}

/** @param data of a snapshot, the next in time. */
export const rememberData = (memory: Memory, data: JsonObject): Memory => ({
  ...memory,
  history: [...memory.history, data].slice(-MAX_HISTORY),
});
