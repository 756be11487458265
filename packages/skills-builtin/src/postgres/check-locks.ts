// The check `postgres.lock_wait`: queries of this app wait for a lock, and who has it is named. Pure.
import type { Check, Conclusion, JsonObject, JsonValue, Subject } from '@nodelens/core';
import { listOf, numberOf, objectOf, placeOf, textOf } from '../evidence.ts';
import { figure, functionSubject, ms, place } from '../wording.ts';

/** PostgreSQL's deadlock_timeout, after which it logs a wait for a lock. */
const WAIT_MS = 1_000;
const MANY = 3;

export const lockWait: Check = {
  id: 'postgres.lock_wait',
  when: ({ oldestInFlightMs }) =>
    numberOf(oldestInFlightMs) >= WAIT_MS ? { oldestInFlightMs: numberOf(oldestInFlightMs) } : undefined,
  investigate: `const running = await postgres_in_flight();
const locks = await postgres_server_locks();
return { running, locks };`,
  conclude: (evidence) => conclude(evidence),
  explains: [
    'postgres.slow_query',
    'postgres.pool_exhausted',
    'http.slow_route',
    'overload.in_flight_growth',
  ],
};

function conclude(evidence: JsonValue): Conclusion | undefined {
  const { running, locks } = objectOf(evidence);
  const ours = new Map(listOf(running).map((query) => [query.serverPid, query]));
  const blocked = listOf(objectOf(locks).blocked).filter(
    ({ pid, waitingMs }) => ours.has(pid) && numberOf(waitingMs) >= WAIT_MS,
  );
  const [first] = blocked;
  if (first === undefined) return undefined;
  const blockers = blocked.flatMap(({ blockedBy }) => listOf(blockedBy));
  // Those that wait in the same queue block those behind them; only the head of it holds the lock.
  const holder = blockers.find(({ isBlockedItself }) => isBlockedItself !== true) ?? blockers[0];
  const lock = objectOf(first.lock);
  return {
    severity: blocked.length >= MANY ? 'critical' : 'warning',
    context: `${figure(blocked.length)} ${blocked.length === 1 ? 'query of this process waits' : 'queries of this process wait'} for a lock${textOf(lock.table) === '' ? '' : ` on ${textOf(lock.table)}`} (${textOf(lock.mode) || 'mode unknown'}), the first for ${ms(numberOf(first.waitingMs))}: ${textOf(first.query).slice(0, 200)}`,
    observation: holder === undefined ? 'The holder of the lock is gone.' : sentenceOf(holder),
    ...(holder?.state === 'idle in transaction' && {
      hypothesis: 'The transaction stays open while its owner does something else, or was never ended.',
    }),
    subjects: [
      ...(holder === undefined ? [] : subjectsOf(holder)),
      ...waiterSubjects(ours.get(first.pid), first),
    ],
  };
}

function sentenceOf(holder: JsonObject): string {
  const client = objectOf(holder.client);
  const at = placeOf(client.frame);
  const who =
    at !== undefined
      ? `${place(at)} of this process`
      : client.heldMs !== undefined
        ? 'Another client of this process'
        : `Another client of the server (process ${holder.pid}, user ${textOf(holder.user)}, application "${textOf(holder.application)}")`;
  const inState =
    textOf(holder.state) === '' ? '' : `, ${textOf(holder.state)} for ${ms(numberOf(holder.inStateMs))}`;
  return `${who} holds it: its transaction is ${ms(numberOf(holder.transactionMs))} old${inState}; its last query: ${textOf(holder.query).slice(0, 200)}`;
}

function subjectsOf(holder: JsonObject): Subject[] {
  const at = placeOf(objectOf(holder.client).frame);
  const value = numberOf(holder.transactionMs);
  return at === undefined
    ? [{ kind: 'peer', name: `PostgreSQL process ${holder.pid}`, value, unit: 'ms' }]
    : [functionSubject(at, value, 'ms')];
}

function waiterSubjects(query: JsonObject | undefined, { waitingMs }: JsonObject): Subject[] {
  const at = placeOf(query?.frame);
  return at === undefined ? [] : [functionSubject(at, numberOf(waitingMs), 'ms waiting')];
}
