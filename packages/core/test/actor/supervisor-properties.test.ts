// Random trees under random schedules of ends, starts, terminations, replacements and time, against what must always
// hold. The host is the test's; the random seed is fixed, and printed with the smallest failing schedule.
import assert from 'node:assert/strict';
import { ManualClock } from '@nodelens/testing';
import fc from 'fast-check';
import { test } from 'vitest';
import { type ExitReason, isClean } from '../../src/actor/exit.ts';
import type { RestartType } from '../../src/actor/supervision/child-spec.ts';
import type { Strategy } from '../../src/actor/supervision/restart.ts';
import { Supervisor } from '../../src/actor/supervision/supervisor.ts';
import type { SupervisorEvent } from '../../src/actor/supervision/supervisor-options.ts';
import {
  type AnyChildSpec,
  isSupervisorSpec,
  type SupervisorSpec,
} from '../../src/actor/supervision/supervisor-spec.ts';
import type { TreeNode } from '../../src/actor/supervision/tree.ts';
import { child } from './supervision.ts';
import { reasons, SupervisionHost, settled } from './supervision-host.ts';

const RUNS = 10_000;
const SEED = 20_261_130;
const LONG_MS = 600_000;

const restartType = fc.constantFrom<RestartType>('permanent', 'transient', 'temporary');
const policy = {
  strategy: fc.constantFrom<Strategy>('one_for_one', 'one_for_all', 'rest_for_one'),
  maxRestarts: fc.nat(5),
  withinMs: fc.constantFrom(50, 1_000),
};
type Shape =
  | { readonly restart: RestartType }
  | { readonly restart: RestartType; readonly policy: Policy; readonly children: readonly Shape[] };
type Policy = { readonly strategy: Strategy; readonly maxRestarts: number; readonly withinMs: number };

const actor: fc.Arbitrary<Shape> = fc.record({ restart: restartType });
const nested: fc.Arbitrary<Shape> = fc.record({
  restart: restartType,
  policy: fc.record(policy),
  children: fc.array(actor, { maxLength: 3 }),
});
const root = fc.record({
  policy: fc.record(policy),
  children: fc.array(fc.oneof({ weight: 3, arbitrary: actor }, { weight: 1, arbitrary: nested }), {
    minLength: 1,
    maxLength: 4,
  }),
});

/** What happens; `at` chooses among those to whom it can. */
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('end' as const),
      at: fc.nat(20),
      reason: fc.constantFrom(...Object.values(reasons).filter(({ kind }) => kind !== 'killed')),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('time' as const), ms: fc.constantFrom(1, 20, 60, 1_500) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constantFrom('terminate' as const, 'restart' as const, 'delete' as const, 'replace' as const),
      at: fc.nat(20),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('break' as const), at: fc.nat(20), times: fc.nat(2) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('add' as const), at: fc.nat(20), restart: restartType }),
  },
);
const steps = fc.array(step, { minLength: 3, maxLength: 10 });
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

function specOf(shape: Shape, id: string): AnyChildSpec {
  if (!('children' in shape)) return child(id, { restart: shape.restart });
  const { restart, policy: own, children } = shape;
  return { id, restart, ...own, backoff, children: children.map((below, i) => specOf(below, `${id}.${i}`)) };
}

const backoff = { initialMs: 10, maxMs: 40, jitter: 0 };

interface World {
  readonly supervisor: Supervisor;
  readonly host: SupervisionHost;
  readonly clock: ManualClock;
  readonly policies: ReadonlyMap<string, Policy>;
  /** What was seen to go against its intensity. */
  readonly broken: readonly string[];
  added: number;
}

async function open(shape: { readonly policy: Policy; readonly children: readonly Shape[] }): Promise<World> {
  const host = new SupervisionHost();
  const clock = new ManualClock();
  const policies = new Map([['root', shape.policy]]);
  const specs = shape.children.map((below, i) => specOf(below, `${i}`));
  for (const spec of specs)
    if (isSupervisorSpec(spec)) policies.set(spec.id, spec as SupervisorSpec & Policy);
  const broken: string[] = [];
  const onEvent = watchIntensity(policies, clock, broken);
  const options = { id: 'root', host, clock, random: () => 0, backoff, onEvent, ...shape.policy };
  const supervisor = new Supervisor(options);
  await supervisor.start(specs);
  // Start order is the order of the specs, depth first.
  assert.deepEqual(
    host.log,
    actorsOf(supervisor.tree()).map(({ id }) => `+${id}`),
  );
  return { supervisor, host, clock, policies, broken, added: 0 };
}

/** Never more restarts than the intensity allows in any window, and it gives up neither earlier nor later. */
function watchIntensity(policies: ReadonlyMap<string, Policy>, clock: ManualClock, broken: string[]) {
  const restarts = new Map<string, number[]>();
  return (event: SupervisorEvent): void => {
    const { maxRestarts, withinMs } = policies.get(event.supervisor) ?? { maxRestarts: 0, withinMs: 0 };
    const recent = (restarts.get(event.supervisor) ?? []).filter((at) => clock.now() - at <= withinMs);
    // A new life of that child, if it is a supervisor, has counted nothing yet.
    if (event.type === 'child.started' || event.type === 'child.replaced') restarts.delete(event.child);
    if (event.type === 'supervisor.gave_up' && recent.length !== maxRestarts) broken.push('it gave up early');
    if (event.type !== 'child.restarting') return;
    restarts.set(event.supervisor, [...recent, clock.now()]);
    if (recent.length === maxRestarts) broken.push('one restart too many');
  };
}

const actorsOf = (node: TreeNode): readonly TreeNode[] =>
  node.children === undefined ? [node] : node.children.flatMap(actorsOf);

