// An error that a channel has told is often recorded on a span too, and again on each span around it: once is enough.
import type { Occurrence } from './occurrence.ts';

/** A span ends after the error that it records. */
const WITHIN_MS = 10_000;
const KEPT = 1_000;

/** Returns whether an occurrence tells again what another has told. */
export function createSpanTwins(): (occurrence: Occurrence) => boolean {
  const byChannels = new Map<string, { count: number; atMs: number }>();
  const byTraces = new Set<string>();
  return ({ source, message, traceId, atMs }) => {
    const told = byChannels.get(message);
    const isFresh = told !== undefined && atMs - told.atMs <= WITHIN_MS;
    if (source !== 'span') {
      byChannels.delete(message);
      byChannels.set(message, { count: isFresh ? told.count + 1 : 1, atMs });
      dropOldest(byChannels);
      return false;
    }
    const ofTrace = `${traceId} ${message}`;
    if (traceId !== '' && byTraces.has(ofTrace)) return true;
    byTraces.add(ofTrace);
    dropOldest(byTraces);
    if (!isFresh || told.count === 0) return false;
    told.count -= 1;
    return true;
  };
}

function dropOldest(kept: Map<string, unknown> | Set<string>): void {
  const [oldest] = kept.keys();
  if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
}
