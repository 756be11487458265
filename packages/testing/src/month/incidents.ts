// What goes wrong in the month: five incidents of the kinds that services have.
import type { Conditions } from './service.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export interface Incident {
  readonly name: string;
  /** Ms from the start of the month. */
  readonly fromMs: number;
  readonly untilMs: number;
  /** What is different, by the share of the incident that is over (0 to 1). */
  readonly effect: (share: number) => Partial<Conditions>;
}

const at = (day: number, hour: number, minute: number): number =>
  (day - 1) * DAY_MS + hour * HOUR_MS + minute * MINUTE_MS;

export const incidents: readonly Incident[] = [
  {
    name: 'a partner answers slowly',
    fromMs: at(6, 14, 0),
    untilMs: at(6, 14, 50),
    effect: () => ({ partnerSlowness: 12 }),
  },
  {
    name: 'a cache without a limit leaks',
    fromMs: at(11, 9, 30),
    untilMs: at(11, 12, 30),
    effect: (share) => ({ leakedMb: 900 * share }),
  },
  {
    name: 'the load balancer sends nobody',
    fromMs: at(16, 20, 10),
    untilMs: at(16, 20, 35),
    effect: () => ({ trafficShare: 0.03 }),
  },
  {
    name: 'the cache server lost its keys',
    fromMs: at(21, 3, 40),
    untilMs: at(21, 4, 40),
    effect: () => ({ hitRatio: 0.35 }),
  },
  {
    name: 'a release blocks the loop',
    fromMs: at(26, 11, 0),
    untilMs: at(26, 14, 0),
    effect: () => ({ blockedMs: 170 }),
  },
];
