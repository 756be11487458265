// What is out of line: the thresholds that the checks of `http` share, each with its source. Pure.
import type { JsonObject } from '@nodelens/core';
import { numberOf, objectOf } from '../evidence.ts';

/**
 * Slower than usual: three times and 100 ms (Nielsen: 0.1 s is what a user feels as instantaneous). Both, for a cached
 * answer of 1 ms that takes 4 ms harms nobody.
 */
const SLOWER_TIMES = 3;
const SLOWER_MS = 100;
/** One failing in five: the SRE workbook pages at 14.4 times a budget of 0.1 %; this is far above any such budget. */
export const FAILING_PERCENT = 20;
const FAILING_COUNT = 5;
/** Fewer within the window say nothing of a median. */
export const ENOUGH = 10;
/** main itself stood still for so much of the window: what is slow is then its own doing. */
const STALLED_SHARE = 0.2;

/** @param row one of `http_routes` or of the calls of `http_peers` */
export function risenMs(row: JsonObject): number {
  const { present, usual } = objectsOf(row);
  // What waits for a connection waits for the app's own pool, not for the peer.
  const now = numberOf(present.p50Ms) - numberOf(present.queuedMs);
  const before = numberOf(usual.p50Ms) - numberOf(usual.queuedMs);
  const isSlower =
    numberOf(present.count) >= ENOUGH &&
    numberOf(usual.slices) >= 1 &&
    now >= SLOWER_TIMES * before &&
    now - before >= SLOWER_MS;
  return isSlower ? now - before : 0;
}

/** One in five fails. */
export function isFailing(row: JsonObject): boolean {
  const { present } = objectsOf(row);
  return numberOf(present.failures) >= FAILING_COUNT && numberOf(present.failedPercent) >= FAILING_PERCENT;
}

/** @param main as `own-delay` tells it */
export function isOwnDelay(main: JsonObject, risen: number): boolean {
  const windowMs = numberOf(main.windowSeconds) * 1_000;
  return (
    numberOf(main.delayP99Ms) >= risen / 2 ||
    (windowMs > 0 && numberOf(main.stalledMs) >= STALLED_SHARE * windowMs)
  );
}

export const objectsOf = (row: JsonObject): { readonly present: JsonObject; readonly usual: JsonObject } => ({
  present: objectOf(row.present),
  usual: objectOf(row.usual),
});

/** Asked twice as often for each request that is served; where nothing is served, twice as often. */
const STORM_TIMES = 2;
const STORM_COUNT = 30;

/** It fails, and more is asked of it because of that, it seems. @param row one of `http_peers` */
export function isStorm(row: JsonObject): boolean {
  const { present } = objectsOf(row);
  const isMore = hasRatio(row) ? isAskedMore(row, 'perServed') : isAskedMore(row, 'perSecond');
  return isFailing(row) && numberOf(present.count) >= STORM_COUNT && isMore;
}

/** Of what is served and what is asked both rates are known, now and before. */
export function hasRatio(row: JsonObject): boolean {
  const { present, usual } = objectsOf(row);
  return numberOf(usual.perServed) > 0 && typeof present.perServed === 'number';
}

export function isAskedMore(row: JsonObject, by: 'perServed' | 'perSecond'): boolean {
  const { present, usual } = objectsOf(row);
  return numberOf(usual[by]) > 0 && numberOf(present[by]) >= STORM_TIMES * numberOf(usual[by]);
}

/** Most of what is asked of the peer, call by call, is slower than usual. @param row one of `http_peers` */
export const isSlowPeer = (row: JsonObject): boolean => numberOf(row.slowerPercent) >= 50;
