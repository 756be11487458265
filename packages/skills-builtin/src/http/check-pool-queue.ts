// The check `http.pool_queue`: requests wait for a connection, because a pool allows no more. Pure.
import type { Check, Conclusion, JsonObject, JsonValue } from '@nodelens/core';
import { listOf, numberOf, objectOf, textOf } from '../evidence.ts';
import { figure, ms } from '../wording.ts';
import { isSlowPeer } from './judge.ts';

/** A queue for a moment is what a pool is for; a user feels 0.1 s (Nielsen). */
const QUEUED = 5;
const WAITED_MS = 100;
const CRITICAL_MS = 5_000;

export const poolQueue: Check = {
  id: 'http.pool_queue',
  when: (snapshot) => {
    const waiting = numberOf(snapshot.outgoingWaiting);
    return waiting < QUEUED ? undefined : { waiting };
  },
  investigate: `const [pools, asked] = [await http_pools().catch(() => ({})), await http_peers(1)];
return { ...pools, peers: asked.peers };`,
  conclude: (evidence) => conclude(evidence),
  explains: ['http.slow_route', 'overload.in_flight_growth'],
};

function conclude(evidence: JsonValue): Conclusion | undefined {
  const { pools, waiting, peers } = objectOf(evidence);
  const full = listOf(pools)
    .filter(isFull)
    .map((pool) => ({ pool, waits: listOf(waiting).find(({ peer }) => peer === pool.peer) }))
    .filter(({ waits }) => numberOf(waits?.waiting) >= QUEUED && numberOf(waits?.oldestMs) >= WAITED_MS);
  const [worst] = full;
  if (worst === undefined) return undefined;
  const { pool } = worst;
  const peer = textOf(pool.peer);
  const oldestMs = numberOf(worst.waits?.oldestMs);
  const row = listOf(peers).find(({ name }) => name === peer) ?? {};
  const limit = numberOf(pool.maxSockets, numberOf(pool.active));
  return {
    severity: oldestMs >= CRITICAL_MS ? 'critical' : 'warning',
    context: `${textOf(pool.kind) === 'undici' ? 'The dispatcher of fetch' : 'An http.Agent'} uses all of its ${figure(limit)} connections to ${peer}.`,
    observation: `${figure(numberOf(pool.queued))} requests to ${peer} wait for a connection, the oldest for ${ms(oldestMs)}; within the last minute a request waited ${ms(numberOf(row.queuedMs))} on average and ${ms(numberOf(row.maxQueuedMs))} at most.`,
    hypothesis: isSlowPeer(row)
      ? `${peer} has become slow (half of its answers take ${ms(numberOf(row.p50Ms))}), so each connection is taken for longer.`
      : `More is asked for than ${figure(limit)} connections carry: maxSockets is low for this load, or answers are not read to their end.`,
    subjects: full.slice(0, 3).map((one) => ({
      kind: 'peer',
      name: textOf(one.pool.peer),
      value: numberOf(one.pool.queued),
      unit: 'queued requests',
    })),
  };
}

/** undici tells no limit, but it queues only when there is one. */
const isFull = ({ queued, active, maxSockets, maxTotalSockets }: JsonObject): boolean =>
  numberOf(queued) >= QUEUED &&
  (typeof maxSockets !== 'number' || numberOf(active) >= maxSockets || typeof maxTotalSockets === 'number');
