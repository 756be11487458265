// The check `overload.loop_saturated`: the loop has no idle time, and more and more connections or requests wait for it,
// or as many as can. A loop that is merely busy is no overload. Pure.
import type { Check, Conclusion, JsonValue } from '@nodelens/core';
import { listOf, numberOf, objectOf, placeOf, textOf } from '../evidence.ts';
import { figure, functionSubject, ms, percent, place } from '../wording.ts';

/** So long without idle time, in s. A burst is over by then. */
const SATURATED_SECONDS = 12;
const DOMINANT_SHARE = 0.3;

export const loopSaturated: Check = {
  id: 'overload.loop_saturated',
  when: (snapshot) => {
    const seconds = numberOf(snapshot.loopSaturatedSeconds);
    const queues = numberOf(snapshot.queuesBehindLoop);
    return seconds >= SATURATED_SECONDS && queues > 0 ? { seconds, queues } : undefined;
  },
  investigate: `const hot = await overload_hot_functions();
const arrivals = await overload_arrivals(2);
return { hot, arrivals };`,
  conclude,
  explains: ['overload.in_flight_growth', 'overload.accept_queue', 'http.slow_route'],
};

function conclude(evidence: JsonValue): Conclusion | undefined {
  const { hot, arrivals } = objectOf(evidence);
  const { delayP99Ms, saturatedSeconds, functions, behind } = objectOf(hot);
  const [growth] = [...listOf(behind)].sort((a, b) => numberOf(b.length) - numberOf(a.length));
  if (numberOf(saturatedSeconds) < SATURATED_SECONDS || growth === undefined) return undefined;
  const { now } = objectOf(arrivals);
  const flow = objectOf(now);
  const [top] = listOf(functions);
  const by = placeOf(top);
  // With what it calls: a function that calls built-in ones has little of its own.
  const share = numberOf(top?.totalShare);
  const isDominant = by !== undefined && share >= DOMINANT_SHARE;
  return {
    severity: 'warning',
    context: `The event loop has had no idle time for ${figure(numberOf(saturatedSeconds))} s; its delay is ${ms(numberOf(delayP99Ms))} (p99).`,
    observation: `The queue "${textOf(growth.name)}" holds ${figure(numberOf(growth.length))}, ${growth.limit === undefined ? `${figure(numberOf(growth.perMinute))} more with each minute` : 'and cannot hold more'}: ${figure(numberOf(flow.arrivalsPerSecond))} requests arrive and ${figure(numberOf(flow.completionsPerSecond))} are completed per second.${by === undefined ? '' : ` ${place(by)} and what it called took ${percent(share)} of the main thread's CPU.`}`,
    hypothesis: isDominant
      ? `${by.name} is what the loop's time goes to; the requests behind it wait.`
      : 'The load as a whole is more than one main thread can serve.',
    subjects: isDominant ? [functionSubject(by, share * 100, '%')] : [],
  };
}
