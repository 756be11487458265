// The check `overload.accept_queue`: connections wait to be accepted up to the limit, or are turned away. Pure.
import type { Check, Conclusion, Finding, JsonObject, JsonValue } from '@nodelens/core';
import { listOf, numberOf, objectOf, type Place, placeOf, textOf } from '../evidence.ts';
import { figure, functionSubject, ms, percent, place } from '../wording.ts';

/** 80 % of the limit for so long: a burst drains within one turn of the loop. */
const NEAR_MS = 2_500;
/** What the kernel turned away counts only when one of our queues has been this full. */
const FULL_PERCENT = 90;
const BUSY = 0.9;
/** A shorter stall does not fill a queue by itself. */
const LONG_STALL_MS = 1_000;
const AGAIN_MS = 1_000;

export const acceptQueue: Check = {
  id: 'overload.accept_queue',
  when: (snapshot) => {
    const nearMs = numberOf(snapshot.acceptNearLimitMs);
    const overflows = numberOf(snapshot.listenOverflows1m);
    const wasFull = numberOf(snapshot.acceptHighest1mPercent) >= FULL_PERCENT;
    return nearMs >= NEAR_MS || (overflows > 0 && wasFull) ? { nearMs, overflows } : undefined;
  },
  investigate: `const accept = await overload_accept_queues();
const stalls = await overload_stalls();
const hot = await overload_hot_functions().catch(() => undefined);
return { accept, stalls, hot };`,
  conclude,
};

function conclude(evidence: JsonValue, finding: Finding): Conclusion | undefined {
  const { accept, stalls, hot } = objectOf(evidence);
  const { queues, overflows } = objectOf(accept);
  const [fullest] = [...listOf(queues)].sort((a, b) => highestShare(b) - highestShare(a));
  if (fullest === undefined) return undefined;
  const turnedAway = numberOf(objectOf(overflows).overflows);
  const isFull = numberOf(fullest.nearLimitMs) >= NEAR_MS;
  const wasFull = 100 * highestShare(fullest) >= FULL_PERCENT;
  // It may have drained since the snapshot.
  if (!isFull && !(turnedAway > 0 && wasFull)) return undefined;
  const by = blockerOf(stalls, hot);
  const address = textOf(fullest.address);
  return {
    severity: turnedAway > 0 && wasFull ? 'critical' : 'warning',
    context: `The process listens on ${address}; connections wait there until the main thread accepts them.`,
    observation: `${figure(numberOf(fullest.waiting))} connections wait to be accepted on ${address}, ${figure(numberOf(fullest.highest1m))} at the most in the last minute; its limit is ${figure(numberOf(fullest.limit))} (${sourceOf(fullest)}). In that minute the kernel counted ${figure(turnedAway)} connections that found a queue full.${by?.observation ?? ''}`,
    hypothesis:
      by?.hypothesis ??
      `The main thread does not come to accept${numberOf(finding.overflows) > 0 ? '; a larger backlog only helps against bursts' : ''}.`,
    subjects: [
      {
        kind: 'endpoint',
        name: address,
        value: numberOf(fullest.highest1m),
        unit: 'connections',
      },
      ...(by === undefined ? [] : [functionSubject(by.culprit, by.value, by.unit)]),
    ],
    // A stall gets its name a little later.
    ...(by === undefined &&
      listOf(stalls).some(({ ongoing }) => ongoing === true) && { againAfterMs: AGAIN_MS }),
  };
}

const highestShare = ({ highest1m, limit }: JsonObject): number =>
  numberOf(highest1m) / Math.max(1, numberOf(limit));

function sourceOf({ limitSource }: JsonObject): string {
  switch (limitSource) {
    case 'listen-options':
      return 'given to listen';
    case 'observed':
      return 'where it stood while connections were turned away';
    default:
      return 'the default of listen';
  }
}

/** One that goes on will be longer. */
const isLong = ({ durationMs, ongoing }: JsonObject): boolean =>
  numberOf(durationMs) >= (ongoing === true ? LONG_STALL_MS / 2 : LONG_STALL_MS);

interface Blocker {
  readonly culprit: Place;
  readonly value: number;
  readonly unit: string;
  readonly observation: string;
  readonly hypothesis: string;
}

/** What keeps main from accepting: a stall, or a loop that is full. */
function blockerOf(stalls: JsonValue | undefined, hot: JsonValue | undefined): Blocker | undefined {
  const [longest] = [...listOf(stalls)].sort((a, b) => numberOf(b.durationMs) - numberOf(a.durationMs));
  const stalled = placeOf(longest?.culprit);
  if (longest !== undefined && stalled !== undefined && isLong(longest))
    return {
      culprit: stalled,
      value: numberOf(longest.durationMs),
      unit: 'ms',
      observation: ` ${place(stalled)} ${longest.ongoing === true ? 'has kept' : 'kept'} the main thread from its loop for ${ms(numberOf(longest.durationMs))}.`,
      hypothesis: `${stalled.name} blocks the main thread, which cannot accept meanwhile.`,
    };
  const { utilization10s, functions } = objectOf(hot);
  const [top] = listOf(functions);
  const hottest = placeOf(top);
  if (numberOf(utilization10s) < BUSY || hottest === undefined) return undefined;
  const share = numberOf(top?.totalShare);
  return {
    culprit: hottest,
    value: 100 * share,
    unit: '%',
    observation: ` The event loop was busy ${percent(numberOf(utilization10s))} of the last 10 s; ${place(hottest)} and what it called took ${percent(share)} of the main thread's CPU.`,
    hypothesis: 'The event loop is full, so it accepts too late.',
  };
}
