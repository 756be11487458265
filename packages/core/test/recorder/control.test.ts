import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import type { InvestigationResult } from '../../src/coordinator/insight.ts';
import type { CoordinatorEvent, InvestigationRequest } from '../../src/coordinator/spec.ts';
import { fail, isError } from '../../src/errors.ts';
import type { JsonObject } from '../../src/json.ts';
import {
  type ControlHandlers,
  type ControlServer,
  startControlServer,
} from '../../src/recorder/control/control.ts';
import {
  chooseControlDirectory,
  controlDirectories,
  controlSocketPath,
  ensureControlDirectory,
  removeSocketFileSync,
} from '../../src/recorder/control/path.ts';
import {
  type ControlReply,
  createLineDecoder,
  encodeReply,
  maxReplyBytes,
  maxRequestBytes,
} from '../../src/recorder/control/protocol.ts';
import { usageReport } from '../../src/spending/usage-report.ts';

test('a request gets its result, and events come before it', async () => {
  const client = await connectTo(await start());
  client.send({ id: 1, method: 'investigate', params: { reason: 'memory alert', skills: ['gc'] } });
  expect(await client.next()).toEqual({
    id: 1,
    event: { type: 'investigation.started', investigationId: 'a'.repeat(16), reason: 'memory alert' },
  });
  expect(await client.next()).toMatchObject({
    id: 1,
    result: { status: 'completed', reason: 'memory alert' },
  });
});

test('requests of one connection run side by side', async () => {
  const gate = Promise.withResolvers<void>();
  const client = await connectTo(
    await start({
      snapshot: async (skill) => {
        if (skill === 'slow') await gate.promise;
        return { skill };
      },
    }),
  );
  client.send({ id: 1, method: 'snapshot', params: { skill: 'slow' } });
  client.send({ id: 2, method: 'snapshot', params: { skill: 'fast' } });
  expect(await client.next()).toEqual({ id: 2, result: { skill: 'fast' } });
  gate.resolve();
  expect(await client.next()).toEqual({ id: 1, result: { skill: 'slow' } });
});

const badLines: readonly [string, string, { id: number | null; code: string; says: RegExp }][] = [
  ['what is not JSON', '{oops', { id: null, code: 'control_request_invalid', says: /not JSON/ }],
  ['what is not an object', '42', { id: null, code: 'control_request_invalid', says: /an object/ }],
  ['a missing id', '{"method":"status"}', { id: null, code: 'control_request_invalid', says: /"id"/ }],
  ['a missing method', '{"id":3}', { id: 3, code: 'control_request_invalid', says: /"method"/ }],
  ['an unknown method', '{"id":3,"method":"act"}', { id: 3, code: 'control_method_unknown', says: /"act"/ }],
  [
    'an inherited method name',
    '{"id":3,"method":"toString"}',
    { id: 3, code: 'control_method_unknown', says: /"toString"/ },
  ],
  [
    'an unknown option',
    '{"id":3,"method":"investigate","params":{"reason":"x","skillz":[]}}',
    { id: 3, code: 'control_request_invalid', says: /params\.skillz/ },
  ],
  [
    'an option of the wrong type',
    '{"id":3,"method":"investigate","params":{"reason":"x","timeoutMs":"1"}}',
    { id: 3, code: 'control_request_invalid', says: /params\.timeoutMs/ },
  ],
  [
    'a strategy that is a module',
    '{"id":3,"method":"investigate","params":{"reason":"x","strategy":{"kind":"strategy-ref","name":"mine","module":"/tmp/mine.js","exportName":"m","options":{}}}}',
    { id: 3, code: 'control_request_invalid', says: /params\.strategy/ },
  ],
  [
    'missing params',
    '{"id":3,"method":"snapshot"}',
    { id: 3, code: 'control_request_invalid', says: /params/ },
  ],
  [
    'a line that is too long',
    JSON.stringify({ id: 3, pad: 'x'.repeat(maxRequestBytes) }),
    { id: null, code: 'control_request_invalid', says: /longer than/ },
  ],
];
test.each(badLines)('%s is answered with an error, and the connection goes on', async (_, line, expected) => {
  const client = await connectTo(await start());
  client.write(`${line}\n`);
  const reply = await client.next();
  expect(reply).toMatchObject({ id: expected.id, error: { code: expected.code } });
  expect((reply as { error: { message: string } }).error.message).toMatch(expected.says);
  client.send({ id: 4, method: 'status' });
  expect(await client.next()).toEqual({ id: 4, result: { pid: 7 } });
});

