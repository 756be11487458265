// Every event of a real system over its control socket, also while main is blocked.
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { asJson, type JsonObject, type JsonValue } from '../../src/json.ts';
import { ControlClient } from '../../src/recorder/control/client.ts';
import { createListening } from '../../src/system/listening.ts';
import type { MainNews, RecorderNews } from '../../src/system/recorder-init.ts';
import { createTelling } from '../../src/system/telling.ts';
import type { Nodelens } from '../../src/system.ts';
import { pulse, startLens } from './kit.ts';

async function startWatchable(): Promise<Nodelens> {
  const control = await mkdtemp(join(tmpdir(), 'nl-'));
  onTestFinished(() => rm(control, { recursive: true }));
  return startLens({ control, operators: [{ skill: pulse() }] });
}

test('who watches hears what listeners on main hear, in the same order', { timeout: 60_000 }, async () => {
  const lens = await startWatchable();
  const client = await ControlClient.connect(process.pid, lens.controlPath ?? '');
  onTestFinished(() => client.close());
  const watched: JsonObject[] = [];
  const joined = Promise.withResolvers<void>();
  const completed = Promise.withResolvers<void>();
  const watching = new AbortController();
  const over = client.request(
    'watch',
    {},
    {
      timeoutMs: Number.POSITIVE_INFINITY,
      signal: watching.signal,
      onEvent: (event) => {
        watched.push(asJson(event) as JsonObject);
        if (event.type === 'watch.main_joined') joined.resolve();
        if (event.type === 'operator.completed') completed.resolve();
      },
    },
  );
  await joined.promise;
  const heard: JsonObject[] = [];
  lens.on('*', (event) => heard.push(asJson(event) as JsonObject));
  await lens.operator.run('pulse', { reason: 'look' }, { timeoutMs: 50_000 });
  await completed.promise;

  // Those come by way of the recorder thread, which others tell at the same time.
  const ofTheRun = ({ type }: JsonObject): boolean => /^(operator|tool)\./.test(String(type));
  expect(heard.filter(ofTheRun).map(({ type }) => type)).toEqual(
    expect.arrayContaining([
      'operator.started',
      'tool.called',
      'operator.notification',
      'operator.completed',
    ]),
  );
  expect(watched.filter(ofTheRun)).toEqual(heard.filter(ofTheRun));
  for (const { atMs } of watched) expect(Math.abs(Date.now() - Number(atMs))).toBeLessThan(60_000);
  watching.abort();
  expect(await over).toEqual({});
});

test('while main is blocked, an investigation beside it is watched to its end; then the block is told', {
  timeout: 60_000,
}, async () => {
  const lens = await startWatchable();
  const bell = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL('./fixtures/watching-thread.ts', import.meta.url), {
    workerData: { path: lens.controlPath, bell },
  });
  onTestFinished(async () => void (await worker.terminate()));
  await once(worker, 'message');
  const stalled = Promise.withResolvers<number>();
  lens.on('main.stalled', ({ durationMs }) => stalled.resolve(durationMs));
  worker.postMessage('investigate');
  expect(Atomics.wait(bell, 0, 0, 40_000)).not.toBe('timed-out');

  const [types] = (await once(worker, 'message')) as [string[]];
  expect(types).toEqual(
    expect.arrayContaining([
      'watch.main_joined',
      'investigation.started',
      'operator.completed',
      'tool.called',
    ]),
  );
  expect(types.indexOf('investigation.finished')).toBeLessThan(types.indexOf('main.stalled'));
  expect(await stalled.promise).toBeGreaterThan(100);
});

test('what a stuck recorder thread does not take is dropped, oldest first, and told by its number', () => {
  const { telling, listening, toRecorder } = connected();
  const numbers: unknown[] = [];
  const undo = listening.watch(({ type, investigationId, dropped }) =>
    numbers.push(type === 'watch.gap' ? `gap of ${dropped}` : (investigationId ?? type)),
  );
  toRecorder.open();
  const start = (number: number): void =>
    telling.emit({ type: 'investigation.started', investigationId: `${number}`, reason: 'x' });
  start(0);
  toRecorder.shut();
  for (let number = 1; number <= 600; number++) start(number);
  toRecorder.open();
  expect(numbers.slice(0, 3)).toEqual(['watch.main_joined', '0', '1']);
  expect(numbers[3]).toBe('gap of 99');
  expect(numbers.slice(4)).toEqual(Array.from({ length: 500 }, (_, i) => `${i + 101}`));
  undo();
  start(601);
  expect(numbers).toHaveLength(504);
});

test('main sends only what somebody on the recorder thread listens to', () => {
  const { telling, listening, toRecorder } = connected();
  toRecorder.open();
  telling.emit({ type: 'recorder.restarted' });
  const heard: string[] = [];
  const undo = listening.listen(['recorder.restarted'], ({ type }) => heard.push(type));
  telling.emit({ type: 'recorder.restarted' });
  telling.emit({ type: 'operator.replaced', operator: 'gc' });
  expect(heard).toEqual(['recorder.restarted']);
  const sent = toRecorder.count;
  undo();
  telling.emit({ type: 'recorder.restarted' });
  expect(toRecorder.count).toBe(sent);
});

/** Main's and the recorder's end on one thread; what main sends passes while its way is open. */
function connected() {
  const waiting: MainNews[] = [];
  let isOpen = false;
  let deliver: (message: JsonValue) => void = () => undefined;
  const toRecorder = {
    count: 0,
    open() {
      isOpen = true;
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) deliver(next as never);
    },
    shut() {
      isOpen = false;
    },
  };
  const telling = createTelling({
    heard: Promise.resolve(),
    post: (news) => {
      toRecorder.count += 1;
      waiting.push(news);
      if (isOpen) toRecorder.open();
    },
  });
  const listening = createListening({
    onTold: () => () => undefined,
    onMainMessage: (listener) => {
      deliver = listener;
      return () => undefined;
    },
    postToMain: (message) => telling.receive(message as unknown as RecorderNews),
  });
  return { telling, listening, toRecorder };
}
