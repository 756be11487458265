// What the sandbox costs over isolated-vm in the caller's own process, which it replaces: cold start, and a warm run
// with one host call. `node bench/run.ts`; ratios compare within this process and this machine only.
import ivm from 'isolated-vm';
import { createSandbox } from '../src/index.ts';

const rounds = 200;
const code = 'const m = await memory(); return m.rssMb';
const memory = (): { rssMb: number } => ({ rssMb: 81.5 });

async function inProcess(): Promise<void> {
  const isolate = new ivm.Isolate({ memoryLimit: 64 });
  const context = await isolate.createContext();
  const call = new ivm.Callback(() => JSON.stringify(memory()), { async: true });
  const body = `const memory = async () => JSON.parse(await $0());
    return (async () => JSON.stringify(await (async () => { ${code} })()))()`;
  await context.evalClosure(body, [call], { result: { promise: true }, timeout: 2_000 });
  isolate.dispose();
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? 0;

async function coldStart(): Promise<number> {
  const sandbox = createSandbox();
  const ms = await timed(() => sandbox.run({ code, functions: { memory } }));
  await sandbox.close();
  return ms;
}

const cold: number[] = [];
for (let i = 0; i < 10; i++) cold.push(await coldStart());

const sandbox = createSandbox();
const warmRun = (): Promise<unknown> => sandbox.run({ code, functions: { memory } });
for (let i = 0; i < 20; i++) await Promise.all([warmRun(), inProcess()]);

const warm: number[] = [];
const raw: number[] = [];
// Interleaved, so that what else the machine does falls on both.
for (let i = 0; i < rounds; i++) {
  warm.push(await timed(warmRun));
  raw.push(await timed(inProcess));
}
await sandbox.close();

const rawMs = median(raw);
const line = (name: string, ms: number): string =>
  `${name.padEnd(34)} ${ms.toFixed(2).padStart(8)} ms  x${(ms / rawMs).toFixed(2)}\n`;
process.stdout.write(
  line('isolated-vm in this process', rawMs) +
    line('sandbox, warm, one host call', median(warm)) +
    line('sandbox, cold start', median(cold)),
);
