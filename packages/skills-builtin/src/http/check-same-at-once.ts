// The check `http.same_at_once`: again and again many requests for the very same thing are in flight at once, after a
// while without any: what was kept has expired, and everybody fetches it anew (a cache stampede). Pure.
import type { Check, Conclusion, JsonObject, JsonValue } from '@nodelens/core';
import { listOf, numberOf, objectOf, placeOf, textOf } from '../evidence.ts';
import { figure, functionSubject, ms, place } from '../wording.ts';

/** Twice may be the first one of all and one more; of a page that asks for a thing eight times nobody has heard. */
const BURSTS = 2;
const AT_ONCE = 8;
/** Shorter ones harm nobody (Nielsen: 1 s is where a user's flow of thought breaks; half of that is felt). */
const LASTED_MS = 500;
/** What is not kept is asked for all the time. */
const QUIET_MS = 500;

export const sameAtOnce: Check = {
  id: 'http.same_at_once',
  when: (snapshot) => {
    const suspects = Array.isArray(snapshot.sameAtOnce) ? snapshot.sameAtOnce : [];
    return suspects.length === 0 ? undefined : { suspects };
  },
  investigate: `const [bursts, callers] = [await http_bursts(60), await http_callers(60)];
return { bursts, callers };`,
  conclude: (evidence) => conclude(evidence),
  explains: ['http.slow_peer', 'http.slow_route', 'http.pool_queue', 'overload.in_flight_growth'],
};

/** @param row one of `http_bursts` */
export const isStampede = (row: JsonObject): boolean =>
  numberOf(row.bursts) >= BURSTS &&
  numberOf(row.atOnce) >= AT_ONCE &&
  numberOf(row.lastedMs) >= LASTED_MS &&
  numberOf(row.quietMs) >= QUIET_MS;

function conclude(evidence: JsonValue): Conclusion | undefined {
  const { bursts, callers } = objectOf(evidence);
  const found = listOf(bursts).filter(isStampede);
  const [worst] = found.sort((a, b) => numberOf(b.requests) - numberOf(a.requests));
  if (worst === undefined) return undefined;
  const site = listOf(callers).find(({ call }) => call === worst.call);
  const by = placeOf(site?.asker);
  return {
    severity: 'warning',
    context: `${textOf(worst.call)} was asked for ${figure(numberOf(worst.requests))} times in ${figure(numberOf(worst.bursts))} bursts within the last minute.`,
    observation: `${figure(numberOf(worst.atOnce))} requests for the very same thing were in flight at once (median of the bursts); a burst lasted ${ms(numberOf(worst.lastedMs))}, and nobody had asked for ${ms(numberOf(worst.quietMs))} before it.${by === undefined ? '' : ` ${place(by)} makes them.`}`,
    hypothesis: `What ${by === undefined ? 'is fetched' : `${by.name} fetches`} is kept for a while; when that is over all requests of the moment fetch it anew, where one could for all.`,
    subjects: [
      ...(by === undefined ? [] : [functionSubject(by, numberOf(worst.atOnce), 'at once')]),
      { kind: 'peer', name: textOf(worst.peer), value: numberOf(worst.requests), unit: 'requests' },
    ],
  };
}
