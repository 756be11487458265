// What the recorder keeps of the app's lines: the newest, the newest severe ones (a flood of others must not push them
// out), counts by level, and patterns. All of it bounded. Newest first.
import { isAtLeast, LEVELS, type Level } from './levels.ts';
import { createMiner, type Miner } from './miner.ts';
import type { LogLine } from './read-line.ts';
import { createSeries, type Series } from './series.ts';

export interface KeptLine extends LogLine {
  readonly patternId: string;
}

export interface LogStore {
  /** Answers the id of its pattern. */
  add(line: LogLine): string;
  /** Newest first; of all levels, or of those that are at least `least`. */
  lines(least?: Level): readonly KeptLine[];
  /** How many lines of the levels from `least` on were read in the last `windowMs` (15 minutes at most). */
  count(windowMs: number, nowMs: number, least?: Level): number;
  readonly miner: Miner;
}

const RECENT = 2_000;
const SEVERE = 500;

export function createLogStore(): LogStore {
  const miner = createMiner();
  const recent = createKeeper(RECENT);
  const severe = createKeeper(SEVERE);
  const series = new Map<Level, Series>(LEVELS.map((level) => [level, createSeries()]));
  return {
    miner,
    add(line) {
      const kept: KeptLine = { ...line, patternId: miner.add(line) };
      series.get(line.level)?.add(line.atMs);
      recent.push(kept);
      if (isAtLeast(line.level, 'warn')) severe.push(kept);
      return kept.patternId;
    },
    lines(least) {
      const ofLevel = (lines: readonly KeptLine[]): readonly KeptLine[] =>
        least === undefined ? lines : lines.filter(({ level }) => isAtLeast(level, least));
      const newest = recent.newest();
      const oldestMs = newest.at(-1)?.atMs ?? Number.POSITIVE_INFINITY;
      const known = new Set(newest);
      const older = severe.newest().filter((line) => line.atMs <= oldestMs && !known.has(line));
      return ofLevel([...newest, ...older]);
    },
    count: (windowMs, nowMs, least = 'debug') =>
      LEVELS.filter((level) => isAtLeast(level, least)).reduce(
        (total, level) => total + (series.get(level)?.sum(windowMs, nowMs) ?? 0),
        0,
      ),
  };
}

function createKeeper(capacity: number): { push(line: KeptLine): void; newest(): readonly KeptLine[] } {
  // Oldest first; trimmed in bulk, so that a push is O(1) on average.
  let lines: KeptLine[] = [];
  return {
    push(line) {
      lines.push(line);
      if (lines.length >= capacity * 2) lines = lines.slice(-capacity);
    },
    newest: () => lines.slice(-capacity).reverse(),
  };
}
