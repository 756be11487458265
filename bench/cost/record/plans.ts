// What is recorded of the demo's shop: ordinary days at three levels of load, and five things that go wrong.
import { everyday, type Mix, newcomers, wholesale } from '../../../apps/demo/src/traffic.ts';

export interface RecordingPlan {
  readonly name: string;
  /** Pace of the samples in ms. */
  readonly everyMs: number;
  /** Features of the shop, as it names them. */
  readonly features: string;
  /** Visitors from the start. */
  readonly usual: Mix;
  /** Who comes when the recording begins. */
  readonly extra: Mix;
  /** The usual visitors stay away from then on. */
  readonly isDeserted?: boolean;
  /** Connections that a client opens and forgets, per second. */
  readonly forgottenPerSecond?: number;
}

/** Of the demo's everyday visitors, which are 165 requests a second. */
const share = (of: number): Mix => everyday.map((kind) => ({ ...kind, perSecond: kind.perSecond * of }));
const SECOND_MS = 1_000;
/** A minute of a fault, so that windows of a minute show all of it. */
const FAULT_MS = 2_000;
const DAY = share(0.4);
/** Carts of so many lines: their bundles take the main thread some hundred milliseconds. */
const LINES = 500;
const [fill, price] = wholesale(LINES);
if (fill === undefined || price === undefined) throw new Error('wholesale() gives two calls');
/** A new cart every two seconds, and its price. */
const wholesalers: Mix = [
  {
    perSecond: 0.5,
    make: (count) => ({ ...fill, path: `/cart?visitor=w${count}` }),
  },
  {
    perSecond: 0.5,
    make: (count) => ({ ...price, path: `/cart/price?visitor=w${Math.max(0, count - 1)}` }),
  },
];

/** Ordinary ones, from the quietest on. */
export const levels: readonly RecordingPlan[] = [
  { name: 'quiet', everyMs: SECOND_MS, features: '', usual: share(0.08), extra: [] },
  { name: 'day', everyMs: SECOND_MS, features: '', usual: DAY, extra: [] },
  { name: 'busy', everyMs: SECOND_MS, features: '', usual: share(0.8), extra: [] },
];

export const faults: readonly RecordingPlan[] = [
  { name: 'block', everyMs: FAULT_MS, features: 'bundle-offers', usual: DAY, extra: wholesalers },
  { name: 'cache', everyMs: FAULT_MS, features: 'personal-recommendations', usual: DAY, extra: newcomers },
  {
    name: 'garbage',
    everyMs: FAULT_MS,
    features: 'turnover-curve',
    usual: DAY,
    extra: [{ perSecond: 5, make: () => ({ method: 'GET', path: '/report' }) }],
  },
  { name: 'connections', everyMs: FAULT_MS, features: '', usual: DAY, extra: [], forgottenPerSecond: 15 },
  { name: 'deserted', everyMs: FAULT_MS, features: '', usual: DAY, extra: [], isDeserted: true },
];
