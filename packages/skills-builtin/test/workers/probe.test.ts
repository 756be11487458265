import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { JsonObject, JsonValue } from '@nodelens/core';
import { expect, onTestFinished, test, vi } from 'vitest';
import { watchWorkers } from '../../src/workers/probe.ts';

interface Watched {
  readonly events: JsonObject[];
  question(asked: JsonObject): JsonValue;
  ask(of: string): readonly JsonObject[];
  stop(): void;
}

function watch(): Watched {
  const events: JsonObject[] = [];
  let answerer: (question: JsonObject) => JsonValue = () => null;
  const stop = watchWorkers(
    {
      numbers: new Float64Array(0),
      emit: (event) => void events.push(structuredClone(event)),
      answer: (given) => {
        answerer = given;
      },
    },
    {},
  );
  onTestFinished(stop);
  return {
    events,
    stop,
    question: (asked) => answerer(asked),
    ask: (of) => answerer({ of, measure: true }) as readonly JsonObject[],
  };
}

const of = (events: readonly JsonObject[], what: string): JsonObject | undefined =>
  events.find((event) => event.what === what);

const startReports = (code: string, name?: string): Worker =>
  new Worker(code, { eval: true, resourceLimits: { maxOldGenerationSizeMb: 32 }, ...(name && { name }) });

test('a worker is told from its start to its end, with its starter, and answered while it lives', async () => {
  const { events, ask } = watch();
  const worker = startReports(
    "require('node:worker_threads').parentPort.once('message', () => {})",
    'reports',
  );
  await once(worker, 'online');
  expect(of(events, 'started')).toMatchObject({
    kind: 'worker',
    name: 'reports',
    file: '(eval)',
    heapLimitMb: 32,
    threadId: worker.threadId,
    frame: { name: 'startReports', file: expect.stringMatching(/probe\.test\.ts$/) },
  });
  const [living] = ask('workers');
  expect(living).toMatchObject({ name: 'reports', frame: { name: 'startReports' } });
  expect(living?.loopActiveMs).toBeTypeOf('number');
  await vi.waitUntil(() => typeof ask('workers')[0]?.cpuMs === 'number');
  expect(ask('workers')[0]?.heapUsedBytes).toBeGreaterThan(1_000_000);
  worker.postMessage('end');
  await once(worker, 'exit');
  expect(of(events, 'online')).toBeDefined();
  expect(of(events, 'exited')).toMatchObject({ exitCode: 0, livedMs: expect.any(Number) });
  expect(ask('workers')).toEqual([]);
});

test('where a worker is in the middle of a loop that never ends, and what main has posted to it', async () => {
  const { question } = watch();
  const worker = startReports(`
    const { parentPort } = require('node:worker_threads');
    function addUp() { parentPort.postMessage('begun'); for (;;); }
    parentPort.on('message', (what) => what === 'add' && addUp());`);
  onTestFinished(() => void worker.terminate());
  const posts = (withinMs: number): JsonValue => question({ of: 'posts', id: 1, withinMs });
  expect(posts(60_000)).toEqual({ total: 0, within: 0 });
  worker.postMessage('add');
  await once(worker, 'message');
  for (let count = 0; count < 99; count += 1) worker.postMessage('wait');
  expect(() => worker.postMessage(() => {})).toThrow('could not be cloned');
  expect(posts(60_000)).toEqual({ total: 100, within: 64 });
  expect(posts(0)).toEqual({ total: 100, within: 0 });
  expect(question({ of: 'stacks', id: 1, step: 'begin' })).toBe(true);
  const texts = await vi.waitUntil(() => question({ of: 'stacks', id: 1, step: 'take' }));
  expect(texts).toHaveLength(8);
  for (const text of texts as string[]) expect(text).toMatch(/at addUp \(/);
  expect(question({ of: 'stacks', id: 1, step: 'take' })).toBeNull();
});

test('an error of a worker stays unhandled or handled as it was', async () => {
  const { events } = watch();
  const worker = startReports("throw new RangeError('no rows')");
  const [error] = await once(worker, 'error');
  expect(error).toMatchObject({ name: 'RangeError' });
  expect(of(events, 'error')).toMatchObject({ errorType: 'RangeError', errorMessage: 'no rows' });
});

test("Nodelens' own threads are left out", async () => {
  const { events, ask } = watch();
  const worker = startReports('', 'nl:recorder');
  expect(ask('workers')).toEqual([]);
  await once(worker, 'exit');
  expect(events).toEqual([]);
});

test('a child process is told without its arguments', async () => {
  const { events, ask } = watch();
  const child = spawn('sh', ['-c', 'read line; kill -9 $$', '--password=secret']);
  await once(child, 'spawn');
  expect(ask('children')).toMatchObject([{ name: 'sh: read', pid: child.pid }]);
  child.stdin.end('go\n');
  await once(child, 'exit');
  expect(of(events, 'exited')).toMatchObject({ kind: 'child', signal: 'SIGKILL', isKilledByApp: false });
  expect(JSON.stringify(events)).not.toContain('secret');
  expect(ask('children')).toEqual([]);
});

test('a program that is not there, and a script that is forked', async () => {
  const { events, ask } = watch();
  const [error] = await once(spawn('no-such-program', ['x']), 'error');
  expect(error).toMatchObject({ code: 'ENOENT' });
  expect(of(events, 'error')).toMatchObject({ errorCode: 'ENOENT', hasStarted: false });
  const child = fork('/no/such/mailer.js', [], { stdio: 'ignore', execArgv: [] });
  await once(child, 'exit');
  expect(of(events, 'exited')).toMatchObject({ exitCode: 1, signal: null });
  expect(events.filter(({ what }) => what === 'started').at(-1)).toMatchObject({
    name: 'node mailer.js',
    file: '/no/such/mailer.js',
  });
  expect(ask('children')).toEqual([]);
});

test('stopping leaves nothing behind', async () => {
  const { events, stop } = watch();
  const worker = startReports('setInterval(() => {}, 1000)');
  await once(worker, 'online');
  const threads = await import('node:worker_threads');
  const { postMessage } = Worker.prototype;
  stop();
  expect(Worker.prototype.postMessage).not.toBe(postMessage);
  const before = events.length;
  expect(worker.listenerCount('exit') + worker.listenerCount('messageerror')).toBe(0);
  expect(worker.eventNames().filter((name) => typeof name === 'symbol')).toEqual([]);
  const after = new Worker('', { eval: true });
  expect(after).toBeInstanceOf(threads.Worker);
  await Promise.all([once(after, 'exit'), worker.terminate()]);
  expect(events).toHaveLength(before);
});