test('an error of a handler arrives with code and data, without stacks', async () => {
  const client = await connectTo(
    await start({
      snapshot: () => {
        throw fail('skill_unknown', { skill: 'x', available: 'gc' }, { cause: new Error('inner') });
      },
    }),
  );
  client.send({ id: 1, method: 'snapshot', params: { skill: 'x' } });
  const reply = await client.next();
  expect(reply).toMatchObject({
    id: 1,
    error: { code: 'skill_unknown', data: { skill: 'x' }, cause: { message: 'inner' } },
  });
  expect(JSON.stringify(reply)).not.toContain('control.test.ts');
});

test('the id of a request under way cannot be used again', async () => {
  const client = await connectTo(await start({ snapshot: () => new Promise(() => undefined) }));
  client.send({ id: 1, method: 'snapshot', params: { skill: 'x' } });
  client.send({ id: 1, method: 'status' });
  expect(await client.next()).toMatchObject({ id: 1, error: { code: 'control_request_invalid' } });
});

test('cancel aborts the investigation, whose result still comes', async () => {
  const client = await connectTo(await start({ investigate: untilAborted() }));
  client.send({ id: 1, method: 'investigate', params: { reason: 'x' } });
  client.send({ id: 2, method: 'cancel', params: { request: 1 } });
  expect(await client.next()).toEqual({ id: 2, result: { cancelled: true } });
  expect(await client.next()).toMatchObject({ id: 1, result: { status: 'cancelled' } });
  client.send({ id: 3, method: 'cancel', params: { request: 1 } });
  expect(await client.next()).toEqual({ id: 3, result: { cancelled: false } });
});

test('a client that disconnects cancels its investigation and not that of others', async () => {
  const aborted: string[] = [];
  const changed = Promise.withResolvers<void>();
  const started = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const server = await start({
    investigate: async ({ reason }, { signal }) => {
      started[Number(reason)]?.resolve();
      await once(signal, 'abort');
      aborted.push(reason);
      changed.resolve();
      return resultOf({ reason }, 'cancelled');
    },
  });
  const [leaving, staying] = [await connectTo(server), await connectTo(server)];
  leaving.send({ id: 1, method: 'investigate', params: { reason: '0' } });
  staying.send({ id: 1, method: 'investigate', params: { reason: '1' } });
  await Promise.all(started.map((one) => one.promise));
  leaving.socket.destroy();
  await changed.promise;
  expect(aborted).toEqual(['0']);
  staying.send({ id: 2, method: 'status' });
  expect(await staying.next()).toEqual({ id: 2, result: { pid: 7 } });
});

test('watch streams until it is cancelled, then its undo has run', async () => {
  let listener: ((event: { n: number }) => void) | undefined;
  const client = await connectTo(
    await start({
      watch: (onEvent) => {
        listener = onEvent;
        onEvent({ n: 1 });
        return () => {
          listener = undefined;
        };
      },
    }),
  );
  client.send({ id: 1, method: 'watch' });
  expect(await client.next()).toEqual({ id: 1, event: { n: 1 } });
  listener?.({ n: 2 });
  expect(await client.next()).toEqual({ id: 1, event: { n: 2 } });
  client.send({ id: 2, method: 'cancel', params: { request: 1 } });
  expect(await client.next()).toEqual({ id: 2, result: { cancelled: true } });
  expect(await client.next()).toEqual({ id: 1, result: {} });
  expect(listener).toBeUndefined();
});

test('a client that reads nothing is cut off before it fills the memory', async () => {
  const ended = Promise.withResolvers<void>();
  const server = await start({
    investigate: (_, { signal, onEvent }) => {
      const event = { type: 'investigation.started', investigationId: 'a', reason: 'x'.repeat(1024 * 1024) };
      const timer = setInterval(() => onEvent(event as CoordinatorEvent), 1);
      signal.addEventListener('abort', () => {
        clearInterval(timer);
        ended.resolve();
      });
      return new Promise(() => undefined);
    },
  });
  const socket = connect(server.path);
  onTestFinished(() => void socket.destroy());
  socket.on('error', () => undefined);
  socket.pause();
  socket.write(`${JSON.stringify({ id: 1, method: 'investigate', params: { reason: 'x' } })}\n`);
  await ended.promise;
});

