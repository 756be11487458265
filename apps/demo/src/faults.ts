// What the demo can switch on: a product feature of the shop, and the visitors who use it. The shop itself has no
// word for any of it.
import type { Subject } from 'nodelens';
import { backOffice, type Call, type Mix, newcomers, wholesale } from './traffic.ts';

export interface Scenario {
  readonly title: string;
  /** Features of the shop, as it names them. */
  readonly features: string;
  /** Who comes on top of the everyday visitors. */
  readonly extra: Mix;
  /** Sent once, one after the other, after the usual traffic has been learnt. */
  readonly calls: readonly Call[];
  /** What an insight has to name, with file and line; undefined when nobody is to blame. */
  readonly culprit?: Subject['kind'];
}

/** A cart that keeps the main thread busy for some 12 s. */
const WHOLESALE_LINES = 2700;

export type ScenarioName = 'block' | 'cache' | 'garbage' | 'healthy';

export const scenarios: Readonly<Record<ScenarioName, Scenario>> = {
  block: {
    title: 'one customer prices a wholesale cart',
    features: 'bundle-offers',
    extra: [],
    calls: wholesale(WHOLESALE_LINES),
    culprit: 'function',
  },
  cache: {
    title: 'an advertisement brings new visitors',
    features: 'personal-recommendations',
    extra: newcomers,
    calls: [],
    culprit: 'collection',
  },
  garbage: {
    title: 'the back office opens its dashboards',
    features: 'turnover-curve',
    extra: backOffice,
    calls: [],
    culprit: 'function',
  },
  healthy: {
    title: 'a busy day with nothing wrong',
    features: '',
    extra: [...newcomers, ...backOffice],
    calls: [],
  },
};
