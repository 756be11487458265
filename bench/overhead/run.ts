// Bare against attached: requests per second, CPU per request and p99 of one small server, in interleaved segments.
// The method and the figures of the last recorded run stand in bench/README.md.
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { LoadJob, LoadResult } from './load.ts';
import { bootstrap, type Estimate, median, quantile } from './statistics.ts';
import { type AttachCost, measureAttach, type Subject, spawnPinned, startSubject } from './subject.ts';

const { values } = parseArgs({
  options: {
    starts: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '14' },
    /** Requests of one segment. */
    requests: { type: 'string', default: '4000' },
    warmup: { type: 'string', default: '30000' },
    /** What is preloaded; default: the built nodelens/register. */
    register: { type: 'string' },
  },
});
const register = values.register ?? import.meta.resolve('nodelens/register');
const starts = Number(values.starts);
const rounds = Number(values.rounds);
const print = (line: string): void => void process.stdout.write(`${line}\n`);

const ROUTES = [
  { name: 'hello', path: '/hello', connections: 32, share: 1 },
  { name: 'rows', path: '/rows', connections: 32, share: 0.4 },
] as const;

/** The A/A control is a second bare server: what its ratio is off 1 is the error of the method. */
const VARIANTS = ['bare', 'control', 'attached'] as const;
type Variant = (typeof VARIANTS)[number];

interface Segment {
  readonly mainUs: number;
  readonly allUs: number;
  readonly perSecond: number;
  readonly p99Ms: number;
}
type Metric = keyof Segment;
/** Neighbours on the machine only ever make a segment worse: the better quartile is compared. */
const METRICS: readonly { readonly key: Metric; readonly label: string; readonly share: number }[] = [
  { key: 'mainUs', label: 'main-thread CPU per request', share: 0.25 },
  { key: 'allUs', label: 'all-thread CPU per request', share: 0.25 },
  { key: 'perSecond', label: 'requests per second', share: 0.75 },
  { key: 'p99Ms', label: 'p99', share: 0.25 },
];

const load = spawnPinned(1, [fileURLToPath(new URL('./load.ts', import.meta.url))], 'ipc');
load.once('exit', (code) => {
  if (code !== 0) process.exit(1);
});

async function drive(job: LoadJob): Promise<LoadResult> {
  load.send(job);
  const [result] = (await once(load, 'message')) as [LoadResult];
  return result;
}

async function segment(subject: Subject, job: LoadJob): Promise<Segment> {
  const before = { main: subject.mainCpuUs(), all: (await subject.totals()).cpuUs };
  const { durationMs, p99Ms } = await drive(job);
  const mainUs = (subject.mainCpuUs() - before.main) / job.requests;
  const allUs = ((await subject.totals()).cpuUs - before.all) / job.requests;
  return { mainUs, allUs, perSecond: (1000 * job.requests) / durationMs, p99Ms };
}

type Rounds = Record<Variant, Segment[]>;

/** The variants in the order of a turn: rotated and reversed, so that none always follows the same one. */
function turn(count: number): readonly Variant[] {
  const rotated = [...VARIANTS.slice(count % 3), ...VARIANTS.slice(0, count % 3)];
  return count % 2 === 1 ? rotated.reverse() : rotated;
}

/** Fresh processes of every variant, all alive, taking turns in alternating order. */
async function oneStart(
  route: (typeof ROUTES)[number],
  start: number,
  rss: Record<Variant, number[]>,
): Promise<Rounds> {
  const subjects = new Map<Variant, Subject>();
  for (const variant of turn(start))
    subjects.set(variant, await startSubject(variant === 'attached' ? register : undefined));
  const job = (variant: Variant, requests: number): LoadJob => ({
    port: (subjects.get(variant) as Subject).port,
    path: route.path,
    connections: route.connections,
    requests: Math.round(requests * route.share),
  });
  for (const variant of turn(start)) await drive(job(variant, Number(values.warmup)));
  const result: Rounds = { bare: [], control: [], attached: [] };
  for (let round = 0; round < rounds; round += 1) {
    for (const variant of turn(round))
      result[variant].push(
        await segment(subjects.get(variant) as Subject, job(variant, Number(values.requests))),
      );
  }
  for (const [variant, subject] of subjects) {
    rss[variant].push((await subject.totals()).rssMb);
    await subject.stop();
  }
  return result;
}

const ratios = (
  all: readonly Rounds[],
  variant: Variant,
  { key, share }: (typeof METRICS)[number],
): Estimate =>
  bootstrap(
    all.map((one) => ({ variant: one[variant].map((it) => it[key]), base: one.bare.map((it) => it[key]) })),
    share,
  );

const shown = ({ value, low, high }: Estimate): string =>
  `${value.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;

async function compare(route: (typeof ROUTES)[number]): Promise<void> {
  const rss: Record<Variant, number[]> = { bare: [], control: [], attached: [] };
  const all: Rounds[] = [];
  for (let start = 0; start < starts; start += 1) all.push(await oneStart(route, start, rss));
  const typical = (variant: Variant, { key, share }: (typeof METRICS)[number]): string =>
    median(
      all.map((one) =>
        quantile(
          one[variant].map((it) => it[key]),
          share,
        ),
      ),
    ).toFixed(1);
  print(
    `\n### ${route.path}: ${starts} starts x ${rounds} rounds of ${Number(values.requests) * route.share}\n`,
  );
  print('| | bare | attached | attached / bare | bare / bare (A/A) |');
  print('|---|---|---|---|---|');
  for (const metric of METRICS)
    print(
      `| ${metric.label} | ${typical('bare', metric)} | ${typical('attached', metric)} | ${shown(ratios(all, 'attached', metric))} | ${shown(ratios(all, 'control', metric))} |`,
    );
  print(`| resident memory, MB | ${median(rss.bare).toFixed(0)} | ${median(rss.attached).toFixed(0)} | | |`);
}

async function attachCost(): Promise<void> {
  const bare: AttachCost[] = [];
  const attached: AttachCost[] = [];
  for (let run = 0; run < 2 * starts; run += 1) {
    bare.push(await measureAttach(undefined));
    attached.push(await measureAttach(register));
  }
  const of = (costs: readonly AttachCost[], key: keyof AttachCost): number =>
    quantile(
      costs.map((cost) => cost[key]),
      0.25,
    );
  const row = (label: string, key: keyof AttachCost): void => {
    const [before, after] = [of(bare, key), of(attached, key)];
    print(`| ${label} | ${before.toFixed(1)} | ${after.toFixed(1)} | ${(after - before).toFixed(1)} |`);
  };
  print(`\n### What attaching costs main once: lower quartile of ${2 * starts} starts, ms\n`);
  print('| | bare | attached | difference |');
  print('|---|---|---|---|');
  row("CPU of main until the app's first line", 'readyCpuMs');
  row("until the app's first line, by the clock", 'readyMs');
  row('longest gap of the loop in the first 2 s', 'gapMs');
}

print(`node ${process.version}, register ${register.replace(/^.*\/(?=packages|node_modules)/, '')}`);
print('CPU in us, p99 in ms; intervals are 95 % by bootstrap over starts and rounds.');
await attachCost();
for (const route of ROUTES) await compare(route);
load.disconnect();
