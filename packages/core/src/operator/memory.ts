// What a continuous operator remembers between rounds: what it reported, what of it is over, what it saw, and the latest
// snapshots. Pure, JSON and bounded, so that it can live for months and cross threads.
import type { Id } from '../ids.ts';
import type { JsonObject } from '../json.ts';
import type { Severity, Subject } from '../skill.ts';
import type { HealthState, Notification } from './notification.ts';

export interface Reported {
  /** Of the notification, the latest one about it. */
  readonly id: Id;
  readonly investigationId: Id;
  readonly fingerprint: string;
  readonly type: string;
  readonly severity: Severity;
  readonly subjects: readonly Subject[];
  readonly observation: string;
  /** Wall-clock ms of the first notification about it, since it was news. */
  readonly sinceMs: number;
  /** Wall-clock ms of the latest one. */
  readonly reportedAtMs: number;
  /** Ids of the checks and anomalies that fired when it was reported; empty when nothing but the model saw it. */
  readonly causes: readonly string[];
  /** Looks in a row at which none of its causes fired. */
  readonly quietRounds: number;
  /** Rounds of the model about it, in a row, in which it was not seen and all was well. */
  readonly wellRounds: number;
}

export interface Resolved extends Pick<Reported, 'id' | 'type' | 'observation'> {
  /** Wall-clock ms. */
  readonly resolvedAtMs: number;
  readonly lastedMs: number;
}

/** What a round came to, in a line. */
export interface Seen {
  /** Wall-clock ms. */
  readonly atMs: number;
  /** Why it was woken, e.g. `check runtime.event_loop_blocked`. */
  readonly why: string;
  readonly state: HealthState;
  /** In the model's words. */
  readonly reason: string;
}

export interface Memory {
  /** What is not over yet, oldest first. */
  readonly reported: readonly Reported[];
  /** Oldest first. */
  readonly resolved: readonly Resolved[];
  /** Oldest first. */
  readonly seen: readonly Seen[];
  /** Data of the latest snapshots of earlier rounds, oldest first. */
  readonly history: readonly JsonObject[];
}

export const emptyMemory: Memory = { reported: [], resolved: [], seen: [], history: [] };

const MAX_REPORTED = 100;
const MAX_RESOLVED = 20;
const MAX_SEEN = 20;
const MAX_HISTORY = 30;
/** Of one line of a model's words. */
const MAX_WORDS = 300;
/** What has grown to so much of what was reported is worse. */
const WORSE_FACTOR = 1.5;

const RANK: { readonly [S in Severity]: number } = { info: 0, warning: 1, critical: 2 };

/** The same kind of anomaly about the same things; what exactly was measured does not count. */
export function fingerprint(type: string, subjects: readonly Subject[]): string {
  const about = subjects.map(({ kind, name, file }) => `${kind}:${name}:${file ?? ''}`).sort();
  return [type, ...about].join('|');
}

type Found = Pick<Notification, 'type' | 'subjects' | 'severity'>;

/**
 * What was reported before as the same thing, is not over, and has not become worse: a higher severity, or the value of
 * its first subject grown by half. Undefined as well once it was reported longer than `repeatAfterMs` ago.
 */
export function alreadyReported(
  memory: Memory,
  found: Found,
  { nowMs, repeatAfterMs }: { readonly nowMs: number; readonly repeatAfterMs: number },
): Reported | undefined {
  const wanted = fingerprint(found.type, found.subjects);
  return memory.reported.find(
    (old) =>
      old.fingerprint === wanted && nowMs - old.reportedAtMs < repeatAfterMs && !hasBecomeWorse(old, found),
  );
}

function hasBecomeWorse(old: Reported, found: Found): boolean {
  if (RANK[found.severity] > RANK[old.severity]) return true;
  const [before, now] = [old.subjects[0], found.subjects[0]];
  if (before?.value === undefined || now?.value === undefined || before.unit !== now.unit) return false;
  return before.value > 0 && now.value >= WORSE_FACTOR * before.value;
}

/** Replaces what was reported as the same thing. @param causes what fired at that time. */
export function remember(
  memory: Memory,
  found: Notification,
  { nowMs, causes }: { readonly nowMs: number; readonly causes: readonly string[] },
): Memory {
  const { id, investigationId, type, severity, subjects, observation } = found;
  const own = fingerprint(type, subjects);
  const before = memory.reported.find((old) => old.fingerprint === own);
  const news: Reported = {
    id,
    investigationId,
    fingerprint: own,
    type,
    severity,
    subjects,
    observation: cut(observation),
    sinceMs: before?.sinceMs ?? nowMs,
    reportedAtMs: nowMs,
    // Its type is the check's own where rules reported it: other checks that fire beside it say nothing about it.
    causes: causes.includes(type) ? [type] : causes,
    quietRounds: 0,
    wellRounds: 0,
  };
  const others = memory.reported.filter((old) => old !== before);
  return { ...memory, reported: [...others, news].slice(-MAX_REPORTED) };
}

/** Takes out what is over. */
export function resolve(memory: Memory, over: readonly Reported[], nowMs: number): Memory {
  const resolved = over.map(
    ({ id, type, observation, sinceMs }): Resolved => ({
      id,
      type,
      observation,
      resolvedAtMs: nowMs,
      lastedMs: Math.max(0, nowMs - sinceMs),
    }),
  );
  return {
    ...memory,
    reported: memory.reported.filter(({ id }) => !over.some((gone) => gone.id === id)),
    resolved: [...memory.resolved, ...resolved].slice(-MAX_RESOLVED),
  };
}

export const rememberRound = (memory: Memory, seen: Seen): Memory => ({
  ...memory,
  seen: [...memory.seen, { ...seen, reason: cut(seen.reason) }].slice(-MAX_SEEN),
});

/** @param data of a snapshot, the next in time. */
export const rememberData = (memory: Memory, data: JsonObject): Memory => ({
  ...memory,
  history: [...memory.history, data].slice(-MAX_HISTORY),
});

const cut = (words: string): string =>
  words.length <= MAX_WORDS ? words : `${words.slice(0, MAX_WORDS - 1)}…`;
