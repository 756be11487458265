import { MessageChannel } from 'node:worker_threads';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ChildSpec, RestartType } from '../../src/actor/supervision/child-spec.ts';
import type { Strategy } from '../../src/actor/supervision/restart.ts';
import { badSpec } from './fixtures/specs.ts';
import { child, supervise } from './supervision.ts';

const timeoutMs = 10_000;

describe('start and stop', () => {
  test('children start in order and stop in reverse', async () => {
    const { supervisor, log } = supervise();
    await supervisor.start([child('a'), child('b'), child('c')]);
    await supervisor.stop();
    expect(log).toEqual([
      'a started',
      'b started',
      'c started',
      'c exited: shutdown',
      'b exited: shutdown',
      'a exited: shutdown',
    ]);
    expect(await supervisor.exited).toEqual({ kind: 'shutdown' });
    await supervisor.stop();
    await expect(supervisor.startChild(child('d'))).rejects.toMatchObject({ code: 'host_closed' });
  });

  test('a child that cannot start stops those before it, and nothing is kept', async () => {
    const { supervisor, log } = supervise();
    await expect(supervisor.start([child('a'), badSpec('throwsAtStart')])).rejects.toMatchObject({
      code: 'actor_start_failed',
    });
    expect(log).toEqual(['a started', 'a exited: shutdown']);
    expect(supervisor.whichChildren()).toEqual([]);
  });
});

describe('who comes back', () => {
  const ends: readonly (readonly [message: string, logged: string])[] = [
    ['leave', 'b exited: normal'],
    ['throw', 'b exited: failed'],
  ];
  const after: { readonly [T in RestartType]: readonly (string | undefined)[] } = {
    permanent: ['restarting', 'restarting'],
    transient: ['stopped', 'restarting'],
    temporary: [undefined, undefined],
  };
  const rows = Object.entries(after).flatMap(([type, statuses]) =>
    ends.map(([message, logged], index) => [type as RestartType, message, logged, statuses[index]] as const),
  );
  test.each(rows)('a %s child that is told to "%s"', async (restart, message, logged, status) => {
    const { supervisor, clock, until, log } = supervise();
    await supervisor.start([child('a'), child('b', { restart })]);
    supervisor.find('b')?.tell(message === 'leave' ? 'leave' : 'throw');
    await until(logged);
    // The exit is told first; the decision follows within the same turn.
    await supervisor.startChild(child('c'));
    expect(supervisor.whichChildren().find(({ id }) => id === 'b')?.status).toBe(status);
    if (status !== 'restarting') return expect(clock.pending).toBe(0);
    clock.advance(100);
    await until('b started', 2);
    expect(log.filter((line) => line.startsWith('a '))).toEqual(['a started']);
  });

  test.each<[Strategy, string[]]>([
    ['one_for_one', ['b exited: failed', 'b restarting 1 in 100', 'b started']],
    [
      'rest_for_one',
      ['b exited: failed', 'c exited: shutdown', 'b restarting 1 in 100', 'b started', 'c started'],
    ],
    [
      'one_for_all',
      [
        'b exited: failed',
        'c exited: shutdown',
        'a exited: shutdown',
        'b restarting 1 in 100',
        'a started',
        'b started',
        'c started',
      ],
    ],
  ])('%s', async (strategy, expected) => {
    const { supervisor, clock, log, until } = supervise({ strategy });
    await supervisor.start([child('a'), child('b'), child('c')]);
    supervisor.find('b')?.tell('throw');
    await until('b restarting 1 in 100');
    clock.advance(100);
    await until(expected.at(-1) ?? '', 2);
    expect(log.slice(3)).toEqual(expected);
    expect(supervisor.countChildren()).toMatchObject({ running: 3, restarting: 0, stopped: 0 });
  });

  test('a temporary sibling goes down with the others and does not come back', async () => {
    const { supervisor, clock, until } = supervise({ strategy: 'one_for_all' });
    await supervisor.start([child('a'), child('b', { restart: 'temporary' })]);
    supervisor.find('a')?.tell('throw');
    await until('a restarting 1 in 100');
    clock.advance(100);
    await until('a started', 2);
    expect(supervisor.whichChildren().map(({ id }) => id)).toEqual(['a']);
  });

  test('an earlier child that fails during a backoff brings the later ones back in order', async () => {
    const { supervisor, clock, log, until } = supervise({ strategy: 'rest_for_one' });
    await supervisor.start([child('a'), child('b')]);
    supervisor.find('b')?.tell('throw');
    await until('b restarting 1 in 100');
    clock.advance(50);
    supervisor.find('a')?.tell('throw');
    await until('a restarting 1 in 100');
    clock.advance(100);
    await until('b started', 2);
    expect(log.slice(-2)).toEqual(['a started', 'b started']);
  });
});

