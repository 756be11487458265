// The snapshot of `http`: the golden signals of both sides and who is out of line. main is not asked.
import type { JsonObject, ProbeFeed } from '@nodelens/core';
import { numberOf, objectOf, textOf } from '../evidence.ts';
import { oldestServedAtMs } from '../requests/slots.ts';
import { round } from '../wording.ts';
import type { Sources } from './callbacks.ts';
import { isStampede } from './check-same-at-once.ts';
import type { Span } from './counters.ts';
import { peersOf, routesOf } from './figures.ts';
import { isFailing, isSlowPeer, isStorm, risenMs } from './judge.ts';

const FEW = 5;

export function snapshotOf({ context, feed, counters, records, callers, lookups }: Sources): JsonObject {
  const last10s = counters.last(10_000);
  const last20s = counters.last(20_000);
  const last1m = counters.last(60_000);
  const nowMs = context.now();
  const routes = routesOf(records, nowMs, 1);
  const peers = peersOf(records, nowMs, 1);
  const { now } = counters;
  const names = lookups.now();
  return {
    servedPerSecond10s: last10s.perSecond('serverFinished'),
    servedPerSecond1m: last1m.perSecond('serverFinished'),
    servedP50Ms: last1m.quantileMs('server', 0.5),
    servedP99Ms: last1m.quantileMs('server', 0.99),
    server5xxPercent1m: shareOf(last1m, 'server5xx', 'serverFinished'),
    server4xxPercent1m: shareOf(last1m, 'server4xx', 'serverFinished'),
    server5xx20s: last20s.grown('server5xx'),
    server5xxPercent20s: shareOf(last20s, 'server5xx', 'serverFinished'),
    aborted1m: last1m.grown('serverAborted'),
    servingInFlight: now('serverStarted') - now('serverFinished') - now('serverAborted'),
    oldestServingMs: ageOf(oldestServedAtMs(feed.numbers)),
    serverConnections: now('serverConnections'),
    outgoingPerSecond10s: last10s.perSecond('clientStarted'),
    outgoingPerSecond1m: last1m.perSecond('clientStarted'),
    outgoingP50Ms: last1m.quantileMs('client', 0.5),
    outgoingP99Ms: last1m.quantileMs('client', 0.99),
    outgoingFailed1m: last1m.grown('clientFailed') + last1m.grown('client5xx'),
    outgoingInFlight: now('clientStarted') - now('clientFinished') - now('clientFailed'),
    oldestOutgoingMs: ageOf(now('clientOldestAtMs')),
    outgoingWaiting: now('clientWaiting'),
    ...slowest('Route', routes),
    ...slowest('Peer', peers),
    suspectRoutes: namesOf(routes.filter((row) => risenMs(row) > 0)),
    failingRoutes: namesOf(routes.filter(isFailing)),
    suspectPeers: namesOf(peers.filter((row) => isFailing(row) || isSlowPeer(row) || isSlow(row))),
    stormyPeers: namesOf(peers.filter(isStorm)),
    lookupMs: names.medianMs ?? 0,
    lookupsFailed10s: numberOf(names.failed),
    sameAtOnce: callsOf(callers.bursts(60).filter(isStampede)),
    unavailable: unavailable(feed),
  };
}

const shareOf = (
  span: Span,
  part: Parameters<Span['grown']>[0],
  whole: Parameters<Span['grown']>[0],
): number => {
  const all = span.grown(whole);
  return all === 0 ? 0 : round((100 * span.grown(part)) / all);
};

/** From the probe's clock, which no change of the wall clock moves. */
const ageOf = (atMs: number): number =>
  atMs === 0 ? 0 : Math.max(0, Math.round(performance.timeOrigin + performance.now() - atMs));

/** The one whose p95 is highest, of those with enough requests in the last minute. */
function slowest(what: 'Route' | 'Peer', rows: readonly JsonObject[]): JsonObject {
  const [worst] = rows
    .filter(({ count }) => numberOf(count) >= FEW)
    .sort((a, b) => numberOf(b.p95Ms) - numberOf(a.p95Ms));
  return {
    [`slowest${what}`]: worst === undefined ? null : textOf(worst.name),
    [`slowest${what}P95Ms`]: numberOf(worst?.p95Ms),
  };
}

/** Worth a look also where nothing is known of before: `http.slow_peer` judges. */
const isSlow = ({ present, usual }: JsonObject): boolean =>
  usual === null && numberOf(objectOf(present).p50Ms) >= 1_000;

const namesOf = (rows: readonly JsonObject[]): readonly string[] =>
  rows.slice(0, 5).map(({ name }) => textOf(name));

const callsOf = (rows: readonly JsonObject[]): readonly string[] =>
  rows.slice(0, 5).map(({ call }) => textOf(call));

/** What cannot be told, by name. */
const unavailable = ({ failure, numbers }: ProbeFeed): readonly string[] => {
  if (failure !== undefined) return [`requests: ${failure}`];
  return numbers.length === 0 ? ['requests: the probe on main has not reported yet'] : [];
};
