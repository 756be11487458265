import { expect, test } from 'vitest';
import { createKernel } from '../../src/supervision/kernel.ts';
import { watchKernel } from '../../src/supervision/watch.ts';
import type { TextReader } from '../../src/system/text-reader.ts';

const stat = (pid: number, state: string, ticks: number): string =>
  `${pid} (a b) c) ${state} 1 ${Array.from({ length: 18 }, (_, i) => (i === 9 ? ticks : i === 17 ? 100 + pid : 0)).join(' ')} 0 256`;

/** The files of a machine, by path; they may change. */
function machineOf(files: Record<string, string>): TextReader {
  return {
    text: (path) => files[path],
    names: (folder) => [
      ...new Set(
        Object.keys(files).flatMap((path) =>
          path.startsWith(`${folder}/`) ? [path.slice(folder.length + 1).split('/')[0] ?? ''] : [],
        ),
      ),
    ],
  };
}

const files = (): Record<string, string> => ({
  'proc/1/stat': stat(1, 'S', 0),
  'proc/1/task/1/comm': 'MainThread\n',
  'proc/1/task/1/schedstat': '1000000 0 3',
  'proc/1/task/1/children': '20 21 ',
  'proc/1/task/5/comm': 'WorkerThread\n',
  'proc/1/task/5/schedstat': '1000000000 500000000 3',
  'proc/1/task/6/comm': 'nl:recorder\n',
  'proc/1/task/6/schedstat': '5 0 3',
  'proc/20/stat': stat(20, 'R', 50),
  'proc/20/task/20/io': 'rchar: 9\nsyscr: 30\n',
  'proc/20/cmdline': 'node\0/srv/node_modules/@nodelens/sandbox/dist/entry/sandbox-process.js\0',
  'proc/21/stat': stat(21, 'Z', 0),
  'proc/21/cmdline': '',
});

test('threads and children are read, and whose they are', () => {
  const kernel = createKernel(machineOf(files()), 1);
  expect(kernel.threads().map(({ tid, owner }) => [tid, owner])).toEqual([
    [1, 'main'],
    [5, 'app'],
    [6, 'nodelens'],
  ]);
  expect(kernel.threads()[1]).toMatchObject({ ranMs: 1_000, wantedMs: 1_500 });
  const children = kernel.children();
  expect(children).toMatchObject([
    { pid: 20, state: 'R', cpuMs: 500, rssMb: 1 },
    { pid: 21, state: 'Z' },
  ]);
  expect(children.map((child) => kernel.nameOf(child))).toEqual([
    { name: 'node sandbox-process.js', isNodelens: true },
    { name: 'a b) c', isNodelens: false },
  ]);
  expect(kernel.openFiles(20)).toBeUndefined();
});

test('rates and zombies are drawn from two readings; a pid that was given again is another child', () => {
  const machine = files();
  let nowMs = 0;
  const watch = watchKernel(
    createKernel(machineOf(machine), 1),
    { everySecond: () => undefined },
    () => nowMs,
  );
  expect(watch.threadRates(watch.now(), 5_000)).toEqual([]);
  nowMs = 10_000;
  machine['proc/1/task/5/schedstat'] = '6000000000 5400000000 9';
  machine['proc/20/stat'] = stat(20, 'R', 550);
  machine['proc/20/task/20/io'] = 'rchar: 9\nsyscr: 80\n';
  const now = watch.now();
  expect(watch.threadRates(now, 5_000)).toEqual([
    { tid: 5, name: 'WorkerThread', cpuPercent: 50, wantedPercent: 99, windowMs: 10_000 },
  ]);
  expect(watch.threadRates(now, 15_000)).toEqual([]);
  expect(watch.childRates(now, 5_000).get(20)).toMatchObject({ cpuPercent: 50, mainReadsPerSecond: 5 });
  expect(watch.zombies(now)).toEqual([{ pid: 21, name: 'a b) c', seenForMs: 10_000 }]);
  machine['proc/21/stat'] = stat(21, 'Z', 0).replace('121', '9121');
  expect(watch.zombies(watch.now())).toMatchObject([{ pid: 21, seenForMs: 0 }]);
});

test('without /proc nothing is known, and nothing fails', () => {
  const kernel = createKernel(machineOf({}), 1);
  expect([kernel.isThere, kernel.threads(), kernel.children()]).toEqual([false, [], []]);
});
