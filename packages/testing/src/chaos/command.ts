// The command behind `npm run chaos`.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { reasonOf } from '@nodelens/core';
import { runChaos } from './run-chaos.ts';
import { summaryOf } from './summary.ts';

const HELP = `npm run chaos -- [options]: random ends of every thread under load, invariants checked throughout

  --minutes N      of chaos (default 5)
  --calm N         seconds of each calm phase before and after (default 60)
  --seed N         of the schedule (default 1)
  --rate N         requests per second (default 100)
  --window N       seconds of one window of latency (default 10)
  --out <folder>   writes the report there as chaos-<seed>.json
  --verbose        tells every fault, end and answer as it comes
  --json           prints the report as JSON

Exit code: 0 when every invariant held, 1 when one was broken, 2 for wrong usage.`;

const OPTIONS = {
  minutes: { type: 'string', default: '5' },
  calm: { type: 'string', default: '60' },
  seed: { type: 'string', default: '1' },
  rate: { type: 'string', default: '100' },
  window: { type: 'string', default: '10' },
  out: { type: 'string' },
  json: { type: 'boolean', default: false },
  verbose: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** Shorter ones end before the first windows of latency and before memory is warm. */
const JUDGED_FROM_MS = 60_000;

const stamp = (): string => new Date().toISOString().slice(11, 23);

/** Returns the exit code. */
export async function run(argv: readonly string[]): Promise<number> {
  let parsed: ReturnType<typeof parse>;
  try {
    parsed = parse(argv);
  } catch (error) {
    process.stderr.write(`${reasonOf(error)}\n\n${HELP}\n`);
    return 2;
  }
  if (parsed.values.help) {
    process.stdout.write(`${HELP}\n`);
    return 0;
  }
  const { values, numbers } = parsed;
  const chaosMs = numbers.minutes * 60_000;
  const report = await runChaos({
    seed: numbers.seed,
    chaosMs,
    calmMs: numbers.calm * 1_000,
    perSecond: numbers.rate,
    windowMs: numbers.window * 1_000,
    isJudgedByFigures: chaosMs >= JUDGED_FROM_MS,
    onProgress: (line) => process.stderr.write(`${line}\n`),
    onNews: (line) => values.verbose && process.stderr.write(`${stamp()} ${line}\n`),
  });
  const json = JSON.stringify(report, undefined, 2);
  if (values.out !== undefined) {
    await mkdir(values.out, { recursive: true });
    await writeFile(join(values.out, `chaos-${report.seed}.json`), `${json}\n`);
  }
  process.stdout.write(`${values.json ? json : summaryOf(report)}\n`);
  return report.violations.length === 0 ? 0 : 1;
}

function parse(argv: readonly string[]): {
  readonly values: {
    readonly out?: string;
    readonly json: boolean;
    readonly verbose: boolean;
    readonly help: boolean;
  };
  readonly numbers: Record<'minutes' | 'calm' | 'seed' | 'rate' | 'window', number>;
} {
  const { values } = parseArgs({ args: [...argv], options: OPTIONS, strict: true });
  const number = (name: 'minutes' | 'calm' | 'seed' | 'rate' | 'window'): number => {
    const value = Number(values[name]);
    if (!(value >= 0)) throw new Error(`--${name} must be a number from 0.`);
    return value;
  };
  return {
    values,
    numbers: {
      minutes: number('minutes'),
      calm: number('calm'),
      seed: number('seed'),
      rate: number('rate'),
      window: number('window'),
    },
  };
}
