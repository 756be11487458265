// The recorder's history of queries: sums by statement for each quarter of a minute of the last half hour.
import type { JsonObject } from '@nodelens/core';
import { listOf, numberOf, objectOf, textOf } from '../evidence.ts';
import { createFingerprints } from './fingerprint.ts';
import { count, type Histogram } from './histogram.ts';

const SLOT_MS = 15_000;
const SLOTS = 120;
const STATEMENTS_PER_SLOT = 60;
const FRAMES = 500;
const OTHERS = '(others)';

export interface Figures {
  calls: number;
  errors: number;
  rows: number;
  totalMs: number;
  maxMs: number;
  readonly durations: Histogram;
}

export interface Waits {
  count: number;
  totalMs: number;
  maxMs: number;
}

interface Slot {
  readonly atMs: number;
  readonly statements: Map<string, Figures>;
  readonly waits: Waits;
}

export interface QueryStore {
  add(event: JsonObject): void;
  fingerprint(text: string): string;
  /** By fingerprint; of the slots that lie at least partly behind `fromMs`. */
  statements(fromMs: number): ReadonlyMap<string, Figures>;
  waits(fromMs: number): Waits;
  /** Where a statement was last seen to come from. */
  frame(fingerprint: string): JsonObject | undefined;
}

/** How long the sums reach back that are asked for from `fromMs` on, in seconds. */
export const coveredSeconds = (fromMs: number, nowMs: number, startedAtMs: number): number =>
  Math.max(1, (nowMs - Math.max(startedAtMs, fromMs - (fromMs % SLOT_MS))) / 1000);

export function createQueryStore(): QueryStore {
  const fingerprint = createFingerprints();
  const frames = new Map<string, JsonObject>();
  let slots: Slot[] = [];
  const slotAt = (atMs: number): Slot => {
    const startMs = atMs - (atMs % SLOT_MS);
    const known = slots.findLast((slot) => slot.atMs === startMs);
    if (known !== undefined) return known;
    const slot = { atMs: startMs, statements: new Map(), waits: { count: 0, totalMs: 0, maxMs: 0 } };
    slots = [...slots, slot].slice(-SLOTS);
    return slot;
  };
  const since = (fromMs: number): readonly Slot[] => slots.filter(({ atMs }) => atMs + SLOT_MS > fromMs);
  return {
    fingerprint: (text) => (text === '' ? OTHERS : fingerprint(text)),
    add(event) {
      const slot = slotAt(numberOf(event.atMs));
      addWaits(slot.waits, objectOf(event.waits));
      for (const statement of listOf(event.statements)) {
        const text = textOf(statement.text);
        const name = text === '' ? OTHERS : fingerprint(text);
        addFigures(figuresOf(slot.statements, name), statement);
        if (statement.frame !== undefined) remember(frames, name, objectOf(statement.frame));
      }
    },
    statements(fromMs) {
      const sums = new Map<string, Figures>();
      for (const { statements } of since(fromMs))
        for (const [name, figures] of statements) {
          const sum = figuresOf(sums, name, Number.POSITIVE_INFINITY);
          addFigures(sum, { ...figures, durations: [...figures.durations].flat() });
        }
      return sums;
    },
    waits(fromMs) {
      const sum = { count: 0, totalMs: 0, maxMs: 0 };
      for (const { waits } of since(fromMs)) addWaits(sum, { ...waits });
      return sum;
    },
    frame: (name) => frames.get(name),
  };
}

function figuresOf(
  statements: Map<string, Figures>,
  name: string,
  limit: number = STATEMENTS_PER_SLOT,
): Figures {
  const key = statements.has(name) || statements.size < limit ? name : OTHERS;
  const known = statements.get(key);
  if (known !== undefined) return known;
  const figures = { calls: 0, errors: 0, rows: 0, totalMs: 0, maxMs: 0, durations: new Map() };
  statements.set(key, figures);
  return figures;
}

function addFigures(sum: Figures, more: JsonObject): void {
  sum.calls += numberOf(more.calls);
  sum.errors += numberOf(more.errors);
  sum.rows += numberOf(more.rows);
  sum.totalMs += numberOf(more.totalMs);
  sum.maxMs = Math.max(sum.maxMs, numberOf(more.maxMs));
  const durations = Array.isArray(more.durations) ? more.durations : [];
  for (let at = 0; at + 1 < durations.length; at += 2)
    count(sum.durations, Number(durations[at]), Number(durations[at + 1]));
}

function addWaits(sum: Waits, more: JsonObject): void {
  sum.count += numberOf(more.count);
  sum.totalMs += numberOf(more.totalMs);
  sum.maxMs = Math.max(sum.maxMs, numberOf(more.maxMs));
}

function remember(frames: Map<string, JsonObject>, name: string, frame: JsonObject): void {
  frames.delete(name);
  const [oldest] = frames.keys();
  if (frames.size >= FRAMES && oldest !== undefined) frames.delete(oldest);
  frames.set(name, frame);
}
