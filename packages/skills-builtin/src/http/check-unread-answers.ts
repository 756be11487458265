// The check `http.answers_unread`: answers that nobody reads to their end keep all connections to a peer, and whoever else
// wants something of it waits. A Pool of undici tells no queue: then it shows by a peer that is asked no more. Pure.
import type { Check, Conclusion, JsonObject, JsonValue } from '@nodelens/core';
import { listOf, numberOf, objectOf, type Place, placeOf, textOf } from '../evidence.ts';
import { sum } from '../statistics.ts';
import { figure, functionSubject, mb, ms, place } from '../wording.ts';
import { LONG_MS } from './in-flight.ts';

/** As `http.pool_queue` has it: fewer may wait for a moment. */
const WAITING = 5;
/** So often asked, nobody asks for 5 s by chance less than once in a hundred times (Poisson). */
const OFTEN_PER_SECOND = 1;
/** Of the stacks of a call: it is this function that makes it, and hardly any other. */
const MOST = 0.9;
const MIN_STACKS = 3;
/** So long whatever was in flight beside the newest of them may have taken. */
const SAME_TIME_MS = 1_000;

export const answersUnread: Check = {
  id: 'http.answers_unread',
  when: (snapshot) => {
    const oldestMs = numberOf(snapshot.oldestOutgoingMs);
    const waiting = Math.max(numberOf(snapshot.outgoingWaiting), numberOf(snapshot.servingInFlight));
    return oldestMs >= LONG_MS && waiting >= WAITING ? { oldestMs, waiting } : undefined;
  },
  investigate: `const [unread, callers] = [await http_unread(), await http_callers(120)];
return { unread, callers, ...(await http_pools().catch(() => ({}))) };`,
  conclude: (evidence) => conclude(evidence),
  explains: ['http.pool_queue', 'http.slow_peer', 'http.slow_route', 'overload.in_flight_growth'],
};

function conclude(evidence: JsonValue): Conclusion | undefined {
  const { unread, callers, pools } = objectOf(evidence);
  const isFree = ({ peer }: JsonObject): boolean =>
    listOf(pools).some((pool) => pool.peer === peer && numberOf(pool.queued) < WAITING);
  const worst = listOf(unread).find((row) => isQueue(row) || (isStill(row) && !isFree(row)));
  if (worst === undefined) return undefined;
  const peer = textOf(worst.peer);
  const [most = {}] = listOf(worst.calls);
  const by = callerOf(textOf(most.call), listOf(callers));
  const reader = by === undefined ? 'Who asks' : by.name;
  return {
    severity: 'critical',
    context: `${figure(numberOf(worst.unread))} answers of ${peer} came up to ${ms(numberOf(worst.oldestMs))} ago and have not been read to their end: ${mb(numberOf(worst.unreadBytes) / 1_048_576)} of them lie in the process. Nothing else is in flight to it.`,
    observation: `${standstill(worst)} ${figure(numberOf(most.unread))} of the unread answers are of ${textOf(most.call)}${by === undefined ? '' : `, which ${place(by)} asks for`}.`,
    hypothesis: `${reader} leaves some answers unread, as by an early return or an error between headers and body: each keeps its connection, until the pool has none left. Read, cancel or dump every body.`,
    subjects: [
      ...(by === undefined ? [] : [functionSubject(by, numberOf(most.unread), 'unread answers')]),
      { kind: 'peer', name: peer, value: numberOf(worst.unread), unit: 'unread answers' },
    ],
  };
}

/** Who waits longest would have had the first connection that became free. */
const isQueue = ({ otherwiseInFlight, waiting, waitingMs }: JsonObject): boolean =>
  otherwiseInFlight === 0 && numberOf(waiting) >= WAITING && numberOf(waitingMs) >= LONG_MS;

/** It began when the last connection was kept, not at some other time: then nobody asks for a reason of theirs. */
const isStill = ({ otherwiseInFlight, quietMs, newestMs, perSecond, servedWaiting }: JsonObject): boolean =>
  otherwiseInFlight === 0 &&
  numberOf(quietMs) >= Math.max(LONG_MS, numberOf(newestMs) - SAME_TIME_MS) &&
  numberOf(perSecond) >= OFTEN_PER_SECOND &&
  numberOf(servedWaiting) >= WAITING;

const standstill = (row: JsonObject): string =>
  isQueue(row)
    ? `${figure(numberOf(row.waiting))} requests to it wait for a connection, the oldest for ${ms(numberOf(row.waitingMs))}.`
    : `It was asked ${figure(numberOf(row.perSecond))} times per second within the last minutes and has been asked for nothing since the newest of them came, ${ms(numberOf(row.newestMs))} ago, while ${figure(numberOf(row.servedWaiting))} requests that came since then are not answered.`;

function callerOf(call: string, callers: readonly JsonObject[]): Place | undefined {
  const own = callers.filter((one) => one.call === call);
  const stacks = (some: readonly JsonObject[]): number => sum(some.map(({ samples }) => numberOf(samples)));
  const [most = []] = [...Map.groupBy(own, ({ asker }) => JSON.stringify(asker)).values()].toSorted(
    (a, b) => stacks(b) - stacks(a),
  );
  const isMost = stacks(most) >= Math.max(MIN_STACKS, MOST * stacks(own));
  return isMost ? placeOf(most[0]?.asker) : undefined;
}
