// The check `overload.in_flight_growth`: more and more requests are in flight, and what they wait for is known. Without
// that knowledge it is silent: clients that keep a request open on purpose look the same. Pure.
import type { Check, Conclusion, JsonObject, JsonValue, Subject } from '@nodelens/core';
import { listOf, numberOf, objectOf, textOf } from '../evidence.ts';
import { figure, ms, percent } from '../wording.ts';
import { LOOKED_AT } from './in-flight.ts';

/** Twenty more, and half as many again, within twenty seconds of steady growth. */
const RISEN = 20;
const RISEN_FACTOR = 1.5;
/** So much of what is in flight must wait for the same. */
const MAIN_SHARE = 0.5;
const FULL_LOOP = 0.9;
const SLOW_WAIT_MS = 100;
/** A stay half as long again. */
const LONGER_STAY = 1.5;
const MANY = 1_000;

export const inFlightGrowth: Check = {
  id: 'overload.in_flight_growth',
  when: (snapshot) => {
    const from = numberOf(snapshot.inFlightFrom20sAgo);
    const inFlight = numberOf(snapshot.inFlight);
    const hasRisen = inFlight - from >= RISEN && inFlight >= RISEN_FACTOR * from;
    return snapshot.inFlightGrowsSteadily === true && hasRisen ? { from, inFlight } : undefined;
  },
  investigate: `const arrivals = await overload_arrivals(2);
const groups = await overload_in_flight().catch(() => []);
const pools = await overload_pools().catch(() => undefined);
const queues = await overload_queues();
const bottlenecks = await overload_bottleneck();
return { arrivals, groups, pools, queues, bottlenecks };`,
  conclude,
  explains: ['runtime.memory_growth', 'collections.unbounded_growth'],
};

interface WaitsFor {
  readonly observation: string;
  readonly hypothesis: string;
  readonly subjects: readonly Subject[];
}

function conclude(evidence: JsonValue): Conclusion | undefined {
  const { arrivals, groups, pools, queues, bottlenecks } = objectOf(evidence);
  const { reason, before, now } = objectOf(arrivals);
  const growth = listOf(queues).find(({ queue }) => queue === 'requests in flight');
  if (growth?.growsSteadily !== true) return undefined;
  const [was, is] = [objectOf(before), objectOf(now)];
  const staysLonger =
    is.staysMs === null || numberOf(is.staysMs) >= LONGER_STAY * numberOf(was.staysMs, Infinity);
  // More load that is served as fast as before is no overload.
  if (reason === 'unclear' || (reason === 'arrivals-rose' && !staysLonger)) return undefined;
  const inFlight = numberOf(growth.length);
  const isLoopFull = listOf(bottlenecks).some(({ where, behind }) => where === 'loop' && behind === null);
  const waits =
    outgoing(listOf(groups), inFlight, { pools, isLoopFull }) ??
    inside(listOf(bottlenecks)) ??
    stuck(listOf(groups), inFlight);
  if (waits === undefined) return undefined;
  return {
    severity: numberOf(is.completionsPerSecond) === 0 || inFlight >= MANY ? 'critical' : 'warning',
    context: `${figure(inFlight)} requests are in flight, ${figure(numberOf(growth.growthPerMinute))} more with each minute.`,
    observation: `${flowText(textOf(reason), was, is)} ${waits.observation}`,
    hypothesis: waits.hypothesis,
    subjects: waits.subjects,
  };
}

function flowText(reason: string, before: JsonObject, now: JsonObject): string {
  const rates = `${figure(numberOf(now.arrivalsPerSecond))} requests arrive and ${figure(numberOf(now.completionsPerSecond))} are completed per second; before the growth it was ${figure(numberOf(before.arrivalsPerSecond))} and ${figure(numberOf(before.completionsPerSecond))}`;
  const stays =
    typeof now.staysMs === 'number' && typeof before.staysMs === 'number'
      ? `. By Little's law a request stays ${ms(now.staysMs)}, where it stayed ${ms(before.staysMs)} (means, with those that are held open)`
      : '';
  const verdict: { readonly [reason: string]: string } = {
    'arrivals-rose': 'More requests arrive than can be served',
    'service-slowed': 'The service became slower; the load did not rise',
    both: 'More requests arrive, and fewer are completed than before',
  };
  return `${verdict[reason] ?? ''}: ${rates}${stays}.`;
}

