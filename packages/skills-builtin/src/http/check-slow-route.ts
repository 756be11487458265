// The check `http.slow_route`: one route takes longer than it usually does, and main's own loop is not why. Pure.
import type { Check, Conclusion, JsonValue } from '@nodelens/core';
import { listOf, numberOf, objectOf, textOf } from '../evidence.ts';
import { figure, ms } from '../wording.ts';
import { isOwnDelay, isSlowPeer, objectsOf, risenMs } from './judge.ts';

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
  const peer = listOf(peers).find(isSlowPeer);
  return {
    severity: 'warning',
    context: `Of ${figure(known.length)} routes ${slow.length === 1 ? 'one takes' : `${slow.length} take`} longer than usual. The loop of the main thread was ${ms(numberOf(objectOf(main).delayP99Ms))} late at most in 99 of 100 turns: it does not account for that.`,
    observation: `${textOf(worst.row.name)} answers half of ${figure(numberOf(present.count))} requests within ${ms(numberOf(present.p50Ms))} (95 of 100 within ${ms(numberOf(present.p95Ms))}); usual: ${ms(numberOf(usual.p50Ms))}.`,
    hypothesis:
      peer === undefined
        ? 'The route waits for something that is not asked for over HTTP: a database, a file, a lock, a timer.'
        : `${textOf(peer.name)} has become slow at the same time; the route may wait for it.`,
    subjects: slow.slice(0, 3).map(({ row }) => ({
      kind: 'endpoint',
      name: textOf(row.name),
      value: numberOf(objectsOf(row).present.p50Ms),
      unit: 'ms',
    })),
  };
}
