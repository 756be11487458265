// The check `http.retry_storm`: a peer fails, and is asked far more often because of that. Pure.
import type { Check, Conclusion, JsonValue } from '@nodelens/core';
import { listOf, numberOf, objectOf, textOf } from '../evidence.ts';
import { figure } from '../wording.ts';
import { isStorm, objectsOf } from './judge.ts';

export const retryStorm: Check = {
  id: 'http.retry_storm',
  when: (snapshot) => {
    const suspects = Array.isArray(snapshot.stormyPeers) ? snapshot.stormyPeers : [];
    return suspects.length === 0 ? undefined : { suspects };
  },
  investigate: 'return await http_peers(1);',
  conclude: (evidence) => conclude(evidence),
  explains: ['http.pool_queue', 'overload.in_flight_growth'],
};

function conclude(evidence: JsonValue): Conclusion | undefined {
  const { peers } = objectOf(evidence);
  const storms = listOf(peers).filter(isStorm);
  const [worst] = storms;
  if (worst === undefined) return undefined;
  const { present, usual } = objectsOf(worst);
  const peer = textOf(worst.name);
  const perServed =
    typeof present.perServed === 'number'
      ? ` For each request that is served it is asked ${figure(present.perServed)} times, usual: ${figure(numberOf(usual.perServed))}.`
      : '';
  return {
    severity: 'warning',
    context: `${peer} fails ${figure(numberOf(present.failedPercent))} % of what it is asked.`,
    observation: `It is asked ${figure(numberOf(present.perSecond))} times per second, usual: ${figure(numberOf(usual.perSecond))}.${perServed}`,
    hypothesis: 'Failed requests are repeated at once, which adds load to a peer that fails already.',
    subjects: storms.slice(0, 3).map((row) => ({
      kind: 'peer',
      name: textOf(row.name),
      value: numberOf(objectsOf(row).present.perSecond),
      unit: 'requests/s',
    })),
  };
}
