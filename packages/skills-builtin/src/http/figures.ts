// What callbacks and snapshot tell of routes and peers: totals of a window, with present and usual beside them. Pure.
import type { JsonObject } from '@nodelens/core';
import { numberOf, objectOf, textOf } from '../evidence.ts';
import { peerOfCall } from '../requests/route-name.ts';
import { max, sum } from '../statistics.ts';
import { type Compared, compare, totals } from './comparison.ts';
import { risenMs } from './judge.ts';
import type { Records } from './records.ts';

const CALLS_TOLD = 8;

const beside = (compared: readonly Compared[], name: string): JsonObject => {
  const { present = null, usual = null } = compared.find((one) => one.name === name) ?? {};
  return { present: present && { ...present }, usual: usual && { ...usual } };
};

export function routesOf(records: Records, nowMs: number, minutes: number): readonly JsonObject[] {
  const compared = compare(records, 'route', nowMs);
  return totals(records, 'route', nowMs, minutes).map((row) => ({
    ...row,
    ...beside(compared, textOf(row.name)),
  }));
}

/** By origin; whether a peer is slower is judged call by call, for a peer that is asked for other things is not slow. */
export function peersOf(records: Records, nowMs: number, minutes: number): readonly JsonObject[] {
  const calls = compare(records, 'call', nowMs).map((call) => ({ ...call, usual: call.usual ?? null }));
  const peers = compare(records, 'peer', nowMs);
  return totals(records, 'peer', nowMs, minutes).map((row) => {
    const own = calls.filter(({ name }) => peerOfCall(name) === row.name) as unknown as readonly JsonObject[];
    return {
      ...row,
      ...beside(peers, textOf(row.name)),
      ...slowness(own),
      calls: own.slice(0, CALLS_TOLD),
    };
  });
}

/** How much of what is asked of a peer is slower than usual, and by how much. */
function slowness(calls: readonly JsonObject[]): JsonObject {
  const weighed = calls
    .filter(({ usual }) => usual !== null)
    .map((call) => ({ perSecond: numberOf(objectOf(call.present).perSecond), risenMs: risenMs(call) }));
  const slow = weighed.filter((call) => call.risenMs > 0);
  const all = sum(weighed.map(({ perSecond }) => perSecond));
  return {
    slowerPercent: all === 0 ? 0 : Math.round((100 * sum(slow.map(({ perSecond }) => perSecond))) / all),
    risenMs: Math.round(max(slow.map((call) => call.risenMs))),
  };
}
