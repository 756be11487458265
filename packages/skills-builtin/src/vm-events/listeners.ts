// Whether the listeners that Node warned about still grow: a count that stays was a limit set too low, one that grows
// is a leak. Main is asked for the counts; the growth is drawn from what the warning told.
import type { JsonObject, JsonValue, ProbeFeed } from '@nodelens/core';
import { listOf, numberOf } from '../evidence.ts';
import { round } from '../wording.ts';
import type { ProcessWarning } from './warnings.ts';

/** A main that is inside a native call does not answer. */
const TIMEOUT_MS = 250;
const TOLD = 20;

/** Newest first. `listeners: null`: the emitter is gone (`isGone`), or main did not answer. */
export async function listenerGrowth(
  feed: ProbeFeed,
  nowMs: number,
  warnings: readonly ProcessWarning[],
): Promise<readonly JsonObject[]> {
  const about = warnings.filter(({ emitter }) => emitter !== undefined).slice(0, TOLD);
  if (about.length === 0) return [];
  const counts = await feed
    .ask({ of: 'listener-counts' }, { timeoutMs: TIMEOUT_MS })
    .catch((): JsonValue => null);
  return about.map((warning) => growthOf(warning, counts, nowMs));
}

function growthOf({ atMs, emitter, frame }: ProcessWarning, counts: JsonValue, nowMs: number): JsonObject {
  const count = listOf(counts).find(({ id }) => id === emitter?.id);
  const listeners = typeof count?.listeners === 'number' ? count.listeners : null;
  const atWarning = emitter?.listeners ?? 0;
  const minutes = Math.max(1, nowMs - atMs) / 60_000;
  return {
    event: emitter?.event,
    emitter: emitter?.kind,
    ...(frame !== undefined && { frame: { ...frame } }),
    warnedAgoMs: Math.max(0, nowMs - atMs),
    listenersAtWarning: atWarning,
    listeners,
    // One that the probe no longer watches is as unknown as one that main does not tell.
    isGone: count !== undefined && listeners === null,
    risen: listeners === null ? null : listeners - atWarning,
    risenPerMinute: listeners === null ? null : round(numberOf(listeners - atWarning) / minutes),
  };
}
