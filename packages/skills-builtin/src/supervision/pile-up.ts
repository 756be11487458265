// Which groups of child processes become more and more. Pure.
import { round } from '../wording.ts';
import { type Group, groupsOf } from './groups.ts';
import type { Life } from './life.ts';

/** Ours: more than a pool has, one for each core of a large machine. */
const MANY = 24;
const WINDOW_MS = 60_000;
/** A start of many at once is no growth. */
const MIN_SPAN_MS = 8_000;
const PARTS = 4;

export interface PileUp extends Omit<Group, 'lives'> {
  readonly alive: number;
  readonly risenPerMinute: number;
  readonly oldestMs: number;
  /** There are many, and they became more in each part of the time looked at. */
  readonly isGrowing: boolean;
}

/** Of the child processes that live, the most first. */
export function pileUpsOf(lives: readonly Life[], nowMs: number): readonly PileUp[] {
  return groupsOf(lives.filter(({ kind }) => kind === 'child'))
    .map((group) => pileUpOf(group, nowMs))
    .filter(({ alive }) => alive > 0)
    .sort((a, b) => Number(b.isGrowing) - Number(a.isGrowing) || b.alive - a.alive);
}

function pileUpOf({ lives, ...group }: Group, nowMs: number): PileUp {
  const firstMs = lives[0]?.startedAtMs ?? nowMs;
  const spanMs = Math.max(1, Math.min(WINDOW_MS, nowMs - firstMs));
  const counts = Array.from({ length: PARTS + 1 }, (_, part) =>
    aliveAt(lives, nowMs - spanMs + (spanMs * part) / PARTS),
  );
  const alive = counts[PARTS] ?? 0;
  const living = lives.filter(({ endedAtMs }) => endedAtMs === undefined);
  return {
    ...group,
    alive,
    risenPerMinute: round(((alive - (counts[0] ?? 0)) * 60_000) / spanMs),
    oldestMs: nowMs - (living[0]?.startedAtMs ?? nowMs),
    isGrowing:
      alive >= MANY &&
      spanMs >= MIN_SPAN_MS &&
      counts.every((count, part) => part === 0 || count > (counts[part - 1] ?? 0)),
  };
}

const aliveAt = (lives: readonly Life[], atMs: number): number =>
  lives.filter(({ startedAtMs, endedAtMs }) => startedAtMs <= atMs && (endedAtMs ?? Infinity) > atMs).length;
