// The check `postgres.pool_exhausted`: callers wait for a client and get none; who holds the clients is named. Pure.
import type { Check, Conclusion, JsonObject, JsonValue, Subject } from '@nodelens/core';
import { listOf, numberOf, objectOf, type Place, placeOf, textOf } from '../evidence.ts';
import { max } from '../statistics.ts';
import { figure, functionSubject, ms, place } from '../wording.ts';

/** Bursts fill a pool for a moment; whoever waits for a second waits for something that does not come. */
const WAIT_MS = 1_000;
const NAMED = 3;

export const poolExhausted: Check = {
  id: 'postgres.pool_exhausted',
  when: ({ waitingForClient, oldestPoolWaitMs }) =>
    numberOf(waitingForClient) > 0 && numberOf(oldestPoolWaitMs) >= WAIT_MS
      ? { waitingForClient: numberOf(waitingForClient), oldestPoolWaitMs: numberOf(oldestPoolWaitMs) }
      : undefined,
  investigate: 'return await postgres_pools();',
  conclude: (evidence) => conclude(evidence),
  explains: [
    'postgres.errors',
    'http.slow_route',
    'http.error_burst',
    'logger.error_burst',
    'overload.in_flight_growth',
  ],
};

function conclude(evidence: JsonValue): Conclusion | undefined {
  const { pools, isCurrent } = objectOf(evidence);
  const exhausted = listOf(pools).filter(
    ({ waiting, idle, waiters }) =>
      numberOf(waiting) > 0 && numberOf(idle) === 0 && longest(waiters, 'waitedMs') >= WAIT_MS,
  );
  const [worst] = exhausted.sort((a, b) => longest(b.waiters, 'waitedMs') - longest(a.waiters, 'waitedMs'));
  return worst === undefined || isCurrent === false ? undefined : concludePool(worst);
}

const longest = (items: JsonValue | undefined, field: string): number =>
  max(listOf(items).map((item) => numberOf(item[field])));

function concludePool(pool: JsonObject): Conclusion {
  const groups = groupsOf(listOf(pool.holders));
  const [first] = groups;
  const isIdle = first !== undefined && first.idleMs >= WAIT_MS;
  return {
    severity: 'critical',
    context: `Pool ${pool.pool} (${addressOf(pool)}) has ${figure(numberOf(pool.max))} clients at most; all are taken, ${figure(numberOf(pool.waiting))} callers wait, the first for ${ms(longest(pool.waiters, 'waitedMs'))}.`,
    observation:
      groups.slice(0, NAMED).map(sentenceOf).join(' ') || 'The holders of its clients are not known.',
    ...(first !== undefined && {
      hypothesis: isIdle
        ? `${first.at?.name ?? 'The code that took them'} does not release its client on every path, or holds it while it waits for something else.`
        : 'Its queries take longer than the pool has clients for: look at them, not at the size of the pool.',
    }),
    subjects: [...groups.slice(0, NAMED).flatMap(subjectOf), poolSubject(pool)],
  };
}

interface Group {
  readonly at: Place | undefined;
  readonly count: number;
  readonly heldMs: number;
  /** Of the one that has had something to do last; 0 when one is busy. */
  readonly idleMs: number;
  readonly query: string;
}

/** Holders by the place that took them: most clients first, then held longest. */
function groupsOf(holders: readonly JsonObject[]): readonly Group[] {
  const groups = Map.groupBy(holders, ({ frame }) => JSON.stringify(frame ?? null));
  return [...groups.values()]
    .map((group) => ({
      at: placeOf(group[0]?.frame),
      count: group.length,
      heldMs: max(group.map(({ heldMs }) => numberOf(heldMs))),
      idleMs: Math.min(...group.map(({ idleMs }) => numberOf(idleMs))),
      query: textOf(group[0]?.query),
    }))
    .sort((a, b) => b.count - a.count || b.heldMs - a.heldMs);
}

function sentenceOf({ at, count, heldMs, idleMs, query }: Group): string {
  const who = at === undefined ? 'Code that is not known' : place(at);
  const doing = idleMs > 0 ? `no query for ${ms(idleMs)} or more` : 'a query in progress';
  const last = query === '' ? '' : `; last query: ${query.slice(0, 120)}`;
  return `${who} holds ${figure(count)}, the longest for ${ms(heldMs)}, ${doing}${last}.`;
}

const subjectOf = ({ at, count }: Group): Subject[] =>
  at === undefined ? [] : [functionSubject(at, count, 'clients')];

const addressOf = ({ host, port, database }: JsonObject): string =>
  [textOf(host), port ?? '', textOf(database)].join(':').replace(/:([^:]*)$/, '/$1');

const poolSubject = (pool: JsonObject): Subject => ({
  kind: 'peer',
  name: addressOf(pool),
  value: numberOf(pool.waiting),
  unit: 'callers waiting',
});
