// One entry of the flight recorder, and what makes something an entry. Thresholds stand here with their sources.
import type { JsonObject } from '@nodelens/core';

export const EVENT_TYPES = [
  'long-gc',
  'stall',
  'heap-limit',
  'busy-loop',
  'rss-jump',
  'warning',
  'large-request',
] as const;

export type VmEventType = (typeof EVENT_TYPES)[number];

export interface VmEvent {
  readonly type: VmEventType;
  /** Wall-clock ms of its beginning. */
  readonly atMs: number;
  readonly durationMs?: number;
  readonly facts: JsonObject;
}

/** clinic doctor: a loop delay of 100 ms is an issue; so is a collection that takes it by itself. */
export const LONG_MS = 100;

/** As scripts see it. */
export const describeEvent = ({ type, atMs, durationMs, facts }: VmEvent, nowMs: number): JsonObject => ({
  type,
  atMs,
  agoMs: Math.max(0, nowMs - atMs),
  ...(durationMs !== undefined && { durationMs }),
  ...facts,
});

/** Whether some of it lies between the two moments. */
export const isWithin = ({ atMs, durationMs = 0 }: VmEvent, fromMs: number, toMs: number): boolean =>
  atMs <= toMs && atMs + durationMs >= fromMs;

export const newestFirst = (events: readonly VmEvent[]): readonly VmEvent[] =>
  events.toSorted((a, b) => b.atMs - a.atMs);
