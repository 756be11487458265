// The meaning of the numbers that the probe and the recorder share; they are right also while main is blocked and
// when lines are too many to be told one by one. A line is counted under one source only.

export const COUNTERS = {
  consoleLines: 0,
  pinoLines: 1,
  stdoutLines: 2,
  stderrLines: 3,
  processWarnings: 4,
  /** Written to stdout and stderr, and made by pino wherever it writes. */
  bytes: 5,
  debugLines: 6,
  infoLines: 7,
  warningLines: 8,
  errorLines: 9,
  /** Lines whose level is known only when they are read. */
  unlevelledLines: 10,
  /** Lines that were counted, but not handed over. */
  untoldLines: 11,
  /** How long main was busy with formatting and writing, in ms. */
  spentMs: 12,
} as const;

export type Counter = keyof typeof COUNTERS;

const LINES: readonly Counter[] = [
  'consoleLines',
  'pinoLines',
  'stdoutLines',
  'stderrLines',
  'processWarnings',
];

/** 0 where nothing is counted: without a probe there are no numbers. */
export const counterIn = (numbers: Float64Array, counter: Counter): number => numbers[COUNTERS[counter]] ?? 0;

export const linesIn = (numbers: Float64Array): number =>
  LINES.reduce((total, counter) => total + counterIn(numbers, counter), 0);
