// How far the descriptors are from their limit, and when they meet it at the present growth.
import type { JsonObject } from '@nodelens/core';
import { round } from '../wording.ts';
import { minutesUntil, slopePerMinute } from './growth.ts';
import { pointsOf } from './history.ts';
import type { Sources } from './sources.ts';

/** Long enough for a forecast, short enough to be the present. */
const WINDOW_MS = 5 * 60_000;
/** Younger histories make no forecast. */
const MIN_SPAN_MS = 6_000;

export function descriptorLimit({ descriptors, reader }: Sources): JsonObject {
  const open = reader.quickCount() ?? descriptors.latest()?.open;
  const limit = reader.descriptorLimit();
  const points = pointsOf(descriptors.readings(), ({ open }) => open);
  const spanMs = (points.at(-1)?.atMs ?? 0) - (points[0]?.atMs ?? 0);
  const perMinute = spanMs < MIN_SPAN_MS ? 0 : slopePerMinute(points, WINDOW_MS);
  const hasBoth = open !== undefined && limit !== undefined;
  return {
    openFds: open ?? null,
    fdLimit: limit ?? null,
    fdUsedPercent: hasBoth ? round((100 * open) / limit) : null,
    fdPerMinute: perMinute,
    minutesToFdLimit: hasBoth ? minutesUntil(limit, open, perMinute) : null,
  };
}
