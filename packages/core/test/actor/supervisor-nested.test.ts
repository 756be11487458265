// Supervisors under supervisors, and new versions in a child's place.
import { ManualClock } from '@nodelens/testing';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Supervisor } from '../../src/actor/supervision/supervisor.ts';
import type { SupervisorOptions } from '../../src/actor/supervision/supervisor-options.ts';
import type { SupervisorSpec } from '../../src/actor/supervision/supervisor-spec.ts';
import { operatorIntensity } from '../../src/continuous/operator-intensity.ts';
import { badSpec, fixture } from './fixtures/specs.ts';
import { child, supervise } from './supervision.ts';
import { reasons, SupervisionHost, settled } from './supervision-host.ts';

const timeoutMs = 10_000;
const noBackoff = { initialMs: 0 };

function superviseFakes(options: Partial<SupervisorOptions> = {}) {
  const host = new SupervisionHost();
  const clock = new ManualClock(1_000);
  const told: string[] = [];
  const supervisor = new Supervisor({
    id: 'root',
    host,
    clock,
    backoff: noBackoff,
    onEvent: ({ supervisor: by, type, ...event }) =>
      told.push(`${by}: ${'child' in event ? `${event.child} ` : ''}${type}`),
    ...options,
  });
  onTestFinished(() => supervisor.stop());
  /** Ends a child and lets what was booked for it happen. */
  const fail = async (id: string): Promise<void> => {
    host.end(id, reasons.failed);
    await settled();
    clock.advance(0);
    await settled();
  };
  return { host, clock, supervisor, told, fail };
}

const team = (overrides: Partial<SupervisorSpec> = {}): SupervisorSpec => ({
  id: 'team',
  restart: 'permanent',
  maxRestarts: 1,
  backoff: noBackoff,
  children: [child('x'), child('y')],
  ...overrides,
});

describe('a supervisor as a child', () => {
  test('is started in its place and stopped in reverse, with all below it', async () => {
    const { host, supervisor } = superviseFakes();
    await supervisor.start([child('a'), team(), child('b')]);
    expect(supervisor.countChildren()).toEqual({
      specs: 3,
      supervisors: 1,
      running: 3,
      restarting: 0,
      stopped: 0,
    });
    await supervisor.stop();
    expect(host.log).toEqual(['+a', '+x', '+y', '+b', '-b', '-y', '-x', '-a']);
  });

  test('restarts its own children, which counts for it alone', async () => {
    const { supervisor, told, fail } = superviseFakes({ maxRestarts: 0 });
    await supervisor.start([team()]);
    await fail('x');
    expect(told.slice(-3)).toEqual([
      'team: x child.exited',
      'team: x child.restarting',
      'team: x child.started',
    ]);
    expect(supervisor.whichChildren()).toMatchObject([{ id: 'team', kind: 'supervisor', restarts: 0 }]);
  });

  test('that gives up is restarted as a whole by its parent', async () => {
    const { host, supervisor, told, fail } = superviseFakes();
    await supervisor.start([child('a'), team()]);
    await fail('x');
    host.log.length = 0;
    told.length = 0;
    await fail('x');
    expect(host.log).toEqual(['-y', '+x', '+y']);
    expect(told).toEqual([
      'team: x child.exited',
      'team: y child.exited',
      'team: supervisor.gave_up',
      'root: team child.exited',
      'root: team child.restarting',
      'team: x child.started',
      'team: y child.started',
      'root: team child.started',
    ]);
    // Its new life has counted nothing yet.
    await fail('y');
    expect(supervisor.whichChildren()).toMatchObject([{ restarts: 0 }, { status: 'running', restarts: 1 }]);
  });

  test('gives up through all levels, until the root tells it and stays down', async () => {
    const { host, supervisor, told, fail } = superviseFakes({ maxRestarts: 0 });
    await supervisor.start([child('a'), team({ maxRestarts: 0 })]);
    await fail('x');
    expect(await supervisor.exited).toMatchObject({ kind: 'failed', error: { code: 'supervisor_gave_up' } });
    expect(told.slice(-2)).toEqual(['root: a child.exited', 'root: supervisor.gave_up']);
    expect(host.living).toEqual([]);
    expect(supervisor.tree()).toMatchObject({
      status: 'stopped',
      children: [
        { id: 'a', status: 'stopped' },
        { id: 'team', status: 'stopped', children: [] },
      ],
    });
    await expect(supervisor.startChild(child('b'))).rejects.toMatchObject({ code: 'host_closed' });
  });

  test('that is temporary and gives up is forgotten', async () => {
    const { supervisor, fail } = superviseFakes();
    await supervisor.start([team({ restart: 'temporary', maxRestarts: 0 })]);
    await fail('x');
    expect(supervisor.whichChildren()).toEqual([]);
  });

  test('does not start when one of its children cannot, and keeps nothing', async () => {
    const { host, supervisor } = superviseFakes();
    host.failing.set('y', 1);
    await expect(supervisor.startChild(team())).rejects.toMatchObject({ code: 'actor_start_failed' });
    expect(host.log).toEqual(['+x', '-x']);
    expect(supervisor.whichChildren()).toEqual([]);
  });

  test('whose restart fails is tried again, which counts', async () => {
    const { host, clock, supervisor, fail } = superviseFakes({ maxRestarts: 2 });
    await supervisor.start([team({ maxRestarts: 0 })]);
    host.failing.set('y', 1);
    await fail('x');
    expect(supervisor.countChildren().restarting).toBe(1);
    clock.advance(0);
    await settled();
    expect(supervisor.countChildren().running).toBe(1);
    await fail('x');
    expect((await supervisor.exited).kind).toBe('failed');
  });

  test('takes children later, and forgets them when it is restarted', async () => {
    const { supervisor, fail } = superviseFakes();
    const below = await supervisor.startChild(team({ maxRestarts: 0 }));
    await below.startChild(child('z'));
    expect(supervisor.findSupervisor('team')?.find('z')).toBeDefined();
    await fail('x');
    expect(
      supervisor
        .findSupervisor('team')
        ?.whichChildren()
        .map(({ id }) => id),
    ).toEqual(['x', 'y']);
  });
});

