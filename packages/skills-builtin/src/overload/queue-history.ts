// The history of every queue: one bounded ring of figures each, so that growth is told from what was, not guessed.
import type { Point } from './growth.ts';

export type Layer = 'loop' | 'accept' | 'receive' | 'send' | 'in-flight' | 'outgoing' | 'pool' | 'threadpool';

export interface QueueKind {
  readonly name: string;
  readonly layer: Layer;
  readonly unit: 'ms' | 'connections' | 'requests' | 'bytes' | 'tasks';
  readonly limit?: number;
  /** Where the limit is known from. */
  readonly limitSource?: string;
}

export interface Queue extends QueueKind {
  /** Since when it has not been empty (wall-clock ms); undefined while it is. */
  readonly sinceMs: number | undefined;
}

export interface QueueHistory {
  record(kind: QueueKind, atMs: number, length: number): void;
  /** Those with a reading in the last `withinMs`. */
  queues(nowMs: number, withinMs: number): readonly Queue[];
  /** Oldest first, of the last `windowMs`. */
  points(name: string, nowMs: number, windowMs: number): readonly Point[];
}

/** Half an hour of seconds: 28 KB for each queue. */
const CAPACITY = 1_800;
const MAX_QUEUES = 64;

interface Kept {
  kind: QueueKind;
  readonly times: Float64Array;
  readonly values: Float64Array;
  written: number;
  sinceMs: number | undefined;
}

export function createQueueHistory(): QueueHistory {
  const all = new Map<string, Kept>();
  return {
    record(kind, atMs, length) {
      const kept = all.get(kind.name) ?? add(all, kind);
      kept.kind = kind;
      kept.times[kept.written % CAPACITY] = atMs;
      kept.values[kept.written % CAPACITY] = length;
      kept.written += 1;
      kept.sinceMs = length > 0 ? (kept.sinceMs ?? atMs) : undefined;
    },
    queues: (nowMs, withinMs) =>
      [...all.values()]
        .filter((kept) => lastAt(kept) >= nowMs - withinMs)
        .map(({ kind, sinceMs }) => ({ ...kind, sinceMs })),
    points(name, nowMs, windowMs) {
      const kept = all.get(name);
      return kept === undefined ? [] : pointsOf(kept, nowMs - windowMs);
    },
  };
}

/** The queue that has been silent for longest makes room. */
function add(all: Map<string, Kept>, kind: QueueKind): Kept {
  if (all.size >= MAX_QUEUES) {
    const [oldest] = [...all.values()].sort((a, b) => lastAt(a) - lastAt(b));
    if (oldest !== undefined) all.delete(oldest.kind.name);
  }
  const kept: Kept = {
    kind,
    times: new Float64Array(CAPACITY),
    values: new Float64Array(CAPACITY),
    written: 0,
    sinceMs: undefined,
  };
  all.set(kind.name, kept);
  return kept;
}

const lastAt = ({ times, written }: Kept): number => times[(written - 1) % CAPACITY] ?? 0;

function pointsOf({ times, values, written }: Kept, fromMs: number): readonly Point[] {
  const points: Point[] = [];
  for (let i = written - 1; i >= Math.max(0, written - CAPACITY); i -= 1) {
    const atMs = times[i % CAPACITY] as number;
    if (atMs < fromMs) break;
    points.push({ atMs, value: values[i % CAPACITY] as number });
  }
  return points.reverse();
}