describe('backoff and intensity', () => {
  test('each failure in a row waits longer; a good life starts anew', async () => {
    const { supervisor, clock, until } = supervise({ maxRestarts: 10, withinMs: 1_000 });
    await supervisor.start([child('a')]);
    for (const [attempt, delayMs] of [
      [1, 100],
      [2, 200],
      [3, 400],
    ] as const) {
      supervisor.find('a')?.tell('throw');
      await until(`a restarting ${attempt} in ${delayMs}`);
      clock.advance(delayMs - 1);
      expect(supervisor.countChildren().restarting).toBe(1);
      clock.advance(1);
      await until('a started', attempt + 1);
    }
    clock.advance(1_001);
    supervisor.find('a')?.tell('throw');
    await until('a restarting 1 in 100', 2);
  });

  test('one restart too many in the window: it gives up, stops the others, and says so', async () => {
    const { supervisor, clock, log, until } = supervise({
      maxRestarts: 2,
      withinMs: 5_000,
    });
    await supervisor.start([child('a'), child('b')]);
    for (const attempt of [1, 2]) {
      supervisor.find('b')?.tell('throw');
      await until(`b restarting ${attempt} in ${attempt * 100}`);
      clock.advance(attempt * 100);
      await until('b started', attempt + 1);
    }
    supervisor.find('b')?.tell('throw');
    expect(await supervisor.exited).toMatchObject({
      kind: 'failed',
      error: { code: 'supervisor_gave_up', data: { id: 'root', restarts: 3 } },
    });
    expect(log.slice(-3)).toEqual(['b exited: failed', 'a exited: shutdown', 'root gave up']);
    expect(supervisor.tree()).toMatchObject({ id: 'root', status: 'stopped' });
    await supervisor.stop();
  });

  test('a restart that fails books the next one and does not block the supervisor', async () => {
    let isBroken = false;
    const { supervisor, clock, until } = supervise({
      maxRestarts: 5,
      prepare(spec) {
        if (isBroken && spec.id === 'a') throw new Error('provider is down');
        return {};
      },
    });
    await supervisor.start([child('a')]);
    isBroken = true;
    supervisor.find('a')?.tell('throw');
    await until('a restarting 1 in 100');
    clock.advance(100);
    await until('a restarting 2 in 200');
    await supervisor.startChild(child('b'));
    isBroken = false;
    clock.advance(200);
    await until('a started', 2);
    expect(supervisor.whichChildren()).toMatchObject([
      { id: 'a', status: 'running', restarts: 1 },
      { id: 'b' },
    ]);
  });

  test('a stop during a backoff cancels the restart', async () => {
    const { supervisor, clock, until, log } = supervise();
    await supervisor.start([child('a')]);
    supervisor.find('a')?.tell('throw');
    await until('a restarting 1 in 100');
    await supervisor.stop();
    expect(clock.pending).toBe(0);
    expect(log.at(-1)).toBe('a restarting 1 in 100');
  });
});

