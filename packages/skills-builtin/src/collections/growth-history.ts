// The sizes of the collections that surveys have told of, over time: read every few seconds for half an hour after the
// last survey, so that a leak is told from a cache that fills. Nothing is read while nobody has asked.
import type { JsonObject, RecorderContext } from '@nodelens/core';
import { robustSlope, type TimedValue } from '../robust-slope.ts';
import { round } from '../wording.ts';
import { MAX_KEPT, type Registry } from './registry.ts';
import type { Handle } from './remote.ts';

/** What is watched. */
export interface Watched {
  readonly handle: Handle;
  readonly name: string;
  readonly kind: string;
  readonly file: string;
  /** Its sizes so far, oldest first. */
  readonly points: readonly TimedValue[];
}

export interface GrowthFigures {
  readonly polls: number;
  readonly watchedSeconds: number;
  readonly entriesPerMinute: number;
  /** It has grown, and no reading lies below the one before it. */
  readonly onlyGrows: boolean;
  /** Full collections of the heap while it was watched. */
  readonly majorGcs: number;
}

export interface GrowthHistory {
  /** Begins or goes on to watch them; returns their ids. */
  watch(collections: readonly Watched[]): Promise<readonly string[]>;
  figures(id: string): GrowthFigures | undefined;
  /** With the points, newest first; undefined for an id that nobody has. */
  tell(id: string, limit: number): JsonObject | undefined;
  /** Ids, the longest known first. */
  ids(): readonly string[];
  nameOf(id: string): Pick<Watched, 'name' | 'file'> | undefined;
}

const POLL_MS = 5_000;
const WATCH_MS = 30 * 60_000;
const POINTS = 360;

interface Line {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly file: string;
  points: TimedValue[];
  isCollected: boolean;
}

export function createGrowthHistory(context: RecorderContext, registry: Registry): GrowthHistory {
  const lines = new Map<string, Line>();
  let isPolling = false;
  let untilMs = 0;
  const pollLater = (): unknown => setTimeout(() => void poll(), POLL_MS).unref();
  const poll = async (): Promise<void> => {
    if (context.now() > untilMs) return end();
    // A blocked main is asked again at the next turn.
    if (context.currentStall() === undefined) await read().catch(() => undefined);
    pollLater();
  };
  const read = async (): Promise<void> => {
    const living = [...lines.values()].filter(({ isCollected }) => !isCollected);
    const sizes = await registry.sizes(living.map(({ id }) => numberOf(id)));
    living.forEach((line, index) => {
      const entries = sizes[index] ?? -1;
      if (entries < 0) line.isCollected = true;
      else add(line, [{ atMs: context.now(), value: entries }]);
    });
  };
  const end = async (): Promise<void> => {
    isPolling = false;
    lines.clear();
    await registry.release();
  };
  return {
    async watch(collections) {
      if (collections.length === 0) return [];
      const kept = collections.slice(0, MAX_KEPT);
      const ids = (await registry.keep(kept.map(({ handle }) => handle))).map((id) => `c${id}`);
      kept.forEach((one, index) => {
        const id = ids[index] as string;
        const line = lines.get(id) ?? { id, ...one, points: [], isCollected: false };
        add(line, one.points);
        lines.delete(id);
        lines.set(id, line);
      });
      for (const id of [...lines.keys()].slice(0, Math.max(0, lines.size - MAX_KEPT))) lines.delete(id);
      untilMs = context.now() + WATCH_MS;
      if (!isPolling) pollLater();
      isPolling = true;
      return ids;
    },
    figures: (id) => {
      const line = lines.get(id);
      return line && figuresOf(line.points, context);
    },
    tell: (id, limit) => {
      const line = lines.get(id);
      return line && historyOf(line, limit, context);
    },
    ids: () => [...lines.keys()],
    nameOf: (id) => lines.get(id),
  };
}

export const numberOf = (id: string): number => Number(id.slice(1));

/** A survey tells what it has read at its end, when newer readings may be here already. */
function add(line: Line, points: readonly TimedValue[]): void {
  line.points = [...line.points, ...points].sort((a, b) => a.atMs - b.atMs).slice(-POINTS);
}

function figuresOf(points: readonly TimedValue[], context: RecorderContext): GrowthFigures {
  const first = points[0];
  const last = points.at(-1);
  const fromMs = first?.atMs ?? 0;
  const spanMs = (last?.atMs ?? 0) - fromMs;
  const isFalling = points.some(({ value }, at) => at > 0 && value < (points[at - 1] as TimedValue).value);
  return {
    polls: points.length,
    watchedSeconds: round(spanMs / 1000),
    entriesPerMinute: round(robustSlope(points)?.perMinute ?? 0, 0),
    onlyGrows: !isFalling && (last?.value ?? 0) > (first?.value ?? 0),
    majorGcs: context.gc
      .since(Math.max(1, context.now() - fromMs))
      .filter(({ kind, atMs }) => kind === 'major' && atMs >= fromMs && atMs <= fromMs + spanMs).length,
  };
}

function historyOf(
  { id, name, kind, file, points, isCollected }: Line,
  limit: number,
  context: RecorderContext,
): JsonObject {
  const now = context.now();
  return {
    id,
    name,
    kind,
    file,
    isCollected,
    ...figuresOf(points, context),
    points: points
      .slice(-limit)
      .reverse()
      .map(({ atMs, value }) => ({ secondsAgo: round((now - atMs) / 1000), entries: value })),
  };
}
