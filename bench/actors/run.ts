// Actors against what they are made of: ratios to a baseline that runs in the same process in turns with them. The
// method and the figures of the last recorded run stand in bench/README.md.
import { execFile } from 'node:child_process';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { print, printTable } from '../overhead/tables.ts';
import { estimate, type Ratio } from '../ratios/estimate.ts';
import { median } from '../ratios/quantile.ts';
import { coreUrl } from './core.ts';
import type { Figures } from './group.ts';
import { GROUPS, type GroupPlan, ROWS, type Row } from './rows.ts';

const { values } = parseArgs({
  options: {
    /** Fresh processes of each group. */
    starts: { type: 'string', default: '3' },
    /** Only these groups, with commas. */
    groups: { type: 'string' },
    /** Of a group's own number of rounds. */
    share: { type: 'string', default: '1' },
  },
});
const starts = Number(values.starts);
const wanted = values.groups?.split(',');

/** What the cases of a group gave, round by round. */
type Found = Readonly<Record<string, readonly Figures[]>>;

const UNITS: Readonly<Record<string, string>> = { heapKb: 'KB', rssKb: 'KB', mb: 'MB' };
const CPU_OF: Readonly<Record<string, string>> = { us: 'cpuUs', ms: 'cpuMs' };
const ROTATE = fileURLToPath(new URL('./rotate.ts', import.meta.url));
const run = promisify(execFile);

async function measure(...args: readonly (string | number)[]): Promise<Found> {
  const { stdout } = await run(process.execPath, ['--expose-gc', ROTATE, ...args.map(String)], {
    timeout: 280_000,
  });
  return JSON.parse(stdout) as Found;
}

/** Every round of each case in a process of its own, in alternating order. */
async function measureFresh({ name }: GroupPlan, cases: readonly string[], rounds: number): Promise<Found[]> {
  const found: Found[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const one: Record<string, readonly Figures[]> = {};
    for (const only of round % 2 === 1 ? cases.toReversed() : cases)
      Object.assign(one, await measure(name, 1, 0, only));
    found.push(one);
  }
  return found;
}

async function measureGroup(plan: GroupPlan): Promise<readonly Found[]> {
  const rounds = Math.max(2, Math.round(plan.rounds * Number(values.share)));
  const rows = ROWS.filter(({ group }) => group === plan.name);
  const cases = [...new Set(rows.flatMap(({ base, variant }) => [base, variant])), 'control'];
  if (plan.isFresh) return measureFresh(plan, cases, rounds * starts);
  const found: Found[] = [];
  for (let start = 0; start < starts; start += 1) found.push(await measure(plan.name, rounds, plan.warmup));
  return found;
}

/** The ratios of every round, by start. */
const ratios = (all: readonly Found[], metric: string, variant: string, base: string): number[][] =>
  all.map((one) =>
    (one[variant] ?? []).map((figures, round) => {
      const other = one[base]?.[round]?.[metric];
      return (figures[metric] ?? Number.NaN) / (other ?? Number.NaN);
    }),
  );

function typical(all: readonly Found[], metric: string, name: string): string {
  const value = median(
    all.flatMap((one) => (one[name] ?? []).map((figures) => figures[metric] ?? Number.NaN)),
  );
  return `${value.toFixed(value < 10 ? 2 : 1)} ${UNITS[metric] ?? metric}`;
}

function show({ value, low, high }: Ratio): string {
  const digits = value < 0.1 ? 3 : 2;
  return `${value.toFixed(digits)} [${low.toFixed(digits)}, ${high.toFixed(digits)}]`;
}

/** The same by CPU of all threads, which neighbours on the machine disturb less; not for memory. */
function cpuRatio(all: readonly Found[], { metric, variant, base }: Row): string {
  const cpu = CPU_OF[metric];
  return cpu === undefined ? '' : show(estimate(ratios(all, cpu, variant, base)));
}

function cells(all: readonly Found[], { controlled }: GroupPlan, row: Row): readonly string[] {
  const { label, metric, variant, base, aim } = row;
  const ratio = estimate(ratios(all, metric, variant, base));
  const control = estimate(ratios(all, metric, 'control', controlled));
  const verdict = aim === undefined ? '' : `${aim}: ${ratio.value <= aim ? 'met' : 'missed'}`;
  const figures = [typical(all, metric, base), typical(all, metric, variant)];
  return [label, ...figures, show(ratio), show(control), cpuRatio(all, row), verdict];
}

print(`node ${process.version}, ${cpus().length} cores, not pinned; core from ${coreUrl('')}`);
print(
  `${starts} starts; medians of ratios round by round, 95 % intervals by bootstrap over starts and rounds.`,
);
const rows: (readonly string[])[] = [];
for (const plan of GROUPS) {
  if (wanted?.includes(plan.name) === false) continue;
  const all = await measureGroup(plan);
  const found = ROWS.filter(({ group }) => group === plan.name).map((row) => cells(all, plan, row));
  // At once as well: a run takes minutes.
  for (const row of found) process.stderr.write(`${row.join('  ')}\n`);
  rows.push(...found);
}
printTable('Actors', ['base', 'ours', 'ours / base', 'base / base (A/A)', 'ratio in CPU', 'aim'], rows);
