// How long each callback of the built-in skills holds main up: the longest gap of main's loop while it runs,
// as a Markdown table. Heap snapshots of the larger heap take minutes, so they are measured only with --snapshots.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    heaps: { type: 'string', default: '50,300' },
    runs: { type: 'string', default: '3' },
    snapshots: { type: 'boolean', default: false },
  },
});
const heaps = values.heaps.split(',').map(Number);
const SKILLS = [
  'runtime',
  'gc',
  'collections',
  'allocator',
  'handles',
  'http',
  'overload',
  'logger',
  'exceptions',
  'supervision',
  'system',
  'vm-events',
  'tracer',
];
type Argument = string | number | readonly string[];

/** Arguments that keep the windows short; all others are called with their defaults. */
const ARGS: { readonly [callback: string]: readonly Argument[] } = {
  runtime_await_stall_end: [1],
  gc_top_allocators: [0.5],
  gc_efficiency: [0.5],
  collections_growth: [0.3],
  collections_leak_candidates: [0.3],
  collections_query: ['Map', 0.3],
  collections_growth_history: ['c1'],
  collections_retaining_path: ['c1', 0],
  collections_heap_summary: [0],
  handles_watch_openings: [1],
  logger_search: ['likes'],
  runtime_stall_requests: ['none'],
  overload_history: ['event loop'],
  supervision_worker_stacks: [1],
  logger_by_logger: ['console'],
  exceptions_search: ['none'],
  exceptions_stack: ['none'],
  exceptions_new_since: [0],
  vm_events_around: [0],
  supervision_worker_functions: [1],
  tracer_find: ['openSession'],
  tracer_count: [['openSession'], 1],
  tracer_trace: ['openSession', 1],
};
const SNAPSHOTS = ['collections_retaining_path', 'collections_heap_summary'];
const LARGE_MB = 100;
const IDLE = 'nothing, for 1 s';

interface Reply {
  readonly value?: unknown;
  readonly error?: string;
  readonly longestMs?: number;
}

async function ask(subject: ChildProcess, question: string | object): Promise<Reply> {
  const reply = once(subject, 'message') as Promise<[Reply]>;
  subject.send(question);
  return (await reply)[0];
}

/** The longest gap in ms, or why there is none. */
async function measure(
  subject: ChildProcess,
  run: () => Promise<Reply | undefined>,
): Promise<number | string> {
  await ask(subject, 'longest');
  const reply = await run();
  const { longestMs = 0 } = await ask(subject, 'longest');
  return reply?.error ?? longestMs;
}

async function callbacksOf(subject: ChildProcess): Promise<readonly (readonly [string, string])[]> {
  const found: (readonly [string, string])[] = [];
  for (const skill of SKILLS)
    for (const name of (await ask(subject, { skill })).value as string[]) found.push([skill, name]);
  return found;
}

async function measureHeap(heapMb: number): Promise<ReadonlyMap<string, string>> {
  const subject = fork(fileURLToPath(new URL('./subject.ts', import.meta.url)), [String(heapMb)], {
    execArgv: ['--conditions=@nodelens/source'],
  });
  const cells = new Map<string, string>();
  const all = await callbacksOf(subject);
  const pause = (): Promise<undefined> => new Promise((resolve) => setTimeout(resolve, 1_000, undefined));
  cells.set(IDLE, await cellOf(Number(values.runs), () => measure(subject, pause)));
  // A first survey gives the ids that others are asked for.
  await ask(subject, { skill: 'collections', callback: 'collections_top', args: [] });
  for (const [skill, callback] of all) {
    const isSnapshot = SNAPSHOTS.includes(callback);
    if (isSnapshot && heapMb > LARGE_MB && !values.snapshots) continue;
    const question = { skill, callback, args: ARGS[callback] ?? [] };
    const runs = isSnapshot ? 1 : Number(values.runs);
    cells.set(callback, await cellOf(runs, () => measure(subject, () => ask(subject, question))));
  }
  subject.kill('SIGKILL');
  return cells;
}

/** `median / max` */
async function cellOf(runs: number, run: () => Promise<number | string>): Promise<string> {
  const gaps: number[] = [];
  for (let index = 0; index < runs; index += 1) {
    const gap = await run();
    if (typeof gap === 'string') return gap.slice(0, 80);
    gaps.push(gap);
  }
  gaps.sort((a, b) => a - b);
  const [median, max] = [gaps[gaps.length >> 1] ?? 0, gaps.at(-1) ?? 0].map((gap) =>
    gap.toFixed(gap < 10 ? 1 : 0),
  );
  return runs === 1 ? `${max}` : `${median} / ${max}`;
}

const columns: ReadonlyMap<string, string>[] = [];
for (const heapMb of heaps) columns.push(await measureHeap(heapMb));
const names = [...new Set(columns.flatMap((column) => [...column.keys()]))];
const rows = names.map(
  (name) => `| ${name} | ${columns.map((column) => column.get(name) ?? '').join(' | ')} |`,
);
process.stdout.write(
  `${[
    `| Callback | ${heaps.map((mb) => `${mb} MB, ms (median / max)`).join(' | ')} |`,
    `|---|${heaps.map(() => '---|').join('')}`,
    ...rows,
  ].join('\n')}\n`,
);
