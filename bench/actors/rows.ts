// What is measured: the groups with how often, and the rows of the table with what is aimed at.

export interface GroupPlan {
  readonly name: string;
  readonly rounds: number;
  readonly warmup: number;
  /** The case that `control` repeats: their ratio (A/A) is the error of the method. */
  readonly controlled: string;
  /** Each case in a fresh process every round: for what a process can only be asked once, its memory above all. */
  readonly isFresh?: boolean;
}

export const GROUPS: readonly GroupPlan[] = [
  { name: 'ask', controlled: 'raw', rounds: 24, warmup: 6 },
  { name: 'outstanding', controlled: 'comlink', rounds: 24, warmup: 6 },
  { name: 'tells', controlled: 'raw', rounds: 24, warmup: 6 },
  { name: 'local', controlled: 'nact', rounds: 24, warmup: 8 },
  { name: 'warm', controlled: 'piscina', rounds: 16, warmup: 4 },
  { name: 'cold', controlled: 'bare', rounds: 8, warmup: 1 },
  { name: 'restart', controlled: 'bare', rounds: 10, warmup: 2 },
  { name: 'wake', controlled: 'bare', rounds: 10, warmup: 2 },
  { name: 'crowd', controlled: 'nact', rounds: 5, warmup: 0, isFresh: true },
  { name: 'threads', controlled: 'bare', rounds: 3, warmup: 0, isFresh: true },
];

export interface Row {
  readonly label: string;
  readonly group: string;
  readonly variant: string;
  readonly base: string;
  /** Which of the group's figures; its name is the unit's. */
  readonly metric: string;
  /** The ratio may be so large; absent: only told. */
  readonly aim?: number;
}

const ours = { variant: 'actor', metric: 'us' } as const;

export const ROWS: readonly Row[] = [
  { label: 'ask over a thread / raw postMessage', group: 'ask', ...ours, base: 'raw', aim: 1.1 },
  { label: 'ask over a thread / comlink', group: 'ask', ...ours, base: 'comlink', aim: 0.85 },
  {
    label: '100 asks outstanding, each / comlink',
    group: 'outstanding',
    ...ours,
    base: 'comlink',
    aim: 0.25,
  },
  { label: '100 asks outstanding, each / raw with ids', group: 'outstanding', ...ours, base: 'raw' },
  {
    label: 'tells of a burst of 1,000, each / raw postMessage',
    group: 'tells',
    ...ours,
    base: 'raw',
    aim: 0.5,
  },
  { label: 'local tell, burst of 10,000, each / nact', group: 'local', ...ours, base: 'nact', aim: 0.05 },
  {
    label: 'warm one-off run / empty piscina.run',
    group: 'warm',
    variant: 'operator',
    base: 'piscina',
    metric: 'ms',
    aim: 1.25,
  },
  {
    label: 'cold one-off run, system at rest / bare spawn',
    group: 'cold',
    variant: 'operator',
    base: 'bare',
    metric: 'ms',
    aim: 1.3,
  },
  {
    label: 'one-off run with nothing started / bare spawn',
    group: 'cold',
    variant: 'from-nothing',
    base: 'bare',
    metric: 'ms',
  },
  {
    label: 'start of an empty actor / bare spawn',
    group: 'cold',
    variant: 'actor',
    base: 'bare',
    metric: 'ms',
  },
  {
    label: 'operator, kill to ready / bare spawn',
    group: 'restart',
    variant: 'operator',
    base: 'bare',
    metric: 'ms',
    aim: 1.2,
  },
  {
    label: 'empty actor, kill to ready / bare spawn',
    group: 'restart',
    variant: 'actor',
    base: 'bare',
    metric: 'ms',
  },
  {
    label: 'operator, kill to ready / bare end and spawn',
    group: 'restart',
    variant: 'operator',
    base: 'end-and-spawn',
    metric: 'ms',
  },
  {
    // 20 ms are the aim, where a bare spawn takes 40.
    label: 'resident, woken to its first step / bare spawn',
    group: 'wake',
    variant: 'resident',
    base: 'bare',
    metric: 'ms',
    aim: 0.5,
  },
  {
    label: 'resident, woken without a spare thread / bare spawn',
    group: 'wake',
    variant: 'unreserved',
    base: 'bare',
    metric: 'ms',
  },
  {
    label: 'resident, due to its first step / bare spawn',
    group: 'wake',
    variant: 'foreseen',
    base: 'bare',
    metric: 'ms',
    aim: 0.5,
  },
  { label: '1,000 actors: start, ask, stop, each / nact', group: 'crowd', ...ours, base: 'nact' },
  {
    label: '1,000 actors: heap of each / nact',
    group: 'crowd',
    variant: 'actor',
    base: 'nact',
    metric: 'heapKb',
  },
  {
    label: '1,000 actors: resident memory of each / nact',
    group: 'crowd',
    variant: 'actor',
    base: 'nact',
    metric: 'rssKb',
  },
  {
    label: '64 operator threads: memory of each / bare worker',
    group: 'threads',
    variant: 'operator',
    base: 'bare',
    metric: 'mb',
    aim: 1.2,
  },
  {
    label: '64 operator threads: start of each / bare worker',
    group: 'threads',
    variant: 'operator',
    base: 'bare',
    metric: 'ms',
  },
];