test('a child that does not stop is killed at its deadline, and the stop of the tree goes on', async () => {
  const { supervisor, log } = supervise();
  const stubborn = badSpec('createStubborn', { id: 'stubborn', placement: 'local', shutdownMs: 10 });
  await supervisor.start([
    child('a'),
    { id: 'team', restart: 'permanent', children: [child('x'), stubborn] },
  ]);
  await supervisor.stop();
  expect(log.slice(-4)).toEqual([
    'stubborn exited: killed',
    'x exited: shutdown',
    'team exited: shutdown',
    'a exited: shutdown',
  ]);
});

describe('what it tells', () => {
  test('the tree, with starts, restarts and last ends', async () => {
    const { clock, supervisor, fail } = superviseFakes({ strategy: 'rest_for_one' });
    await supervisor.start([child('a', { restart: 'transient' }), team({ strategy: 'one_for_all' })]);
    clock.advance(500);
    await fail('x');
    await supervisor.terminateChild('a');
    const again = {
      kind: 'actor',
      placement: 'local',
      status: 'running',
      restart: 'permanent',
      restarts: 1,
      startedAtMs: 1_500,
    };
    expect(supervisor.tree()).toEqual({
      id: 'root',
      kind: 'supervisor',
      status: 'running',
      strategy: 'rest_for_one',
      startedAtMs: 1_000,
      children: [
        {
          id: 'a',
          kind: 'actor',
          placement: 'local',
          status: 'stopped',
          restart: 'transient',
          restarts: 0,
          lastExit: { reason: 'shutdown', atMs: 1_500 },
        },
        {
          id: 'team',
          kind: 'supervisor',
          status: 'running',
          strategy: 'one_for_all',
          restart: 'permanent',
          restarts: 0,
          startedAtMs: 1_000,
          children: [
            { id: 'x', ...again, lastExit: { reason: 'failed: boom', atMs: 1_500 } },
            { id: 'y', ...again, lastExit: { reason: 'shutdown', atMs: 1_500 } },
          ],
        },
      ],
    });
  });

  test('that something changed, at every level', async () => {
    const seen: string[] = [];
    const { supervisor, fail } = superviseFakes({
      onChange: () => seen.push(JSON.stringify(supervisor.tree())),
    });
    await supervisor.start([team(), child('a')]);
    await fail('x');
    await supervisor.terminateChild('a');
    await supervisor.deleteChild('a');
    expect(seen.at(-1)).toBe(JSON.stringify(supervisor.tree()));
    expect(supervisor.tree().children).toHaveLength(1);
  });
});

test('the end of their host is one failure, however many children it took', async () => {
  const { host, clock, supervisor } = superviseFakes({ maxRestarts: 1 });
  const ids = ['a', 'b', 'c', 'd', 'e'];
  await supervisor.start(ids.map((id) => child(id)));
  for (const id of ids) host.end(id, reasons['host closed']);
  await settled();
  clock.advance(0);
  await settled();
  expect(supervisor.countChildren().running).toBe(5);
  clock.advance(2_000);
  host.end('a', reasons['host closed']);
  expect((await supervisor.exited).kind).toBe('failed');
});

