// A machine without a core to spare: bounded busy processes that share the core of one thread with it.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';

/** Whether threads can be bound to a core here. */
export const canPin: boolean = spawnSync('taskset', ['-p', String(process.pid)]).status === 0;

/** A core that this process may run on; they need not begin at 0. */
function anyCore(): string {
  const list = execFileSync('taskset', ['-cp', String(process.pid)], { encoding: 'utf8' });
  return /(\d+)\D*$/.exec(list.trim())?.[1] ?? '0';
}

/** Ends by itself after 20 s of CPU. */
const BUSY = 'ulimit -t 20; echo busy; while :; do :; done';

/** Binds one thread, and `count` busy processes beside it, to a single core; until the test ends. */
export async function starve(tid: number, count: number): Promise<void> {
  const core = anyCore();
  execFileSync('taskset', ['-cp', core, String(tid)]);
  const hogs: ChildProcess[] = [];
  onTestFinished(() => {
    for (const hog of hogs) hog.kill('SIGKILL');
  });
  for (let i = 0; i < count; i++)
    hogs.push(spawn('taskset', ['-c', core, 'sh', '-c', BUSY], { stdio: ['ignore', 'pipe', 'ignore'] }));
  await Promise.all(hogs.map(({ stdout }) => stdout && once(stdout, 'data')));
}
