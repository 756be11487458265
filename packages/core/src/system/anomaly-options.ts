// The anomaly detector as an option of a start.
import { type AnomalySettings, defaultAnomalySettings } from '../recorder/anomaly/settings.ts';
import { type Check, flag, is, shape, wholeNumber } from './checks.ts';

export interface AnomalyOptions {
  /**
   * The anomaly detector: what differs from the defaults of {@link AnomalySettings}; false: none. Default: it runs, as
   * soon as one operator is continuous. Its baselines outlive the process where there is a `dataDir`.
   */
  readonly anomaly?: Partial<AnomalySettings> | false;
}

/** The longest timer of Node.js. */
const LONGEST_MS = 2 ** 31 - 1;

const settings = shape(
  {
    sampleEveryMs: wholeNumber(100, LONGEST_MS),
    learnMs: wholeNumber(1_000, LONGEST_MS),
    threshold: is(
      (value) => typeof value === 'number' && value >= 1 && value <= 100,
      'a number from 1 to 100',
    ),
    consecutive: wholeNumber(1, 100),
    coolDownMs: wholeNumber(0, LONGEST_MS),
    investigate: flag,
    maxPerHour: wholeNumber(0, 1_000),
  },
  { example: '{ threshold: 4 }, or false' },
);

export const anomalyCheck: Check = (value) => (value === false ? undefined : settings(value));

/** Null: there is no detector. */
export function anomalyOf(
  { anomaly }: AnomalyOptions,
  plans: readonly { readonly mode: 'continuous' | 'on-demand' }[],
): AnomalySettings | null {
  if (anomaly === false) return null;
  if (anomaly === undefined && plans.every(({ mode }) => mode !== 'continuous')) return null;
  const given = Object.entries(anomaly ?? {}).filter(([, value]) => value !== undefined);
  return { ...defaultAnomalySettings, ...Object.fromEntries(given) };
}