test.each([0, 1])(
  'operators that die at every start are tried again, and the others go on (jitter at %i)',
  async (jitter) => {
    const { host, clock, supervisor, told } = superviseFakes({
      ...operatorIntensity(3),
      backoff: {},
      random: () => jitter,
    });
    await supervisor.start([child('a'), child('b'), child('c')]);
    for (let tenths = 0; tenths < 6_000; tenths += 1) {
      for (const id of ['a', 'b']) host.end(id, reasons.failed);
      await settled();
      clock.advance(100);
    }
    expect(supervisor.find('c')).toBeDefined();
    expect(told.filter((line) => line === 'root: c child.started')).toHaveLength(1);
    const starts = told.filter((line) => line === 'root: a child.started').length;
    expect(starts).toBeGreaterThan(20);
    expect(starts).toBeLessThan(60);
  },
);

test.each([
  ['running', 'a'],
  ['restarting', 'b'],
])('a %s child is not deleted', async (status, id) => {
  const { host, supervisor } = superviseFakes();
  await supervisor.start([child('a'), child('b')]);
  host.end('b', reasons.failed);
  await settled();
  await expect(supervisor.deleteChild(id)).rejects.toMatchObject({
    code: 'actor_not_stopped',
    data: { id, status },
  });
});

describe('a new version', () => {
  test('is started before the old one is stopped, and counts as no restart', async () => {
    const { host, clock, supervisor, fail } = superviseFakes();
    await supervisor.start([child('a'), child('b')]);
    await fail('a');
    clock.advance(70);
    host.log.length = 0;
    await supervisor.replaceChild('a', { input: { greeting: 'new' }, restart: 'transient' });
    expect(host.log).toEqual(['+a', '-a']);
    expect(supervisor.whichChildren()[0]).toEqual({
      id: 'a',
      kind: 'actor',
      status: 'running',
      restart: 'transient',
      restarts: 1,
      startedAtMs: 1_070,
      lastExit: { reason: 'shutdown', atMs: 1_070 },
    });
    // It is what comes back from now on.
    await fail('a');
    expect(host.specOf('a')).toMatchObject({ input: { greeting: 'new' }, restart: 'transient' });
  });

  test('that cannot start leaves the old one as it was', async () => {
    const { host, supervisor } = superviseFakes();
    await supervisor.start([child('a')]);
    const old = supervisor.find('a');
    const before = supervisor.tree();
    host.failing.set('a', 1);
    await expect(supervisor.replaceChild('a', { input: { greeting: 'bad' } })).rejects.toMatchObject({
      code: 'actor_start_failed',
    });
    expect(supervisor.find('a')).toBe(old);
    expect(supervisor.tree()).toEqual(before);
    expect(host.specOf('a')?.input).toEqual({ greeting: 'hello' });
  });

  test('takes the place of one that waits for its restart, or was stopped', async () => {
    const { host, clock, supervisor } = superviseFakes();
    await supervisor.start([child('a'), child('b')]);
    host.end('a', reasons.failed);
    await settled();
    await supervisor.terminateChild('b');
    await supervisor.replaceChild('a', {});
    await supervisor.replaceChild('b', {});
    clock.advance(1_000);
    await settled();
    expect(host.living).toEqual(['a', 'b']);
    expect(supervisor.whichChildren().map(({ restarts }) => restarts)).toEqual([0, 0]);
  });

  test('of a supervisor has its new children', async () => {
    const { host, supervisor } = superviseFakes();
    await supervisor.start([team()]);
    host.log.length = 0;
    await supervisor.replaceChild('team', { children: [child('z')] });
    expect(host.log).toEqual(['+z', '-y', '-x']);
  });

  test.each(['local', 'thread'] as const)(
    'of a module in a %s actor is loaded anew, and is told',
    async (placement) => {
      const { supervisor, log } = supervise({}, placement === 'local' ? 'in-process' : 'thread');
      const spec = child('a', { module: fixture('versioned'), exportName: 'createVersioned', placement });
      const old = await supervisor.startChild(spec);
      const loadedAt = await old.ask('', { timeoutMs });
      await supervisor.replaceChild('a', {});
      expect(await supervisor.find('a')?.ask('', { timeoutMs })).not.toEqual(loadedAt);
      expect(await old.exited).toMatchObject({ kind: 'shutdown' });
      expect(log).toEqual(['a started', 'a replaced']);
      const failing = supervisor.replaceChild('a', badSpec('throwsAtStart', { placement }));
      await expect(failing).rejects.toMatchObject({ code: 'actor_start_failed' });
      expect(await supervisor.find('a')?.ask('', { timeoutMs })).toBeDefined();
    },
  );
});
