// Answers that have come and are not read to their end, by peer: each keeps its connection. Beside them whatever tells
// whether others go without one for it: a queue, or that a peer which was asked all the time is asked no more. Pure.
import type { JsonObject, JsonValue } from '@nodelens/core';
import { listOf, numberOf, textOf } from '../evidence.ts';
import { callOf, peerOf } from '../requests/route-name.ts';
import { max, sum } from '../statistics.ts';
import { LONG_MS } from './in-flight.ts';

const CALLS_TOLD = 5;
/** Nielsen: 1 s is where a user's flow of thought breaks. */
const WAITED_MS = 1_000;

/**
 * @param answer of the probe's `in-flight`
 * @param peers rows of `http_peers`, of so long a time that they tell also what is asked for no more
 */
export function unreadAnswersOf(answer: JsonValue, peers: readonly JsonObject[]): readonly JsonObject[] {
  const requests = listOf(answer);
  const served = requests.filter(({ side }) => side === 'server');
  const asked = requests.filter(({ side }) => side === 'client');
  return [...Map.groupBy(asked, ({ target }) => peerOf(textOf(target)))]
    .map(([peer, own]) => {
      const row = peers.find(({ name }) => name === peer);
      return peerRow({ peer, own, row, served });
    })
    .filter(({ unread }) => numberOf(unread) > 0)
    .sort((a, b) => numberOf(b.unread) - numberOf(a.unread));
}

interface Peer {
  readonly peer: string;
  /** What is in flight to it. */
  readonly own: readonly JsonObject[];
  readonly row: JsonObject | undefined;
  readonly served: readonly JsonObject[];
}

function peerRow({ peer, own, row, served }: Peer): JsonObject {
  const waiting = own.filter(({ state }) => state === 'waiting');
  const held = own.filter(isHeld);
  const ages = held.map(({ answeredAgoMs }) => numberOf(answeredAgoMs));
  const begun = own.filter(({ state }) => state !== 'waiting').map(({ ageMs }) => numberOf(ageMs));
  const quietMs = Math.min(...begun, numberOf(row?.lastAgoMs, Number.POSITIVE_INFINITY));
  return {
    peer,
    unread: held.length,
    unreadBytes: sum(held.map(({ unreadBytes }) => numberOf(unreadBytes))),
    oldestMs: max(ages),
    newestMs: held.length === 0 ? 0 : Math.min(...ages),
    otherwiseInFlight: own.length - held.length - waiting.length,
    waiting: waiting.length,
    waitingMs: max(waiting.map(({ ageMs }) => numberOf(ageMs))),
    quietMs: Number.isFinite(quietMs) ? quietMs : 0,
    perSecond: numberOf(row?.perSecond),
    servedWaiting: served.filter(({ ageMs }) => numberOf(ageMs) >= WAITED_MS && numberOf(ageMs) <= quietMs)
      .length,
    calls: callsOf(held),
  };
}

/** It came long ago, and there is something to read. */
const isHeld = ({ state, answeredAgoMs, unreadBytes }: JsonObject): boolean =>
  state === 'receiving' && numberOf(answeredAgoMs) >= LONG_MS && numberOf(unreadBytes) > 0;

const callsOf = (held: readonly JsonObject[]): readonly JsonObject[] =>
  [...Map.groupBy(held, ({ method, target }) => callOf(textOf(method), textOf(target)))]
    .map(([call, ones]) => ({ call, unread: ones.length }))
    .sort((a, b) => b.unread - a.unread)
    .slice(0, CALLS_TOLD);
