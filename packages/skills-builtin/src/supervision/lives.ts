// All lives that the probe told, bounded: the living, the ended of late, and what became of Nodelens' own parts.
import type { JsonObject, ProbeFeed } from '@nodelens/core';
import { numberOf, textOf } from '../evidence.ts';
import { beginLife, continueLife, isLifeKind, type Life } from './life.ts';

const ALIVE_KEPT = 2_000;
const ENDED_KEPT = 1_000;
const OWN_KEPT = 200;

/** What became of a part of Nodelens. */
export interface OwnEvent {
  readonly what: string;
  readonly name: string;
  readonly message: string;
  readonly atMs: number;
}

export interface Lives {
  /** Newest start first. */
  alive(): readonly Life[];
  /** Newest end first. */
  ended(): readonly Life[];
  /** Newest first. */
  own(): readonly OwnEvent[];
  /** Main no longer knows those: their end was lost. */
  forget(isGone: (life: Life) => boolean): void;
}

export function keepLives(feed: ProbeFeed): Lives {
  const alive = new Map<number, Life>();
  let ended: Life[] = [];
  let own: OwnEvent[] = [];
  const begin = (life: Life): void => {
    alive.set(life.id, life);
    if (alive.size > ALIVE_KEPT) alive.delete(alive.keys().next().value as number);
  };
  const proceed = (life: Life, event: JsonObject): void => {
    continueLife(life, event);
    if (life.endedAtMs === undefined) return;
    alive.delete(life.id);
    ended.push(life);
    // In bulk, so that a flood costs no copy for each.
    if (ended.length >= 2 * ENDED_KEPT) ended = ended.slice(-ENDED_KEPT);
  };
  feed.onEvent((event) => {
    const kind = textOf(event.kind);
    if (kind === 'nodelens') own = [...own, ownEventOf(event)].slice(-OWN_KEPT);
    if (!isLifeKind(kind)) return;
    const known = alive.get(numberOf(event.id));
    if (event.what === 'started') begin(beginLife(event, kind));
    else if (known !== undefined) proceed(known, event);
  });
  return {
    alive: () => [...alive.values()].reverse(),
    ended: () => ended.slice(-ENDED_KEPT).reverse(),
    own: () => own.toReversed(),
    forget(isGone) {
      for (const life of alive.values()) if (isGone(life)) alive.delete(life.id);
    },
  };
}

const ownEventOf = (event: JsonObject): OwnEvent => ({
  what: textOf(event.what),
  name: textOf(event.name),
  message: textOf(event.errorMessage),
  atMs: numberOf(event.atMs),
});
