// The check `http.slow_route`: one route takes longer than it usually does, and main's own loop is not why. Pure.
import type { Check, Conclusion, JsonObject, JsonValue } from '@nodelens/core';
import { listOf, numberOf, objectOf, textOf } from '../evidence.ts';
import { figure, ms } from '../wording.ts';
import { isOwnDelay, isSlowPeer, objectsOf, risenMs } from './judge.ts';

/** As `http.pool_queue` has it. */
const QUEUED_MS = 100;

export const slowRoute: Check = {
  id: 'http.slow_route',
  when: (snapshot) => {
    const suspects = Array.isArray(snapshot.suspectRoutes) ? snapshot.suspectRoutes : [];
    return suspects.length === 0 ? undefined : { suspects };
  },
  investigate: `const [served, asked] = [await http_routes(1), await http_peers(1)];
return { ...served, peers: asked.peers };`,
  conclude: (evidence) => conclude(evidence),
  explains: ['overload.in_flight_growth'],
};

function conclude(evidence: JsonValue): Conclusion | undefined {
  const { routes, peers, main } = objectOf(evidence);
  const known = listOf(routes).filter((row) => numberOf(objectsOf(row).usual.slices) > 0);
  const slow = known
    .map((row) => ({ row, risen: risenMs(row) }))
    .filter(({ risen }) => risen > 0 && !isOwnDelay(objectOf(main), risen))
    .sort((a, b) => b.risen - a.risen);
  const [worst] = slow;
  // When most are slow, the reason is not in one of them.
  if (worst === undefined || (slow.length > 1 && slow.length * 2 > known.length)) return undefined;
  const { present, usual } = objectsOf(worst.row);
  return {
    severity: 'warning',
    context: `Of ${figure(known.length)} routes ${slow.length === 1 ? 'one takes' : `${slow.length} take`} longer than usual. The loop of the main thread was ${ms(numberOf(objectOf(main).delayP99Ms))} late at most in 99 of 100 turns: it does not account for that.`,
    observation: `${textOf(worst.row.name)} answers half of ${figure(numberOf(present.count))} requests within ${ms(numberOf(present.p50Ms))} (95 of 100 within ${ms(numberOf(present.p95Ms))}); usual: ${ms(numberOf(usual.p50Ms))}.`,
    hypothesis: hypothesisOf(listOf(peers)),
    subjects: slow.slice(0, 3).map(({ row }) => ({
      kind: 'endpoint',
      name: textOf(row.name),
      value: numberOf(objectsOf(row).present.p50Ms),
      unit: 'ms',
    })),
  };
}

function hypothesisOf(peers: readonly JsonObject[]): string {
  const slow = peers.filter(isSlowPeer).map(({ name }) => `${textOf(name)} answers slowly`);
  const queued = peers
    .filter((row) => numberOf(objectsOf(row).present.queuedMs) >= QUEUED_MS)
    .map(({ name }) => `requests to ${textOf(name)} wait for a connection`);
  const reasons = [...slow, ...queued];
  return reasons.length === 0
    ? 'The route waits for something that is not asked for over HTTP: a database, a file, a lock, a timer.'
    : `At the same time ${reasons.slice(0, 3).join(', and ')}: the route may wait for that.`;
}
