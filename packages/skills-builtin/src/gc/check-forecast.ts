// The check `gc.heap_limit_forecast`: the heap's floor grows so steadily that it reaches the limit within the hour.
// Who makes it grow is told by the skill collections. Pure.
import type { Check, Conclusion, JsonValue } from '@nodelens/core';
import { numberOf, objectOf } from '../evidence.ts';
import { figure, mb } from '../wording.ts';

/** Long enough to act, short enough for a trend of minutes to hold. */
const SOON_MINUTES = 60;
const CRITICAL_MINUTES = 10;
/** Less is what a process needs to start. */
const LEAST_MB_PER_MINUTE = 1;

export const heapLimitForecast: Check = {
  id: 'gc.heap_limit_forecast',
  when: (snapshot) => {
    const minutes = numberOf(snapshot.minutesUntilHeapLimit, Number.POSITIVE_INFINITY);
    return minutes > SOON_MINUTES ? undefined : { minutesUntilHeapLimit: minutes };
  },
  investigate: 'return { forecast: await gc_heap_limit_forecast() };',
  conclude,
};

function conclude(evidence: JsonValue): Conclusion | undefined {
  const forecast = objectOf(objectOf(evidence).forecast);
  const minutes = numberOf(forecast.minutesUntilLimit, Number.POSITIVE_INFINITY);
  const perMinute = numberOf(forecast.mbPerMinute);
  if (forecast.isSteady !== true || minutes > SOON_MINUTES || perMinute < LEAST_MB_PER_MINUTE)
    return undefined;
  const floorMb = numberOf(forecast.floorMb);
  return {
    severity: minutes <= CRITICAL_MINUTES ? 'critical' : 'warning',
    context: `Full collections leave ${mb(floorMb)} of at most ${mb(numberOf(forecast.limitMb))} in the JavaScript heap.`,
    observation: `What they leave rose by ${mb(perMinute)} per minute over ${figure(numberOf(forecast.floors))} readings within ${figure(numberOf(forecast.windowSeconds))} s, without a fall that lasted.`,
    hypothesis: `At this rate the heap is full in ${figure(minutes)} minutes; then the process ends for lack of memory.`,
    subjects: [{ kind: 'process', name: 'heap', value: floorMb, unit: 'MB' }],
  };
}