test('one that watches and reads too slowly misses events, and is told how many', async () => {
  let happen: ((event: JsonObject) => void) | undefined;
  const client = await connectTo(
    await start({
      watch: (onEvent) => {
        happen = onEvent;
        return () => undefined;
      },
    }),
  );
  client.send({ id: 1, method: 'watch' });
  client.send({ id: 2, method: 'status' });
  await client.next();
  // In one turn nobody reads.
  for (let number = 1; number <= 20; number++) happen?.({ number, pad: 'x'.repeat(1024 * 1024) });
  let heard = 0;
  for (;;) {
    const { event } = (await client.next()) as { event: { type?: string; dropped?: number } };
    if (event.type === 'watch.gap') {
      expect(event.dropped).toBeGreaterThanOrEqual(20 - heard);
      break;
    }
    heard += 1;
    happen?.({ number: 'later' });
  }
  expect(heard).toBeGreaterThan(0);
  expect(heard).toBeLessThan(20);
  expect(await client.next()).toEqual({ id: 1, event: { number: 'later' } });
});

test('the socket is for its user alone, and close removes it and cuts off clients', async () => {
  const directory = join(await temporary(), 'run');
  const server = await start({}, { directory });
  expect((await stat(directory)).mode & 0o777).toBe(0o700);
  expect((await stat(server.path)).mode & 0o777).toBe(0o600);
  const client = await connectTo(server);
  await Promise.all([server.close(), server.close(), once(client.socket, 'close')]);
  await expect(stat(server.path)).rejects.toThrow(/ENOENT/);
});

test('it serves from a worker thread while main is blocked', async () => {
  const directory = await temporary();
  const module = new URL('../../src/recorder/control/control.ts', import.meta.url).href;
  const code = `
    import { parentPort, workerData } from 'node:worker_threads';
    const { startControlServer } = await import(${JSON.stringify(module)});
    const server = await startControlServer({ ...workerData, handlers: { status: async () => ({ thread: 'recorder' }) } });
    parentPort.postMessage(server.path);`;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), {
    workerData: { directory, pid: process.pid },
  });
  onTestFinished(async () => void (await worker.terminate()));
  const [path] = await once(worker, 'message');
  const length = new Int32Array(new SharedArrayBuffer(4));
  const text = new Uint8Array(new SharedArrayBuffer(256));
  const asker = new Worker(
    `const { path, length, text } = require('node:worker_threads').workerData;
     const socket = require('node:net').connect(path);
     socket.write('{"id":1,"method":"status"}\\n');
     socket.once('data', (data) => {
       text.set(data);
       Atomics.store(length, 0, data.length);
       Atomics.notify(length, 0);
     });`,
    { eval: true, workerData: { path, length, text } },
  );
  onTestFinished(async () => void (await asker.terminate()));
  await once(asker, 'online');
  expect(Atomics.wait(length, 0, 0, 20_000)).not.toBe('timed-out');
  expect(JSON.parse(Buffer.from(text.slice(0, length[0])).toString())).toEqual({
    id: 1,
    result: { thread: 'recorder' },
  });
});

test('a socket file that nobody answers is replaced', async () => {
  const directory = await temporary();
  await writeFile(join(directory, '7.sock'), 'left behind');
  const server = await start({}, { directory });
  const client = await connectTo(server);
  client.send({ id: 1, method: 'status' });
  expect(await client.next()).toEqual({ id: 1, result: { pid: 7 } });
});

test('a socket that another process answers is not taken over', async () => {
  const directory = await temporary();
  const other = createServer().listen(join(directory, '7.sock'));
  onTestFinished(async () => void (await new Promise((done) => other.close(done))));
  await once(other, 'listening');
  await expect(start({}, { directory })).rejects.toMatchObject({ code: 'option_invalid' });
  expect((await stat(join(directory, '7.sock'))).isSocket()).toBe(true);
});

test('a folder open to others is closed to them, and one that is no folder is refused', async () => {
  const base = await temporary();
  const open = join(base, 'open');
  await mkdir(open, { mode: 0o755 });
  await chmod(open, 0o777);
  ensureControlDirectory(open);
  expect((await stat(open)).mode & 0o777).toBe(0o700);
  await writeFile(join(base, 'file'), '');
  await symlink(open, join(base, 'link'));
  for (const name of ['file', 'link'])
    expect(() => ensureControlDirectory(join(base, name))).toThrow(/NODELENS_RUNTIME_DIR/);
});

test('a folder of another user is refused', async ({ skip }) => {
  if (process.getuid?.() === 0) {
    const base = await temporary();
    const foreign = join(base, 'foreign');
    await mkdir(foreign);
    const { chown } = await import('node:fs/promises');
    await chown(foreign, 12345, 12345);
    expect(() => ensureControlDirectory(foreign)).toThrow(/belongs to user 12345/);
  } else {
    // Without root there is one folder that surely belongs to someone else.
    if ((await stat('/')).uid === process.getuid?.()) skip();
    expect(() => ensureControlDirectory('/')).toThrow(/belongs to user 0/);
  }
});

