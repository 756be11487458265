// The memory that main writes and the recorder reads: last beat, counters of the last second, a ring of garbage
// collections. Numbers only, one writer for each; reading never touches main, so it works while main is blocked.
import { createHistogram, type RecordableHistogram } from 'node:perf_hooks';

/** How often main beats, in ms. */
export const BEAT_MS = 20;
/** How often it beats at rest, while hardly anything turns its loop: each wake-up costs an idle process (decision 006). */
export const IDLE_BEAT_MS = 500;
/** A beat that is overdue by so much is a block, in ms: two beats of a main that is in use. */
export const BLOCKED_MS = 40;

/** Slots of the numbers; times are monotonic ms, memory is bytes, cpu is ms. */
export const slot = {
  beatAt: 0,
  publishedAt: 1,
  loopActive: 2,
  loopIdle: 3,
  mainCpu: 4,
  heapUsed: 5,
  heapTotal: 6,
  external: 7,
  arrayBuffers: 8,
  /** The interval of the beat that is due next. */
  beatEvery: 9,
  /** Written by the recorder: when it last saw that main had been blocked, and did not only lack a core. */
  blockedAt: 10,
} as const;

const NUMBERS = 16;
const GC_CAPACITY = 512;
const GC_FIELDS = 4;

/** What travels to the recorder thread. */
export interface SharedMemory {
  readonly buffer: SharedArrayBuffer;
  /** Delay of each beat in microseconds; a clone is the same live memory. */
  readonly delays: RecordableHistogram;
}

export interface RawGc {
  /** Monotonic ms of its start. */
  readonly at: number;
  readonly kind: number;
  readonly durationMs: number;
  readonly flags: number;
}

export interface Heartbeat {
  readonly numbers: Float64Array;
  readonly delays: RecordableHistogram;
  /** Main only. */
  pushGc(event: RawGc): void;
  /** How many have been pushed so far. */
  gcCount(): number;
  /** The events from number `from` on (oldest first) that are still in the ring. */
  gcSince(from: number): readonly RawGc[];
}

/** An hour is the longest delay that is told apart. */
export const MAX_DELAY_US = 3_600_000_000;

export const createSharedMemory = (): SharedMemory => ({
  buffer: new SharedArrayBuffer(8 * (NUMBERS + 1 + GC_CAPACITY * GC_FIELDS)),
  delays: createHistogram({ lowest: 1, highest: MAX_DELAY_US, figures: 3 }),
});

/** A beat of a main at rest that came late, or between which and the one before main has computed. Times are monotonic ms. */
export interface LateBeat {
  /** The one before. */
  readonly beatAt: number;
  /** By then main was blocked at the latest. */
  readonly dueAt: number;
  readonly cameAt: number;
  /** It was on time: main has computed at some time since the one before. That may have been ours, and long over. */
  readonly isOnTime?: boolean;
}

/** The same view on both threads. */
export function openHeartbeat({ buffer, delays }: SharedMemory): Heartbeat {
  const numbers = new Float64Array(buffer, 0, NUMBERS);
  const head = new Int32Array(buffer, 8 * NUMBERS, 1);
  const ring = new Float64Array(buffer, 8 * (NUMBERS + 1));
  const gcCount = (): number => Atomics.load(head, 0);
  return {
    numbers,
    delays,
    gcCount,
    pushGc({ at, kind, durationMs, flags }) {
      const base = (gcCount() % GC_CAPACITY) * GC_FIELDS;
      ring[base] = at;
      ring[base + 1] = kind;
      ring[base + 2] = durationMs;
      ring[base + 3] = flags;
      Atomics.add(head, 0, 1);
    },
    gcSince(from) {
      const count = gcCount();
      const events: RawGc[] = [];
      for (let i = Math.max(from, count - GC_CAPACITY + 1); i < count; i++) {
        const base = (i % GC_CAPACITY) * GC_FIELDS;
        const [at = 0, kind = 0, durationMs = 0, flags = 0] = ring.subarray(base, base + GC_FIELDS);
        events.push({ at, kind, durationMs, flags });
      }
      return events;
    },
  };
}

/** How long after the last beat main counts as blocked, in ms. */
export const overdueMs = (heartbeat: Heartbeat): number => readNumber(heartbeat, 'beatEvery') + BLOCKED_MS;

/** Whether main is at rest. */
export const isResting = (heartbeat: Heartbeat): boolean => readNumber(heartbeat, 'beatEvery') > BEAT_MS;

export const readNumber = (heartbeat: Heartbeat, name: keyof typeof slot): number =>
  heartbeat.numbers[slot[name]] ?? 0;
