// npm run stress:blackbox -- [--seconds 20] [--only loop]: a service is blocked, and ended as an orchestrator ends it: SIGTERM,
// which a blocked process does not hear, then SIGKILL. Its next start must tell what it died of. Exit 1 if one does not.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { PreviousLife } from '../../src/recorder/black-box/previous-life.ts';
import { FAULTS, type Fault } from './faults.ts';
import { createMemoryGroup } from './memory-group.ts';

const SERVICE = fileURLToPath(new URL('./service.ts', import.meta.url));
/** A healthy time before the fault: a turn of the profile. */
const HEALTHY_MS = 7_000;
/** What there is to tell comes with the start. */
const TOLD_MS = 2_000;

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '20' }, only: { type: 'string' } },
});
const faults = (Object.keys(FAULTS) as Fault[]).filter((fault) => fault === (values.only ?? fault));
let misses = 0;
for (const fault of faults) await dieOf(fault);
process.exitCode = misses === 0 ? 0 : 1;

interface Started {
  readonly child: ChildProcess;
  readonly recovered: Promise<PreviousLife>;
}

async function start(dataDir: string, execArgv: readonly string[] = []): Promise<Started> {
  const child = fork(SERVICE, [dataDir], {
    execArgv: ['--conditions=@nodelens/source', ...execArgv],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  const ready = Promise.withResolvers<void>();
  const told = Promise.withResolvers<PreviousLife>();
  child.on('message', (message: { ready?: true; recovered?: PreviousLife }) => {
    if (message.ready) ready.resolve();
    if (message.recovered) told.resolve(message.recovered);
  });
  await ready.promise;
  return { child, recovered: told.promise };
}

async function dieOf(fault: Fault): Promise<void> {
  const { execArgv, groupMb } = FAULTS[fault];
  const group = groupMb === undefined ? undefined : createMemoryGroup(`nodelens-${process.pid}`, groupMb);
  if (groupMb !== undefined && group === undefined) {
    process.stdout.write(
      `left out ${fault}: no memory group can be made here (root, and not in a container)\n`,
    );
    return;
  }
  const dataDir = mkdtempSync(join(tmpdir(), 'nodelens-black-box-'));
  const { child } = await start(dataDir, execArgv);
  group?.add(child.pid as number);
  await wait(HEALTHY_MS);
  const exited = once(child, 'exit');
  child.send(fault);
  if (fault.startsWith('heap') || group !== undefined) await exited;
  else await Promise.race([exited, endFromOutside(child, fault === 'none' ? 0 : Number(values.seconds))]);
  await exited;
  group?.remove();
  const next = await start(dataDir);
  const life = await Promise.race([next.recovered, wait(TOLD_MS, undefined)]);
  next.child.kill('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
  report(fault, life);
}

async function endFromOutside(child: ChildProcess, seconds: number): Promise<void> {
  await wait(seconds * 1_000);
  child.kill('SIGTERM');
  await wait(1_000);
  child.kill('SIGKILL');
}

function report(fault: Fault, life: PreviousLife | undefined): void {
  const { end, named, hinted } = FAULTS[fault];
  const isRight =
    (life?.end ?? 'nothing told') === end &&
    (named === undefined || life?.subjects[0]?.name === named) &&
    (hinted === undefined || life?.summary.includes(hinted) === true);
  if (!isRight) misses++;
  const told = life === undefined ? 'nothing told' : `${life.end}: ${life.summary}`;
  process.stdout.write(`${isRight ? 'right' : 'WRONG'}  ${fault.padEnd(19)} ${told}\n`);
}