test('a path that the system would cut is refused with the figure', async () => {
  expect(() => controlSocketPath(`/tmp/${'x'.repeat(110)}`, 7)).toThrow(/bytes, the system allows \d+/);
  const directory = join(await temporary(), 'x'.repeat(110));
  await expect(start({}, { directory })).rejects.toSatisfy((error) => isError(error, 'option_invalid'));
});

test('the folder is chosen by the environment, and the next one serves when the first cannot', async () => {
  const base = await temporary();
  expect(controlDirectories({ NODELENS_RUNTIME_DIR: '/a', XDG_RUNTIME_DIR: '/b' })).toEqual(['/a']);
  const uid = process.getuid?.() ?? 0;
  expect(controlDirectories({ XDG_RUNTIME_DIR: '/b', TMPDIR: '/t' })).toEqual([
    '/b/nodelens',
    `/t/nodelens-${uid}`,
  ]);
  expect(controlDirectories({})).toEqual([join(tmpdir(), `nodelens-${uid}`)]);
  await writeFile(join(base, 'file'), '');
  expect(chooseControlDirectory({ XDG_RUNTIME_DIR: join(base, 'file'), TMPDIR: base })).toBe(
    join(base, `nodelens-${uid}`),
  );
});

test('removing a socket file never throws', async () => {
  const path = join(await temporary(), '7.sock');
  await writeFile(path, '');
  removeSocketFileSync(path);
  removeSocketFileSync(path);
  await expect(stat(path)).rejects.toThrow(/ENOENT/);
});

test('lines are cut at every possible chunk border, also inside a character', () => {
  const bytes = Buffer.from('{"a":"é"}\n\n{"b":2}\n', 'utf8');
  for (let border = 0; border <= bytes.length; border++) {
    const lines: string[] = [];
    const decode = createLineDecoder({
      maxBytes: 20,
      onLine: (line) => lines.push(line),
      onOversized: () => lines.push('!'),
    });
    decode(bytes.subarray(0, border));
    decode(bytes.subarray(border));
    expect(lines).toEqual(['{"a":"é"}', '{"b":2}']);
  }
});

test('a reply that is too long becomes an error', () => {
  const line = encodeReply({ id: 1, result: 'x'.repeat(maxReplyBytes) });
  expect(JSON.parse(line)).toMatchObject({ id: 1, error: { code: 'control_request_invalid' } });
});

interface Client {
  readonly socket: Socket;
  send(request: object): void;
  write(text: string): void;
  next(): Promise<ControlReply>;
}

async function temporary(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'nl-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  return directory;
}

async function start(
  handlers: Partial<ControlHandlers> = {},
  options: { directory?: string } = {},
): Promise<ControlServer> {
  const server = await startControlServer({
    directory: options.directory ?? (await temporary()),
    pid: 7,
    handlers: {
      status: async () => ({ pid: 7 }),
      snapshot: async (skill) => ({ skill }),
      tree: async () => ({ id: 'nodelens', kind: 'supervisor', status: 'running' }),
      history: async () => ({ notifications: [], insights: [], incidents: [], previousLives: [] }),
      usage: async () => usageReport([]),
      investigate: async (request, { onEvent }) => {
        onEvent({
          type: 'investigation.started',
          investigationId: 'a'.repeat(16),
          reason: request.reason,
        });
        return resultOf(request, 'completed');
      },
      watch: () => () => undefined,
      ...handlers,
    },
  });
  onTestFinished(() => server.close());
  return server;
}

async function connectTo(server: ControlServer): Promise<Client> {
  const socket = connect(server.path);
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  const lines = createInterface({ input: socket })[Symbol.asyncIterator]();
  return {
    socket,
    write: (text) => void socket.write(text),
    send: (request) => void socket.write(`${JSON.stringify(request)}\n`),
    next: async () => JSON.parse((await lines.next()).value ?? 'null') as ControlReply,
  };
}

function untilAborted(): ControlHandlers['investigate'] {
  return async (request, { signal }) => {
    if (!signal.aborted) await once(signal, 'abort');
    return resultOf(request, 'cancelled');
  };
}

function resultOf(
  { reason }: Pick<InvestigationRequest, 'reason'>,
  status: InvestigationResult['status'],
): InvestigationResult {
  return {
    schema: 'nodelens.investigation/1',
    id: 'a'.repeat(16),
    status,
    reason,
    insights: [],
    notifications: [],
    operators: [],
    usage: { model: 'none', calls: 0, inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 },
    startedAt: '2026-11-24T00:00:00.000Z',
    durationMs: 1,
  };
}
