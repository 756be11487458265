// What main tells of the requests in flight, put together by route and peer. Pure.
import type { JsonObject, JsonValue } from '@nodelens/core';
import { listOf, numberOf, textOf } from '../evidence.ts';
import { peerOf, routeOf } from '../requests/route-name.ts';
import { max } from '../statistics.ts';

/** Without an answer for so long: a third of what Envoy waits by default before it gives up (15 s). */
export const LONG_MS = 5_000;
const OLDEST = 20;
const GROUPS = 30;

/** @param answer of the probe's `in-flight` */
export function inFlightOf(answer: JsonValue): JsonObject {
  const requests = listOf(answer);
  const groups = Map.groupBy(requests, (request) => `${textOf(request.side)} ${nameOf(request)}`);
  return {
    told: requests.length,
    oldest: requests.slice(0, OLDEST),
    groups: [...groups.values()]
      .map(groupOf)
      .sort((a, b) => numberOf(b.count) - numberOf(a.count))
      .slice(0, GROUPS),
  };
}

function groupOf(requests: readonly JsonObject[]): JsonObject {
  const [first = {}] = requests;
  const unanswered = requests.filter(({ state }) => state !== 'receiving');
  return {
    side: textOf(first.side),
    name: nameOf(first),
    count: requests.length,
    oldestMs: max(requests.map(({ ageMs }) => numberOf(ageMs))),
    unanswered: unanswered.length,
    unansweredLong: unanswered.filter(({ ageMs }) => numberOf(ageMs) >= LONG_MS).length,
  };
}

const nameOf = ({ side, method, target }: JsonObject): string =>
  side === 'client' ? peerOf(textOf(target)) : `${textOf(method)} ${routeOf(textOf(target))}`;
