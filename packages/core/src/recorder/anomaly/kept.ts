// What the detector knows as JSON, to be kept over restarts: what is usual, not what goes on just now. In another
// version, or damaged, it is not read at all.
import * as v from 'valibot';
import { asJson, type JsonObject } from '../../json.ts';
import type { Baseline } from './baseline.ts';
import type { DetectorState } from './detector.ts';
import { createReservoir } from './reservoir.ts';
import { createHour, emptySeason, type Season } from './season.ts';
import { createTrack, type Track, withKind } from './track.ts';

const VERSION = 1;

export function toKept({ sinceMs, isLearned, skills }: DetectorState): JsonObject {
  return asJson({
    version: VERSION,
    sinceMs,
    isLearned,
    skills: Object.fromEntries(
      [...skills].map(([skill, { tracks }]) => [skill, [...tracks.values()].map(keptTrack)]),
    ),
  }) as JsonObject;
}

/** @throws when it is not of this version. */
export function fromKept(kept: unknown): DetectorState {
  const { sinceMs, isLearned, skills } = v.parse(keptSchema, kept);
  return {
    sinceMs,
    isLearned,
    // A new process: the first sample finds it settling.
    settledAtMs: Number.POSITIVE_INFINITY,
    skills: new Map(
      Object.entries(skills).map(([skill, tracks]) => [
        skill,
        {
          atMs: Number.NEGATIVE_INFINITY,
          tracks: new Map(tracks.map((track) => [track.field, openTrack(skill, track)])),
        },
      ]),
    ),
  };
}

const numbers = v.pipe(
  v.string(),
  v.base64(),
  v.transform(unpack),
  v.check((values) => values.every(Number.isFinite)),
);
const hour = v.strictObject({
  days: v.number(),
  newestAtMs: v.number(),
  values: v.pipe(numbers, v.nonEmpty()),
});
const baseline = v.strictObject({
  sinceMs: v.number(),
  seen: v.number(),
  values: numbers,
  recent: numbers,
  range: v.nullable(v.strictObject({ low: v.number(), high: v.number() })),
  season: v.pipe(v.array(v.nullable(hour)), v.length(emptySeason.length)),
});
const track = v.strictObject({
  field: v.string(),
  kind: v.picklist(['learning', 'gauge', 'counter']),
  newest: v.optional(v.strictObject({ atMs: v.number(), value: v.number() })),
  steps: v.number(),
  rises: v.number(),
  falls: v.number(),
  past: v.array(v.number()),
  values: v.nullable(baseline),
  rates: v.nullable(baseline),
});
const keptSchema = v.strictObject({
  version: v.literal(VERSION),
  sinceMs: v.optional(v.number()),
  isLearned: v.boolean(),
  skills: v.record(v.string(), v.array(track)),
});

type KeptTrack = v.InferOutput<typeof track>;
type KeptBaseline = v.InferOutput<typeof baseline>;

function keptTrack({ field, kind, newest, steps, rises, falls, past, values, rates }: Track): object {
  return {
    field,
    kind,
    newest,
    steps,
    rises,
    falls,
    past,
    values: values === undefined ? null : keptBaseline(values),
    rates: rates === undefined ? null : keptBaseline(rates),
  };
}

function keptBaseline({ sinceMs, whole, range, season, recent }: Baseline): object {
  return {
    sinceMs,
    seen: whole.seen,
    values: pack(whole.values),
    recent: pack(recent),
    range: range ?? null,
    season: season
      .map((one) => one && { days: one.days, newestAtMs: one.newestAtMs, values: pack(one.values) })
      .map((one) => one ?? null),
  };
}

function openTrack(skill: string, { field, kind, values, rates, ...counts }: KeptTrack): Track {
  return withKind({ ...createTrack(skill, field, 0), ...counts }, kind, {
    values: values === null ? undefined : openBaseline(values),
    rates: rates === null ? undefined : openBaseline(rates),
  });
}

function openBaseline({ sinceMs, seen, values, range, season, recent }: KeptBaseline): Baseline {
  const hours: Season = season.map((one) =>
    one === null ? undefined : createHour(one.values, one.days, one.newestAtMs),
  );
  return {
    sinceMs,
    whole: createReservoir(values, seen),
    range: range ?? undefined,
    season: hours,
    recent,
  };
}

/** As single-precision floats: seven digits are more than a spread is worth. */
const pack = (values: readonly number[]): string =>
  Buffer.from(Float32Array.from(values).buffer).toString('base64');

function unpack(text: string): number[] {
  const bytes = Uint8Array.from(Buffer.from(text, 'base64'));
  return [...new Float32Array(bytes.buffer, 0, Math.floor(bytes.byteLength / 4))];
}
