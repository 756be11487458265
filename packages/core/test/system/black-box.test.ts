import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { openBlackBoxFile } from '../../src/recorder/black-box/file.ts';
import type { PreviousLife } from '../../src/recorder/black-box/previous-life.ts';
import type { LifeRecord } from '../../src/recorder/black-box/record.ts';

const SERVICE = fileURLToPath(new URL('./fixtures/frail-service.ts', import.meta.url));

interface Life {
  readonly child: ChildProcess;
  /** The next life that it recovers, or has recovered already. */
  recovered(): Promise<PreviousLife>;
  readonly told: readonly PreviousLife[];
}

function dataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'nodelens-black-box-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function live(dataDir: string, execArgv: readonly string[] = []): Promise<Life> {
  const { NODE_V8_COVERAGE: _, ...env } = process.env;
  const child = fork(SERVICE, [dataDir], {
    execArgv: ['--conditions=@nodelens/source', ...execArgv],
    env,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const told: PreviousLife[] = [];
  const arrivals: ((life: PreviousLife) => void)[] = [];
  const ready = Promise.withResolvers<void>();
  child.on('message', (message: { ready?: true; recovered?: PreviousLife }) => {
    if (message.ready) ready.resolve();
    if (message.recovered === undefined) return;
    told.push(message.recovered);
    for (const arrival of arrivals.splice(0)) arrival(message.recovered);
  });
  await ready.promise;
  return {
    child,
    told,
    recovered: () => {
      const [first] = told;
      return first ? Promise.resolve(first) : new Promise((resolve) => void arrivals.push(resolve));
    },
  };
}

/** What is on disk of a process, as soon as it satisfies `is`. */
async function onDisk(
  dataDir: string,
  pid: number,
  is: (record: LifeRecord) => boolean,
): Promise<LifeRecord> {
  const file = openBlackBoxFile({ directory: dataDir, onMovedAside: (message) => expect.fail(message) });
  const found = Promise.withResolvers<LifeRecord>();
  const look = (): void => {
    const open = file.open(SERVICE).find(({ life }) => life.pid === pid);
    const record = open && file.read(open.key);
    if (record !== undefined && is(record)) found.resolve(record);
  };
  const watcher = watch(dataDir, look);
  look();
  try {
    return await found.promise;
  } finally {
    watcher.close();
    file.close();
  }
}

async function killBlocked({ child }: Life, dataDir: string, action: string): Promise<LifeRecord> {
  child.send(action);
  const record = await onDisk(
    dataDir,
    child.pid ?? 0,
    ({ words: { stall } }) => stall !== undefined && stall.durationMs >= 1_000,
  );
  child.kill('SIGKILL');
  await once(child, 'exit');
  return record;
}

const lineOf = (text: string): number =>
  readFileSync(SERVICE, 'utf8')
    .split('\n')
    .findIndex((line) => line.includes(text)) + 1;

test('a successor tells what its predecessor died of, by name: a loop, a regular expression, a full heap', {
  timeout: 60_000,
}, async () => {
  const dataDir = dataFolder();
  const spinning = await live(dataDir);
  await killBlocked(spinning, dataDir, 'spinForEver');

  const matching = await live(dataDir);
  const spun = await matching.recovered();
  expect(spun).toMatchObject({
    pid: spinning.child.pid,
    end: 'blocked',
    subjects: [{ kind: 'function', name: 'spinForEver', file: SERVICE, line: lineOf('for (let round') }],
    stall: { ongoing: true, kind: 'javascript', culprit: { name: 'spinForEver' } },
  });
  expect(spun.summary).toContain('spinForEver');
  await killBlocked(matching, dataDir, 'matchForEver');

  const growing = await live(dataDir, ['--max-old-space-size=40']);
  expect(await growing.recovered()).toMatchObject({
    end: 'blocked',
    subjects: [{ kind: 'function', name: 'matchForEver', file: SERVICE, line: lineOf('return /^') }],
  });
  growing.child.send('grow');
  await once(growing.child, 'exit');

  const last = await live(dataDir);
  const grown = await last.recovered();
  expect(grown).toMatchObject({ end: 'heap-limit', subjects: [{ kind: 'process', name: 'heap' }] });
  expect(grown.summary).toContain('at most 40 MB');
  // Each is told once.
  expect(last.told).toHaveLength(1);
});

test('no orderly end leaves a report, nor does a sibling that runs', async () => {
  const dataDir = dataFolder();
  const sibling = await live(dataDir);
  const ways = ['exit', 'leave', 'fail', 'killSelf'];
  const lives = await Promise.all(ways.map(() => live(dataDir)));
  await Promise.all(
    lives.map(async ({ child }, index) => {
      child.send(ways[index] ?? '');
      await once(child, 'exit');
    }),
  );
  const file = openBlackBoxFile({ directory: dataDir, onMovedAside: (message) => expect.fail(message) });
  onTestFinished(() => file.close());
  expect(file.open(SERVICE).map(({ life }) => life.pid)).toEqual([sibling.child.pid]);
  expect([sibling, ...lives].flatMap(({ told }) => told)).toEqual([]);
  sibling.child.send('stop');
  await once(sibling.child, 'exit');
  expect(file.open(SERVICE)).toEqual([]);
});
