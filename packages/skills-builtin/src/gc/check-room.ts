// The check `gc.no_room`: full collections follow each other while little is alive, because the limit of the heap leaves
// the old generation less room than the young one may take. No code is to blame: two options of the process are. Pure.
import type { Check, Conclusion, JsonValue } from '@nodelens/core';
import { numberOf, objectOf } from '../evidence.ts';
import { figure, mb } from '../wording.ts';

/** A heap with room makes the next full collection when that is filled, which takes longer. */
const FULL_PER_SECOND = 1;
/** What a busy server spends by itself is 1 to 5 %. */
const FELT_PERCENT = 5;
const CRITICAL_PERCENT = 25;
/** Above it `gc.near_limit` tells what is the matter: what is alive. */
const NEAR_PERCENT = 85;

export const noRoom: Check = {
  id: 'gc.no_room',
  when: (snapshot) => {
    const majors = numberOf(snapshot.majorPerSecond10s);
    const share = numberOf(snapshot.pauseShare10sPercent);
    return majors < FULL_PER_SECOND || share < FELT_PERCENT
      ? undefined
      : { majorPerSecond10s: majors, pauseShare10sPercent: share };
  },
  investigate: 'return { stats: await gc_stats(10), room: await gc_room() };',
  conclude,
  explains: [
    'gc.churn',
    'gc.long_pause',
    'runtime.cpu_hot',
    'http.slow_route',
    'overload.loop_saturated',
    'vm-events.gc_burst',
  ],
};

function conclude(evidence: JsonValue): Conclusion | undefined {
  const stats = objectOf(objectOf(evidence).stats);
  const room = objectOf(objectOf(evidence).room);
  const perSecond = numberOf(objectOf(stats.major).perMinute) / 60;
  const share = numberOf(stats.pauseSharePercent);
  const limitMb = numberOf(room.limitMb);
  const liveMb = numberOf(room.liveMb);
  const isNear = liveMb >= (NEAR_PERCENT / 100) * limitMb;
  if (room.isTooSmall !== true || isNear || perSecond < FULL_PER_SECOND || share < FELT_PERCENT)
    return undefined;
  return {
    severity: share >= CRITICAL_PERCENT ? 'critical' : 'warning',
    context: `Collections took ${figure(share)} % of the main thread's time within the last 10 s, and time of other threads; ${mb(liveMb)} of at most ${mb(limitMb)} are alive.`,
    observation: `There were ${figure(perSecond)} full collections per second. The young generation may hold ${mb(numberOf(room.youngMb))}; above what is alive V8 lets the old one grow by ${mb(numberOf(room.roomMb))} at most, half of what is left to the limit.`,
    hypothesis:
      'V8 marks again as soon as a full collection is over, because the young generation does not fit into the room that the limit of the heap leaves. A larger --max-old-space-size or a smaller --max-semi-space-size ends it; no function is to blame.',
    subjects: [{ kind: 'process', name: 'heap', value: limitMb, unit: 'MB' }],
  };
}
