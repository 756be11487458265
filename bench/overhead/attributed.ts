// What of main's CPU per request is Nodelens's, seen by perf: each sample of main's stack under load that has our code, or
// a profiler of V8, in it. Neighbours on the machine make all samples slower alike, so it tells tenths of a percent
// where the ratio of two processes (run.ts) tells whole ones; what it cannot see is what we do to caches and to the JIT.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Drive, startLoad } from './rotation.ts';
import { type Preload, type Subject, startSubject } from './subject.ts';
import { print, printTable } from './tables.ts';

const { values } = parseArgs({
  options: {
    starts: { type: 'string', default: '3' },
    /** Requests of a start while samples are taken. */
    requests: { type: 'string', default: '40000' },
    warmup: { type: 'string', default: '40000' },
    register: { type: 'string' },
    /** A folder with a nodelens.config.ts, for other than the default skills. */
    config: { type: 'string' },
  },
});

const SAMPLES_PER_SECOND = '1999';
const CONNECTIONS = 32;
/** Of ours, named. */
const FUNCTIONS = 8;

const GROUPS = ['our code, and what it calls', "Node's channels", "V8's profilers", 'native calls'] as const;
type Group = (typeof GROUPS)[number];

const OURS = /JS:.*(?:\/packages\/(?:cli|core|skills-builtin|sandbox)\/|@nodelens\/|\/nodelens\/)/;

/** The innermost function is first in `stack`. */
function groupOf(stack: string): Group | undefined {
  if (OURS.test(stack)) return 'our code, and what it calls';
  if (/v8::sampler::|SamplingHeapProfiler|CpuSampler|TickSample|AllocationObserver/.test(stack))
    return "V8's profilers";
  const leaf = stack.slice(0, stack.indexOf('\n'));
  if (/node:diagnostics_channel/.test(leaf)) return "Node's channels";
  // While a CPU profile runs V8 calls native functions by a longer way: counted for the bare server, too.
  if (/CallApiCallback|InvokeFunctionCallback/.test(leaf)) return 'native calls';
  return undefined;
}

interface Counted {
  total: number;
  readonly by: Map<Group, number>;
  /** Samples of each function of ours, what it calls outside our code included. */
  readonly functions: Map<string, number>;
}

const counted = (): Counted => ({ total: 0, by: new Map(), functions: new Map() });

function add<Key>(to: Map<Key, number>, key: Key): void {
  to.set(key, (to.get(key) ?? 0) + 1);
}

function count(into: Counted, script: string): void {
  for (const stack of script.split('\n\n')) {
    if (stack.trim() === '') continue;
    into.total += 1;
    const group = groupOf(`${stack.trim()}\n`);
    if (group !== undefined) add(into.by, group);
    const own = stack.split('\n').find((frame) => OURS.test(frame));
    if (own !== undefined)
      add(into.functions, own.replace(/^.*JS:\S?\s*/, '').replace(/file:.*\/(?=[^/]+$)/, ''));
  }
}

async function sample(drive: Drive, subject: Subject, path: string, folder: string): Promise<string> {
  const job = (requests: string) => ({
    port: subject.port,
    path,
    connections: CONNECTIONS,
    requests: Number(requests),
  });
  await drive(job(values.warmup));
  const file = join(folder, 'perf.data');
  const perf = spawn(
    'perf',
    ['record', '-e', 'cpu-clock', '-F', SAMPLES_PER_SECOND, '-g', '-t', String(subject.pid), '-o', file],
    { stdio: ['ignore', 'ignore', 'ignore'] },
  );
  await once(perf, 'spawn');
  await drive(job(values.requests));
  const gone = once(perf, 'exit');
  perf.kill('SIGINT');
  await gone;
  return execFileSync('perf', ['script', '-i', file, '-F', 'ip,sym'], {
    encoding: 'utf8',
    maxBuffer: 2 ** 30,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
}

async function attribute(drive: Drive, path: string, preload: Preload, folder: string): Promise<void> {
  const bare = counted();
  const attached = counted();
  for (let start = 0; start < Number(values.starts); start += 1) {
    for (const [into, before] of [
      [bare, undefined],
      [attached, preload],
    ] as const) {
      const subject = await startSubject(before);
      count(into, await sample(drive, subject, path, folder));
      await subject.stop();
      rmSync(`/tmp/perf-${subject.pid}.map`, { force: true });
    }
  }
  const share = ({ total, by }: Counted, group: Group): number => (by.get(group) ?? 0) / total;
  const percent = (part: number): string => (100 * part).toFixed(2);
  const differences = GROUPS.map((group) => share(attached, group) - share(bare, group));
  const ours = differences.reduce((sum, difference) => sum + difference, 0);
  // Counts scatter by their square root.
  const sampled = GROUPS.reduce((sum, group) => sum + (attached.by.get(group) ?? 0), 0);
  const error = (1.96 * Math.sqrt(sampled)) / attached.total;
  const ratio = (part: number): string => (1 / (1 - part)).toFixed(3);
  printTable(
    `${path}: ${bare.total} samples of a bare main, ${attached.total} of an attached one, of ${values.starts} starts`,
    ['bare, %', 'attached, %', 'difference'],
    [
      ...GROUPS.map((group, index) => [
        group,
        percent(share(bare, group)),
        percent(share(attached, group)),
        percent(differences[index] ?? 0),
      ]),
      ['all of it', '', '', percent(ours)],
    ],
  );
  const dearest = [...attached.functions].sort((a, b) => b[1] - a[1]).slice(0, FUNCTIONS);
  print(
    `\nof it: ${dearest.map(([name, samples]) => `${name} ${percent(samples / attached.total)}`).join('; ')}`,
  );
  print(
    `\nmain's CPU per request, attached / without what is ours: ${ratio(ours)} [${ratio(ours - error)}, ${ratio(ours + error)}]`,
  );
}

// Names of compiled functions, for perf; a bare server gets them, too.
process.env.NODE_OPTIONS = '--perf-basic-prof';
const folder = mkdtempSync(join(tmpdir(), 'nodelens-perf-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
const preload: Preload = {
  url: values.register ?? import.meta.resolve('nodelens/register'),
  ...(values.config !== undefined && { cwd: resolve(values.config) }),
};
const load = startLoad();
for (const path of ['/hello', '/rows']) await attribute(load.drive, path, preload, folder);
load.stop();
