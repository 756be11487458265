// The five incidents of the month, on days and at hours when the shop is as busy as it was while they were recorded.
// Each is over within the hour after which an operator reminds of what still goes on.
import type { Incident } from './month.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

interface Planned {
  readonly name: string;
  readonly title: string;
  /** From 1; the first is a Monday. */
  readonly day: number;
  /** Of that day. */
  readonly fromHour: number;
  readonly hours: number;
  readonly isGrowing: boolean;
}

const planned: readonly Planned[] = [
  {
    name: 'block',
    title: 'wholesale carts block the loop',
    day: 5,
    fromHour: 13.5,
    hours: 0.75,
    isGrowing: false,
  },
  {
    name: 'cache',
    title: 'a cache without a limit grows',
    day: 10,
    fromHour: 13,
    hours: 0.9,
    isGrowing: true,
  },
  { name: 'garbage', title: 'a report makes garbage', day: 16, fromHour: 13.5, hours: 0.7, isGrowing: false },
  {
    name: 'connections',
    title: 'a client leaks connections',
    day: 22,
    fromHour: 8.25,
    hours: 0.9,
    isGrowing: true,
  },
  {
    name: 'deserted',
    title: 'no visitor gets through',
    day: 26,
    fromHour: 17.25,
    hours: 0.5,
    isGrowing: false,
  },
];

/** Those that are over within so many days. */
export const incidentsIn = (days: number, startMs: number): readonly Incident[] =>
  planned
    .filter(({ day }) => day <= days)
    .map(({ day, fromHour, hours, ...incident }) => {
      const fromMs = startMs + (day - 1) * DAY_MS + fromHour * HOUR_MS;
      return { ...incident, fromMs, untilMs: fromMs + hours * HOUR_MS };
    });