describe('dynamic children', () => {
  test('terminate keeps the spec, restart starts it again', async () => {
    const { supervisor } = supervise();
    const ref = await supervisor.startChild(child('a'));
    await supervisor.terminateChild('a');
    expect((await ref.exited).kind).toBe('shutdown');
    expect(supervisor.whichChildren()).toEqual([
      {
        id: 'a',
        kind: 'actor',
        status: 'stopped',
        restart: 'permanent',
        restarts: 0,
        lastExit: { reason: 'shutdown', atMs: 0 },
      },
    ]);
    await supervisor.restartChild('a');
    expect(await supervisor.find('a')?.ask('back', { timeoutMs })).toBe('back');
  });

  test('a child terminated during its backoff stays down', async () => {
    const { supervisor, clock, until } = supervise();
    await supervisor.start([child('a')]);
    supervisor.find('a')?.tell('throw');
    await until('a restarting 1 in 100');
    await supervisor.terminateChild('a');
    clock.advance(1_000);
    await supervisor.startChild(child('b'));
    expect(supervisor.countChildren()).toMatchObject({ running: 1, restarting: 0, stopped: 1 });
  });

  test('a terminated temporary child is forgotten, and its id is free', async () => {
    const { supervisor } = supervise();
    await supervisor.startChild(child('a', { restart: 'temporary' }));
    await supervisor.terminateChild('a');
    expect(supervisor.whichChildren()).toEqual([]);
    await supervisor.startChild(child('a', { restart: 'temporary' }));
  });

  test.each<[string, string, (id: string) => ChildSpec | string]>([
    ['startChild with an id that is taken', 'actor_already_started', () => child('a')],
    ['restartChild of a running child', 'actor_already_started', () => 'restart a'],
    ['restartChild of a stranger', 'actor_not_found', () => 'restart x'],
    ['terminateChild of a stranger', 'actor_not_found', () => 'terminate x'],
    ['startChild of what cannot start', 'actor_start_failed', () => badSpec('throwsAtStart')],
  ])('%s is refused with %s', async (_, code, make) => {
    const { supervisor } = supervise();
    await supervisor.start([child('a')]);
    const action = make('a');
    const [verb, id = ''] = typeof action === 'string' ? action.split(' ') : [];
    const attempt =
      typeof action !== 'string'
        ? supervisor.startChild(action)
        : verb === 'restart'
          ? supervisor.restartChild(id)
          : supervisor.terminateChild(id);
    await expect(attempt).rejects.toMatchObject({ code });
    expect(supervisor.countChildren()).toMatchObject({ running: 1, restarting: 0, stopped: 0 });
  });
});

test('each start of a child gets fresh ports', async () => {
  const served: string[] = [];
  const { supervisor, clock, until } = supervise({
    prepare(spec) {
      const { port1, port2 } = new MessageChannel();
      onTestFinished(() => port1.close());
      served.push(spec.id);
      return { skills: port2 };
    },
  });
  await supervisor.start([child('a')]);
  supervisor.find('a')?.tell('throw');
  await until('a restarting 1 in 100');
  clock.advance(100);
  await until('a started', 2);
  expect(await supervisor.find('a')?.ask('input', { timeoutMs })).toMatchObject({ ports: ['skills'] });
  expect(served).toEqual(['a', 'a']);
});

test.each([
  ['exit', 'mortal exited: thread-ended'],
  ['memory', 'mortal exited: killed'],
  ['uncaught', 'mortal exited: failed'],
  ['loop', 'mortal exited: killed'],
])('a thread that ends by %s comes back, and its sibling does not notice', async (by, logged) => {
  const { supervisor, clock, log, until } = supervise({}, 'thread');
  const mortal = badSpec('createMortal', {
    id: 'mortal',
    input: { by },
    restart: 'transient',
    heartbeatTimeoutMs: 1_000,
    memoryMb: 32,
  });
  await supervisor.start([child('sibling', { placement: 'thread' }), mortal]);
  supervisor.find('mortal')?.tell('die');
  await until(logged);
  await until('mortal restarting 1 in 100');
  clock.advance(100);
  await until('mortal started', 2);
  expect(await supervisor.find('mortal')?.ask('alive', { timeoutMs })).toBe('mortal');
  expect(await supervisor.find('sibling')?.ask('alive', { timeoutMs })).toBe('alive');
  expect(log.filter((line) => line.startsWith('sibling'))).toEqual(['sibling started']);
});
