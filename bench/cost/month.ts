// A month put together from recordings: the level of the hour picks the ordinary ones between which a moment lies, an
// incident plays its own over its whole length. What counts goes on counting. The same seed makes the same month.
import type { JsonObject, JsonValue } from '@nodelens/core';
import { createRandom, type Random } from '../../packages/testing/src/chaos/random.ts';
import { levels } from './record/plans.ts';
import { type RecordedCall, type RecordedSnapshot, type Recording, readRecording } from './recording.ts';
import { createRhythm } from './rhythm.ts';

export interface Incident {
  /** Of the recording. */
  readonly name: string;
  /** For people. */
  readonly title: string;
  /** Wall-clock ms. */
  readonly fromMs: number;
  readonly untilMs: number;
  /** Gets worse over its whole length; all others are as bad as they become within a minute. */
  readonly isGrowing: boolean;
}

export interface Month {
  /** Of the step in which `atMs` lies; time must not go back. */
  snapshot(skill: string, atMs: number): JsonObject;
  /** What callbacks say at that time. */
  calls(atMs: number): readonly RecordedCall[];
}

export interface MonthOptions {
  readonly seed: number;
  readonly startMs: number;
  readonly incidents: readonly Incident[];
}

export const STEP_MS = 30_000;
/** Counters by name, and ages; all else is what it is at a moment. */
const COUNTER = /(?:Total|^uptimeSeconds|^oldest(?:File|Connection)Ms)$/;
/** Windows that a process of some minutes has not filled yet: what they say of a fault would be its recording's age. */
const FILLING = /WindowSeconds$/;
/** Greater numbers are points in time. */
const WALL_CLOCK_MS = 1e12;

/** What a moment is made of: so much of `to`, the rest of `from`. */
interface Blend {
  readonly from: Recording;
  readonly to: Recording;
  readonly share: number;
  /** The part of the recording that the moment is of, from 0 to 1. */
  readonly position: { readonly from: number; readonly to: number };
}

const ANYWHERE: Blend['position'] = { from: 0, to: 1 };
/** Of an incident, in ms: so much is recorded. */
const RECORDED_MS = 60_000;

function positionIn({ fromMs, untilMs, isGrowing }: Incident, atMs: number): Blend['position'] {
  const at = (atMs - fromMs) / (isGrowing ? untilMs - fromMs : RECORDED_MS);
  return at < 1 ? { from: at, to: at } : { from: 0.7, to: 1 };
}

interface Series {
  step: number;
  data: JsonObject;
  readonly counts: Map<string, number>;
}

export function createMonth({ seed, startMs, incidents }: MonthOptions): Month {
  const random = createRandom(seed);
  const rhythm = createRhythm(seed + 1);
  const ordinary = levels.map(({ name }) => readRecording(name));
  const faulty = new Map(incidents.map(({ name }) => [name, readRecording(name)]));
  const filled = filledIn([...ordinary, ...faulty.values()]);
  const series = new Map<string, Series>();

  const incidentAt = (atMs: number): Incident | undefined =>
    incidents.find(({ fromMs, untilMs }) => atMs >= fromMs && atMs < untilMs);
  const blendAt = (atMs: number): Blend => {
    const incident = incidentAt(atMs);
    const recording = incident && faulty.get(incident.name);
    if (incident !== undefined && recording !== undefined) {
      return { from: recording, to: recording, share: 0, position: positionIn(incident, atMs) };
    }
    const place = rhythm(atMs) * (ordinary.length - 1);
    const below = Math.min(Math.floor(place), ordinary.length - 2);
    const [from, to] = [ordinary[below], ordinary[below + 1]];
    if (from === undefined || to === undefined) throw new Error('a month needs two levels');
    return { from, to, share: place - below, position: ANYWHERE };
  };

  return {
    snapshot(skill, atMs) {
      const step = Math.floor((atMs - startMs) / STEP_MS);
      const known = series.get(skill) ?? { step: -1, data: {}, counts: new Map<string, number>() };
      if (step <= known.step) return known.data;
      const seconds = ((step - known.step) * STEP_MS) / 1_000;
      known.data = mixed(skill, blendAt(atMs), {
        random,
        filled,
        counts: known.counts,
        seconds,
        atMs,
      });
      known.step = step;
      series.set(skill, known);
      return known.data;
    },
    calls(atMs) {
      const { from, to, share } = blendAt(atMs);
      return (share < 0.5 ? from : to).calls;
    },
  };
}

function filledIn(recordings: readonly Recording[]): ReadonlyMap<string, number> {
  const filled = new Map<string, number>();
  for (const { snapshots } of recordings)
    for (const { skill, data } of [...snapshots.values()].flat())
      for (const [field, value] of Object.entries(data)) {
        if (!FILLING.test(field) || typeof value !== 'number') continue;
        const key = `${skill} ${field}`;
        filled.set(key, Math.max(value, filled.get(key) ?? 0));
      }
  return filled;
}

interface Moment {
  readonly random: Random;
  readonly counts: Map<string, number>;
  /** What `FILLING` fields are in a process that is old enough, by skill and field. */
  readonly filled: ReadonlyMap<string, number>;
  /** Since the moment before. */
  readonly seconds: number;
  readonly atMs: number;
}

function mixed(skill: string, { from, to, share, position }: Blend, moment: Moment): JsonObject {
  const [low, high] = [from, to].map((recording) =>
    momentOf(recording.snapshots.get(skill) ?? [], position, moment.random),
  );
  if (low === undefined || high === undefined) return {};
  const nearer = share < 0.5 ? low : high;
  const entries = Object.entries(nearer.now.data).map(([field, value]): [string, JsonValue] => {
    const [a, b] = [low.now.data[field], high.now.data[field]];
    if (typeof value !== 'number' || typeof a !== 'number' || typeof b !== 'number')
      return [field, value ?? null];
    if (FILLING.test(field)) return [field, moment.filled.get(`${skill} ${field}`) ?? value];
    if (value > WALL_CLOCK_MS) return [field, value - nearer.now.atMs + moment.atMs];
    if (!COUNTER.test(field)) return [field, between(a, b, share)];
    const rate = between(rateOf(low, field), rateOf(high, field), share);
    const count = (moment.counts.get(field) ?? value) + Math.max(0, rate) * moment.seconds;
    moment.counts.set(field, count);
    return [field, Math.floor(count)];
  });
  return Object.fromEntries(entries);
}

interface Pair {
  readonly now: RecordedSnapshot;
  readonly next: RecordedSnapshot;
}

function momentOf(
  snapshots: readonly RecordedSnapshot[],
  position: Blend['position'],
  random: Random,
): Pair | undefined {
  const last = snapshots.length - 2;
  const index = random.between(Math.round(position.from * last), Math.round(position.to * last));
  const [now, next] = [snapshots[index], snapshots[index + 1]];
  return now && next && { now, next };
}

/** Per second. */
function rateOf({ now, next }: Pair, field: string): number {
  const [a, b] = [now.data[field], next.data[field]];
  const seconds = (next.atMs - now.atMs) / 1_000;
  return typeof a === 'number' && typeof b === 'number' && seconds > 0 ? (b - a) / seconds : 0;
}

/** As exact as it was recorded: a count stays one. */
function between(a: number, b: number, share: number): number {
  const value = a + (b - a) * share;
  return Number.isInteger(a) && Number.isInteger(b) ? Math.round(value) : Number(value.toFixed(4));
}
