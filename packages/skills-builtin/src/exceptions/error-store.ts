// What the recorder keeps of the app's errors: the newest, fingerprints, and counts by kind. All of it bounded.
import type { JsonObject } from '@nodelens/core';
import { createSeries, type Series } from '../logger/series.ts';
import { KINDS, type Kind } from './counters.ts';
import { createFingerprints, type Fingerprint, type Fingerprints } from './fingerprints.ts';
import { type Occurrence, readOccurrence } from './occurrence.ts';
import { createSpanTwins } from './span-twins.ts';

const RECENT = 500;

export interface KeptError {
  readonly fingerprint: string;
  readonly occurrence: Occurrence;
}

export interface ErrorStore {
  add(event: JsonObject): void;
  /** Newest first. */
  recent(): readonly KeptError[];
  readonly fingerprints: Omit<Fingerprints, 'add'>;
  /** How many of a kind were told in the last `windowMs` (15 minutes at most). */
  count(kind: Kind, windowMs: number, nowMs: number): number;
}

/**
 * @param requests how many requests the app has been asked for until now; 0 where nobody counts
 * @param onNew called for each fingerprint that was not known
 */
export function createErrorStore(
  requests: () => number,
  onNew: (fingerprint: Fingerprint) => void = () => {},
): ErrorStore {
  const fingerprints = createFingerprints();
  const isTwin = createSpanTwins();
  const series = new Map<Kind, Series>(KINDS.map((kind) => [kind, createSeries()]));
  // Oldest first; trimmed in bulk, so that an error costs no copy of all.
  let recent: KeptError[] = [];
  return {
    add(event) {
      const occurrence = readOccurrence(event);
      if (isTwin(occurrence)) return;
      const fingerprint = fingerprints.add(occurrence, requests());
      series.get(occurrence.kind)?.add(occurrence.atMs);
      recent.push({ fingerprint: fingerprint.id, occurrence });
      if (recent.length >= 2 * RECENT) recent = recent.slice(-RECENT);
      if (fingerprint.count === 1) onNew(fingerprint);
    },
    recent: () => recent.slice(-RECENT).reverse(),
    fingerprints,
    count: (kind, windowMs, nowMs) => series.get(kind)?.sum(windowMs, nowMs) ?? 0,
  };
}