/** They wait for another service. */
function outgoing(
  groups: readonly JsonObject[],
  inFlight: number,
  { pools, isLoopFull }: { readonly pools: JsonValue | undefined; readonly isLoopFull: boolean },
): WaitsFor | undefined {
  const seen = groups.filter(({ side }) => side === 'server').reduce(sumOf, 0);
  const peers = Map.groupBy(
    groups.filter(({ side }) => side === 'client'),
    ({ peer }) => textOf(peer),
  );
  const [worst] = [...peers].sort(([, a], [, b]) => b.reduce(waitingOf, 0) - a.reduce(waitingOf, 0));
  if (worst === undefined) return undefined;
  const [peer, flights] = worst;
  const count = flights.reduce(waitingOf, 0);
  // Without knowing how long it usually takes, a long poll that is passed on looks the same.
  const isStuck = flights.some((one) => one.isStuck === true);
  // Some are answered still, so those set the present usual. A loop without idle time would delay them itself.
  const isSlowed = !isLoopFull && flights.some((one) => one.isSlowed === true);
  const notSent = flights.reduce((total, one) => total + numberOf(one.notSent), 0);
  const isHeldBack = notSent >= MAIN_SHARE * count;
  if (!(isStuck || isSlowed || isHeldBack) || count < MAIN_SHARE * Math.max(1, Math.min(seen, inFlight)))
    return undefined;
  const [top = {}] = flights;
  const usualMs = isStuck ? top.usualMs : (top.usualBeforeMs ?? top.usualMs);
  const pool = listOf(objectOf(pools).pools).find((one) => textOf(one.peer) === peer);
  return {
    observation: `Of the ${LOOKED_AT} oldest in flight ${figure(count)} outgoing requests wait for ${peer} (${textOf(top.route)}), half of them for ${ms(numberOf(top.medianAgeMs))} or more${typeof usualMs === 'number' ? ` where ${ms(usualMs)} were usual` : ''}.${isHeldBack ? ` ${figure(notSent)} of them are not sent${pool !== undefined && typeof pool.maxSockets === 'number' ? `: the agent has ${figure(numberOf(pool.active))} of ${figure(pool.maxSockets)} connections in use` : ', for want of a connection'}.` : ''}`,
    hypothesis: isHeldBack
      ? `The pool of connections to ${peer} is too small for this load, or ${peer} keeps them for too long.`
      : `${peer} answers too slowly, and the requests that need it pile up.`,
    subjects: [{ kind: 'peer', name: peer, value: count, unit: 'requests' }],
  };
}

const sumOf = (total: number, { count }: JsonObject): number => total + numberOf(count);

/** Without those whose answer has begun: they are being received. */
const waitingOf = (total: number, { count, receiving }: JsonObject): number =>
  total + numberOf(count) - numberOf(receiving);

/** They wait for something of this process. */
function inside(bottlenecks: readonly JsonObject[]): WaitsFor | undefined {
  const first = bottlenecks.find(({ behind }) => behind === null);
  // Outgoing requests grow too, and it is not known which: nothing of this process is to blame for that.
  if (bottlenecks.some(({ where, behind }) => where === 'outgoing' && behind === null)) return undefined;
  if (first?.where === 'loop' && numberOf(first.saturation) >= (FULL_LOOP - 0.7) / 0.3)
    return {
      observation: textOf(first.evidence),
      hypothesis: "The main thread's CPU is what they wait for.",
      subjects: [{ kind: 'process', name: 'event loop', value: 100 * numberOf(first.saturation), unit: '%' }],
    };
  if (first?.where === 'threadpool' && numberOf(first.saturation) >= SLOW_WAIT_MS / 200)
    return {
      observation: textOf(first.evidence),
      hypothesis: "They wait for libuv's threads (files, names, crypto, compression).",
      subjects: [{ kind: 'resource', name: 'threadpool' }],
    };
  return undefined;
}

/** A route that used to answer, and does not: for what cannot be seen. */
function stuck(groups: readonly JsonObject[], inFlight: number): WaitsFor | undefined {
  const served = groups.filter(({ side }) => side === 'server');
  const [route] = served.filter(({ isStuck }) => isStuck === true);
  if (route === undefined) return undefined;
  const share = numberOf(route.count) / Math.max(1, Math.min(inFlight, served.reduce(sumOf, 0)));
  if (share < MAIN_SHARE) return undefined;
  return {
    observation: `${percent(share)} of them are ${textOf(route.route)}, half of these ${ms(numberOf(route.medianAgeMs))} old or more where ${ms(numberOf(route.usualMs))} were usual. No HTTP request of this process, no thread and no CPU is what they wait for.`,
    hypothesis:
      'They wait for something without a queue that can be seen, such as a database, a lock or a timer.',
    subjects: [
      { kind: 'endpoint', name: textOf(route.route), value: numberOf(route.count), unit: 'requests' },
    ],
  };
}
