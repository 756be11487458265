// What one call of a case's faulty code takes on this machine, so that the load makes its alert true on any: what a
// processor, a kernel or a disk is fast at differs more from machine to machine than one speed could tell.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const WARM_MS = 250;
const SAMPLE_MS = 400;
const FEWEST = 5;
const LIMIT_MS = 15_000;
const ENTRY = fileURLToPath(
  new URL(`./entry/cost-process${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url),
);

/** Loads a module of the case's `app/` folder: the faulty one, also in a run of the healthy twin. */
export type LoadApp = (file: string) => Promise<Record<string, unknown>>;

/** Exported by drive.mjs as `cost`: gives the call that is measured. */
export type CostOf = (app: LoadApp) => Promise<() => unknown>;

/** @param file of drive.mjs. @param env of the service. In a process of its own, whose output goes through a pipe. */
export async function costInProcess(file: string, env: Readonly<Record<string, string>>): Promise<number> {
  const child = fork(ENTRY, [file], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: { ...process.env, ...env },
    timeout: LIMIT_MS,
  });
  child.stdout?.resume();
  const [answer] = await Promise.race([once(child, 'message'), once(child, 'exit').then(() => [undefined])]);
  child.kill();
  if (typeof answer !== 'number') throw new Error(`the cost of ${file} could not be measured`);
  return answer;
}

/** In this process. */
export async function measureCost(file: string): Promise<number> {
  const driver = (await import(pathToFileURL(file).href)) as { readonly cost: CostOf };
  const call = await driver.cost((name) => import(pathToFileURL(join(dirname(file), 'app', name)).href));
  await callFor(WARM_MS, call);
  const times = await callFor(SAMPLE_MS, call);
  // Whoever else has the core only makes a call longer; collections of garbage belong to it, so not the shortest.
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 4)] ?? 0;
}

async function callFor(ms: number, call: () => unknown): Promise<number[]> {
  const times: number[] = [];
  const startedMs = performance.now();
  while (times.length < FEWEST || performance.now() - startedMs < ms) {
    const calledMs = performance.now();
    await call();
    times.push(performance.now() - calledMs);
  }
  return times;
}
