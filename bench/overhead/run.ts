// Bare against attached (and, with --peers, against what else supervises a Node process): requests per second, CPU per
// request and p99 of one small server, in interleaved segments. The method and the figures of the last recorded run
// stand in bench/README.md.
import { basename, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { estimate } from '../ratios/estimate.ts';
import { median } from '../ratios/quantile.ts';
import { attachCost, idleCost } from './alone.ts';
import { type Drive, type Measured, oneStart, type Route, type Segment, startLoad } from './rotation.ts';
import { print, printTable } from './tables.ts';
import { BARE, CONTROL, installedPeers, type Variant } from './variants.ts';

const { values } = parseArgs({
  options: {
    starts: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '40' },
    /** Requests of one segment. */
    requests: { type: 'string', default: '1000' },
    warmup: { type: 'string', default: '30000' },
    /** What is preloaded; default: the built nodelens/register. */
    register: { type: 'string' },
    /** Folders with a nodelens.config.ts, for other than the default skills; several are measured beside each other. */
    config: { type: 'string', multiple: true },
    /** Only the requests: not what attaching and being idle cost. */
    'requests-only': { type: 'boolean', default: false },
    /** Main has its core for itself: what other threads of the process do is no longer felt by it. */
    apart: { type: 'boolean', default: false },
    /** Also measure OpenTelemetry and dd-trace, of bench/peers. */
    peers: { type: 'boolean', default: false },
  },
});
const register = values.register ?? import.meta.resolve('nodelens/register');
const starts = Number(values.starts);
const lengths = {
  rounds: Number(values.rounds),
  requests: Number(values.requests),
  warmup: Number(values.warmup),
  apart: values.apart,
};
/** Processes that are left idle are few: what they use hardly varies, and each takes 23 s. */
const idleStarts = Math.min(starts, 3);

const ROUTES: readonly Route[] = [
  { path: '/hello', connections: 32, share: 1 },
  { path: '/rows', connections: 32, share: 0.4 },
];

const attached: readonly Variant[] =
  values.config === undefined
    ? [{ name: 'attached', preload: { url: register } }]
    : values.config.map((folder) => ({
        name: basename(folder),
        preload: { url: register, cwd: resolve(folder) },
      }));
const peers = values.peers ? installedPeers() : undefined;
const others = [...attached, ...(peers?.variants ?? [])];

interface Metric {
  readonly key: keyof Segment;
  readonly label: string;
}
const METRICS: readonly Metric[] = [
  { key: 'mainUs', label: 'main-thread CPU per request' },
  { key: 'allUs', label: 'all-thread CPU per request' },
  { key: 'perSecond', label: 'requests per second' },
  { key: 'p99Ms', label: 'p99' },
];

/** What every start of a route gave, by variant. */
type Starts = readonly ReadonlyMap<Variant, Measured>[];

const samples = (one: ReadonlyMap<Variant, Measured>, variant: Variant, key: keyof Segment): number[] =>
  (one.get(variant)?.segments ?? []).map((segment) => segment[key]);

const typical = (all: Starts, variant: Variant, { key }: Metric): string =>
  median(all.map((one) => median(samples(one, variant, key)))).toFixed(1);

function ratio(all: Starts, variant: Variant, { key }: Metric): string {
  const { value, low, high } = estimate(
    all.map((one) => {
      const base = samples(one, BARE, key);
      return samples(one, variant, key).map((sample, round) => sample / (base[round] ?? Number.NaN));
    }),
  );
  return `${value.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
}

const memory = (all: Starts, variant: Variant): string =>
  median(all.map((one) => one.get(variant)?.rssMb ?? Number.NaN)).toFixed(0);

async function compare(drive: Drive, route: Route): Promise<void> {
  const all: ReadonlyMap<Variant, Measured>[] = [];
  for (let start = 0; start < starts; start += 1)
    all.push(await oneStart(drive, [BARE, CONTROL, ...others], route, start, lengths));
  printTable(
    `${route.path}: ${starts} starts x ${lengths.rounds} rounds of ${Math.round(lengths.requests * route.share)}`,
    ['bare', 'bare / bare (A/A)', ...others.flatMap(({ name }) => [name, `${name} / bare`])],
    [
      ...METRICS.map((metric) => [
        metric.label,
        typical(all, BARE, metric),
        ratio(all, CONTROL, metric),
        ...others.flatMap((variant) => [typical(all, variant, metric), ratio(all, variant, metric)]),
      ]),
      [
        'resident memory, MB',
        memory(all, BARE),
        '',
        ...others.flatMap((variant) => [memory(all, variant), '']),
      ],
    ],
  );
}

print(`node ${process.version}, register ${register.replace(/^.*\/(?=packages|node_modules)/, '')}`);
if (peers !== undefined) print(peers.found);
print('CPU in us, p99 in ms; intervals are 95 % by bootstrap over starts and rounds.');
if (!values['requests-only']) {
  await attachCost(others, 2 * starts);
  await idleCost(others, idleStarts);
}
const load = startLoad();
for (const route of ROUTES) await compare(load.drive, route);
load.stop();
