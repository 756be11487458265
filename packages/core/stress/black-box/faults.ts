// The ways in which the service of this script is made to die, and what its successor must tell. Data for both.
import type { PreviousLife } from '../../src/recorder/black-box/previous-life.ts';

export type Fault =
  | 'loop'
  | 'regular expression'
  | 'native call'
  | 'child process'
  | 'heap'
  | 'heap in one turn'
  | 'container memory'
  | 'none';

export interface Expected {
  readonly end: PreviousLife['end'] | 'nothing told';
  /** The function that is known for certain. */
  readonly named?: string;
  /** Only a hint or beside it, in the summary. */
  readonly hinted?: string;
  readonly execArgv?: readonly string[];
  /** It lives in a memory group of its own with so much, where the kernel kills it. */
  readonly groupMb?: number;
}

export const FAULTS: { readonly [F in Fault]: Expected } = {
  loop: { end: 'blocked', named: 'priceCart' },
  'regular expression': { end: 'blocked', named: 'checkName' },
  'native call': { end: 'blocked', hinted: 'hashPassword' },
  'child process': { end: 'blocked' },
  heap: { end: 'heap-limit', execArgv: ['--max-old-space-size=60'] },
  'heap in one turn': { end: 'heap-limit', hinted: 'loadCatalogue', execArgv: ['--max-old-space-size=60'] },
  'container memory': { end: 'out-of-memory', hinted: 'What grew was its', groupMb: 250 },
  none: { end: 'nothing told' },
};
