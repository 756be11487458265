// One server process under test: started on a core of its own, measured from outside through procfs.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const SERVER = fileURLToPath(new URL('./server.ts', import.meta.url));
const TASKSET = '/usr/bin/taskset';
const canPin = existsSync(TASKSET);

/** What a process is started with before the app. */
export interface Preload {
  /** Given to `--import`. */
  readonly url: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The working folder, where a `nodelens.config.ts` may be. */
  readonly cwd?: string;
}

/** Starts node pinned to `core` where the machine can; `preload` comes before `args` if given. */
export function spawnPinned(
  core: number,
  args: readonly string[],
  stdio: 'pipe' | 'ipc',
  preload?: Preload,
): ChildProcess {
  const all = preload === undefined ? args : ['--import', preload.url, ...args];
  const [command, ...rest] = canPin
    ? [TASKSET, '-c', String(core), process.execPath, ...all]
    : [process.execPath, ...all];
  const child = spawn(command as string, rest, {
    env: { ...process.env, ...preload?.env },
    cwd: preload?.cwd,
    stdio: stdio === 'ipc' ? ['ignore', 'ignore', 'inherit', 'ipc'] : ['ignore', 'pipe', 'inherit'],
  });
  alive.add(child);
  child.once('exit', () => alive.delete(child));
  return child;
}

/** A benchmark that is interrupted must not leave servers behind. */
const alive = new Set<ChildProcess>();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
process.once('exit', () => {
  for (const child of alive) child.kill('SIGKILL');
});

export interface Subject {
  readonly pid: number;
  readonly port: number;
  /** CPU of its main thread so far, in us. */
  mainCpuUs(): number;
  /** CPU of all its threads so far, in us, and its resident memory in MB. */
  totals(): Promise<{ cpuUs: number; rssMb: number }>;
  /** The same as far as the kernel tells it, without a request: threads that have ended are not in it. */
  totalsUnasked(): { cpuUs: number; rssMb: number };
  /** Moves all its threads but main, and those that they start, to `core`. */
  leaveMainAlone(core: number): void;
  stop(): Promise<void>;
}

/** Starts the server on core 0; bare without a `preload`. */
export async function startSubject(preload: Preload | undefined): Promise<Subject> {
  const child = spawnPinned(0, [SERVER], 'pipe', preload);
  const [line] = (await once(createInterface({ input: child.stdout as NodeJS.ReadableStream }), 'line')) as [
    string,
  ];
  const port = Number(line.split(' ')[1]);
  // taskset replaces itself by node, so the child's pid is the server's.
  const schedstat = `/proc/${child.pid}/task/${child.pid}/schedstat`;
  return {
    pid: child.pid as number,
    port,
    mainCpuUs: () => Number(readFileSync(schedstat, 'utf8').split(' ')[0]) / 1000,
    async totals() {
      const response = await fetch(`http://127.0.0.1:${port}/totals`);
      const { cpu, rss } = (await response.json()) as {
        cpu: NodeJS.CpuUsage;
        rss: number;
      };
      return { cpuUs: cpu.user + cpu.system, rssMb: rss / 2 ** 20 };
    },
    totalsUnasked() {
      const tasks = `/proc/${child.pid}/task`;
      const ranNs = readdirSync(tasks).map((tid) =>
        Number(readFileSync(`${tasks}/${tid}/schedstat`, 'utf8').split(' ')[0]),
      );
      const rssKb = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
      return { cpuUs: ranNs.reduce((sum, ns) => sum + ns / 1000, 0), rssMb: Number(rssKb) / 1024 };
    },
    leaveMainAlone(core) {
      for (const tid of readdirSync(`/proc/${child.pid}/task`))
        if (Number(tid) !== child.pid)
          // One that has ended meanwhile is no matter.
          spawnSync(TASKSET, ['-cp', String(core), tid], { stdio: 'ignore' });
    },
    async stop() {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

export interface AttachCost {
  /** Until the app's first line, in ms by the clock. */
  readonly readyMs: number;
  /** CPU of the main thread until then, in ms. */
  readonly readyCpuMs: number;
  /** The longest gap of the event loop in the 2 s after it, in ms. */
  readonly gapMs: number;
}

/** One process that only watches its own loop for 2 s and ends. */
export async function measureAttach(preload: Preload | undefined): Promise<AttachCost> {
  const child = spawnPinned(0, [SERVER, '--gap'], 'pipe', preload);
  const gone = once(child, 'exit');
  const [line] = (await once(createInterface({ input: child.stdout as NodeJS.ReadableStream }), 'line')) as [
    string,
  ];
  await gone;
  return JSON.parse(line) as AttachCost;
}
