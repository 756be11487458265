// Which anomalies belong together: one incident shows in many metrics, and not in all of them at once. Pure.
import type { Anomaly } from '../../telemetry/continuous-events.ts';

export interface Episode {
  /** Wall-clock ms of its first anomaly's telling. */
  readonly sinceMs: number;
  /** Wall-clock ms of when something of it was told or went on last. */
  readonly untilMs: number;
}

/** What lasts so long must not hide what else goes wrong. */
const LONGEST_MS = 6 * 3_600_000;

export interface Happening {
  readonly atMs: number;
  /** Anomalies that go on. */
  readonly ongoing: number;
  readonly coolDownMs: number;
}

/** The episode that an anomaly which is told now belongs to; a new one when `sinceMs` is its own time. */
export function join(episode: Episode | undefined, { atMs, coolDownMs }: Happening): Episode {
  const isOver =
    episode === undefined || atMs - episode.untilMs > coolDownMs || atMs - episode.sinceMs > LONGEST_MS;
  return isOver ? { sinceMs: atMs, untilMs: atMs } : { ...episode, untilMs: atMs };
}

/** As long as one of its anomalies goes on, it does. */
export const prolong = (episode: Episode | undefined, { atMs, ongoing }: Happening): Episode | undefined =>
  episode === undefined || ongoing === 0 ? episode : { ...episode, untilMs: Math.max(episode.untilMs, atMs) };

const MAX_NAMED = 5;
/** In robust standard deviations. A metric so far off is off for certain; further off, it had only been steadier than others. */
const CERTAIN = 10;

const certainty = ({ deviation }: Anomaly): number => Math.min(CERTAIN, Math.abs(deviation));

/** By how many times what is usual it has moved; from nothing to something is more than any number of times. */
const change = ({ value, expected }: Anomaly): number =>
  Math.min(Number.MAX_SAFE_INTEGER, Math.abs(value - expected) / Math.abs(expected));

/** Why there is an investigation, for the coordinator. */
export function reasonFor(anomalies: readonly Anomaly[]): string {
  const named = anomalies
    .toSorted((a, b) => certainty(b) - certainty(a) || change(b) - change(a))
    .slice(0, MAX_NAMED)
    .map(
      ({ skill, metric, value, expected }) =>
        `${skill}.${metric} is ${figure(value)} (usually ${figure(expected)})`,
    );
  const further = anomalies.length > MAX_NAMED ? [`${anomalies.length - MAX_NAMED} more`] : [];
  const since = new Date(Math.min(...anomalies.map(({ sinceMs }) => sinceMs))).toISOString();
  return `Metrics left their normal range since ${since}: ${[...named, ...further].join('; ')}.`;
}

/** Four digits are more than anybody reads. */
export const figure = (value: number): string =>
  Math.abs(value) >= 10_000 ? String(Math.round(value)) : String(Number(value.toPrecision(4)));