/** Every child with its supervisor, while that one runs. */
function everyone(supervisor: Supervisor): { readonly above: Supervisor; readonly id: string }[] {
  return supervisor.whichChildren().flatMap(({ id }) => {
    const below = supervisor.findSupervisor(id);
    return [{ above: supervisor, id }, ...(below === undefined ? [] : everyone(below))];
  });
}

const pick = <T>(from: readonly T[], at: number): T | undefined => from[at % from.length];

async function take(world: World, now: Step): Promise<void> {
  const { supervisor, host, clock } = world;
  if (now.do === 'time') return clock.advance(now.ms);
  if (now.do === 'end') {
    const id = pick(host.living, now.at);
    return id === undefined ? undefined : await endOne(world, id, now.reason);
  }
  const whom = pick(everyone(supervisor), now.at);
  if (whom === undefined) return;
  const { above, id } = whom;
  const before = above.whichChildren().find((info) => info.id === id);
  const attempt = async (change: Promise<unknown>): Promise<string> =>
    change.then(
      () => 'ok',
      ({ code }: { code: string }) => code,
    );
  if (above.tree().status === 'stopped')
    return assert.equal(await attempt(above.terminateChild(id)), 'host_closed');
  const isBroken = (host.failing.get(id) ?? 0) > 0;
  const after = (): string | undefined => above.whichChildren().find((info) => info.id === id)?.status;
  switch (now.do) {
    case 'break':
      if (before?.kind === 'actor') host.failing.set(id, now.times);
      return;
    case 'add': {
      const added = `n${world.added++}`;
      assert.equal(await attempt(above.startChild(child(added, { restart: now.restart }))), 'ok');
      return;
    }
    case 'terminate':
      assert.equal(await attempt(above.terminateChild(id)), 'ok');
      assert.equal(after(), before?.restart === 'temporary' ? undefined : 'stopped');
      return;
    case 'delete':
      assert.equal(
        await attempt(above.deleteChild(id)),
        before?.status === 'stopped' ? 'ok' : 'actor_not_stopped',
      );
      return;
    case 'restart': {
      const outcome = await attempt(above.restartChild(id));
      if (before?.status !== 'stopped') assert.equal(outcome, 'actor_already_started');
      else if (before.kind === 'actor') assert.equal(outcome, isBroken ? 'actor_start_failed' : 'ok');
      return;
    }
    case 'replace': {
      const outcome = await attempt(above.replaceChild(id, {}));
      if (before?.kind === 'actor') assert.equal(outcome, isBroken ? 'actor_start_failed' : 'ok');
      const info = above.whichChildren().find((other) => other.id === id);
      assert.equal(info?.status, outcome === 'ok' ? 'running' : before?.status);
      assert.equal(info?.restarts, before?.restarts);
    }
  }
}

/** What one end does to its siblings, unless their supervisor gives up for it. */
async function endOne(world: World, id: string, reason: ExitReason): Promise<void> {
  const { supervisor, host, policies } = world;
  const above = everyone(supervisor).find((other) => other.id === id)?.above;
  if (above === undefined) throw new Error(`${id} lives, but nobody supervises it`);
  const before = above.whichChildren();
  host.end(id, reason);
  await settled();
  const { id: name, status } = above.tree();
  if (status === 'stopped') return;
  const at = before.findIndex((info) => info.id === id);
  const type = before[at]?.restart ?? 'temporary';
  const isBack = type === 'permanent' || (type === 'transient' && !isClean(reason));
  const strategy = policies.get(name)?.strategy;
  const expected = before.flatMap((info, index) => {
    if (index === at && !isBack) return type === 'temporary' ? [] : [[info.id, 'stopped']];
    const isAffected =
      isBack && (index === at || strategy === 'one_for_all' || (strategy === 'rest_for_one' && index > at));
    if (!isAffected) return [[info.id, info.status]];
    return info.restart === 'temporary' ? [] : [[info.id, 'restarting']];
  });
  assert.deepEqual(
    above.whichChildren().map((info) => [info.id, info.status]),
    expected,
  );
}

function check({ supervisor, host, broken }: World): void {
  const { living } = host;
  assert.equal(new Set(living).size, living.length, 'nobody is in two lives at once');
  const running = actorsOf(supervisor.tree()).filter(({ status }) => status === 'running');
  assert.deepEqual(running.map(({ id }) => id).sort(), living, 'it says who lives');
  assert.deepEqual(broken, []);
}

/** Lets come back who comes back. */
async function comeToRest(world: World): Promise<void> {
  const { supervisor, host, clock } = world;
  host.failing.clear();
  for (let round = 0; round < 2; round += 1) {
    clock.advance(LONG_MS);
    await settled();
  }
  check(world);
  const isWaiting = actorsOf(supervisor.tree()).some(({ status }) => status === 'restarting');
  assert(!isWaiting, 'nobody waits for ever');
}

async function close({ supervisor, host, clock }: World): Promise<void> {
  const alive = actorsOf(supervisor.tree()).filter(({ status }) => status === 'running');
  host.log.length = 0;
  await supervisor.stop();
  assert.deepEqual(host.log, alive.map(({ id }) => `-${id}`).toReversed(), 'it stops in reverse');
  assert.deepEqual(host.living, [], 'nothing runs after the stop');
  assert.equal(clock.pending, 0, 'nothing is booked after the stop');
}

test('what must always hold of a supervision tree', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(root, steps, fc.boolean(), async (shape, schedule, isAtRest) => {
      const world = await open(shape);
      for (const now of schedule) {
        await take(world, now);
        await settled();
        check(world);
      }
      if (isAtRest) await comeToRest(world);
      await close(world);
    }),
    { numRuns: RUNS, seed: SEED },
  );
});
