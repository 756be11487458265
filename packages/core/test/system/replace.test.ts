// A new version of an operator goes live without touching the host.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { TreeNode } from '../../src/actor/supervision/tree.ts';
import type { OperatorRunResult } from '../../src/operator/spec.ts';
import { ControlClient } from '../../src/recorder/control/client.ts';
import { defineSkill, type Skill, type SkillSpec } from '../../src/skill.ts';
import type { OperatorChanges } from '../../src/system/options.ts';
import type { Nodelens } from '../../src/system.ts';
import type { LensEvent } from '../../src/telemetry/events.ts';
import { pulse, startLens } from './kit.ts';

const module = new URL('./fixtures/versioned-skill.ts', import.meta.url).href;
const timeoutMs = 30_000;

const versioned = (version: number, probe: string, more: object = {}): SkillSpec => ({
  kind: 'skill-spec',
  id: 'versioned',
  module,
  exportName: 'createVersionedSkill',
  options: { version, ...more },
  probes: [{ module, exportName: probe }],
});

const probes = (): number[] => ['versioned-old', 'versioned-new'].map((name) => process.listenerCount(name));
const said = (result: Pick<OperatorRunResult, 'notifications'>): string[] =>
  result.notifications.map(({ observation }) => observation);
const lifeOf = ({ snapshots }: OperatorRunResult): unknown => snapshots[0]?.data.moduleLife;

async function ownDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'nodelens-replace-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  return directory;
}

async function askControl(lens: Nodelens): Promise<ControlClient> {
  const client = await ControlClient.connect(process.pid, lens.controlPath ?? '');
  onTestFinished(() => client.close());
  return client;
}

test('an on-demand operator: its next run has the new version, in every kind of run', {
  timeout: 90_000,
}, async () => {
  const control = await ownDirectory();
  const lens = await startLens({
    operators: [{ skill: versioned(1, 'oldProbe') }, { skill: pulse() }],
    control,
  });
  const replaced: string[] = [];
  lens.on('operator.replaced', ({ operator }) => replaced.push(operator));
  const runOne = (): Promise<OperatorRunResult> =>
    lens.operator.run('versioned', { reason: 'which?' }, { timeoutMs });
  const first = await lens.coordinator.run({ reason: 'which?' }, { skills: ['versioned'], timeoutMs });
  expect(said(first)).toEqual(['It is {"version":1}.']);
  const before = await runOne();
  expect(probes()).toEqual([1, 0]);

  const broken = lens.operator.replace('versioned', { skill: versioned(2, 'newProbe', { isBroken: true }) });
  await expect(broken).rejects.toMatchObject({
    code: 'skill_invalid',
    message: expect.stringContaining('this version is broken'),
  });
  expect(probes()).toEqual([1, 0]);
  expect(said(await runOne())).toEqual(['It is {"version":1}.']);

  await lens.operator.replace('versioned', { skill: versioned(3, 'newProbe'), limits: { maxIterations: 9 } });
  expect(replaced).toEqual(['versioned']);
  expect(probes()).toEqual([0, 1]);
  const after = await runOne();
  expect(said(after)).toEqual(['It is {"version":3}.']);
  expect(lifeOf(after)).not.toBe(lifeOf(before));
  const second = await lens.coordinator.run({ reason: 'which?' }, { skills: ['versioned'], timeoutMs });
  expect(said(second)).toEqual(['It is {"version":3}.']);

  const client = await askControl(lens);
  const { data } = await client.request('snapshot', { skill: 'versioned' }, { timeoutMs });
  expect(data).toMatchObject({ version: 3 });
  const { children = [] } = (await client.request('tree', {}, { timeoutMs })) as TreeNode;
  expect(children.find(({ id }) => id === 'coordinator')).toMatchObject({ status: 'running', restarts: 0 });
});

test('a continuous operator: the new one starts before the old one is stopped', {
  timeout: 90_000,
}, async () => {
  const lens = await startLens({
    control: await ownDirectory(),
    operators: [
      { name: 'always', skill: versioned(1, 'oldProbe'), mode: 'continuous', limits: { roundEveryMs: 100 } },
    ],
  });
  const types: LensEvent['type'][] = [];
  for (const type of [
    'operator.replaced',
    'operator.failed',
    'operator.restarted',
    'operator.started',
  ] as const)
    lens.on(type, () => types.push(type));
  const isSaid = (text: string): Promise<void> =>
    new Promise((resolve) => {
      const undo = lens.on('operator.notification', ({ notification }) => {
        if (!notification.observation.includes(text)) return;
        undo();
        resolve();
      });
    });
  const news = isSaid('"version":2');
  await lens.operator.replace('always', { skill: versioned(2, 'newProbe') });
  await news;
  const client = await askControl(lens);
  const { children = [] } = (await client.request('tree', {}, { timeoutMs })) as TreeNode;
  expect(children.map(({ id }) => id)).toEqual(['recorder', 'launcher', 'operators']);
  expect(children.at(-1)).toMatchObject({
    kind: 'supervisor',
    strategy: 'one_for_one',
    children: [{ id: 'operator-always', restarts: 0, woken: { detail: 'versioned.always' } }],
  });
  expect(types).toEqual(['operator.replaced']);
  expect(probes()).toEqual([0, 1]);
});

test('a skill on main is swapped and closed; what does not fit is refused', { timeout: 90_000 }, async () => {
  let closed = 0;
  const shop = (orders: number): Skill =>
    defineSkill({
      id: 'shop',
      title: 'Shop',
      description: 'A shop',
      systemPrompt: 'You watch a shop.',
      snapshot: () => ({ orders }),
      callbacks: {},
      checks: [
        {
          id: 'shop.busy',
          when: (snapshot) => snapshot,
          investigate: 'return 1;',
          conclude: (_, finding) => ({
            severity: 'info',
            context: 'Orders were counted.',
            observation: `There are ${finding.orders} orders.`,
            subjects: [],
          }),
        },
      ],
      close: () => {
        closed += 1;
      },
    });
  const lens = await startLens({ operators: [{ skill: shop(1) }] });
  const refusals: readonly [string, OperatorChanges, string][] = [
    ['nobody', {}, 'operator_unknown'],
    ['shop', { skill: { ...pulse(), id: 'store' } }, 'option_invalid'],
    ['shop', { skill: { ...pulse(), id: 'shop' } }, 'option_invalid'],
    ['shop', { skill: { ...shop(2), title: '' } }, 'skill_invalid'],
    ['shop', { limits: { maxIterations: 0 } }, 'option_invalid'],
    ['shop', { mode: 'continuous' } as OperatorChanges, 'option_invalid'],
  ];
  for (const [name, changes, code] of refusals)
    await expect(lens.operator.replace(name, changes)).rejects.toMatchObject({ code });
  expect(closed).toBe(0);
  await lens.operator.replace('shop', { skill: shop(7) });
  expect(closed).toBe(1);
  const run = await lens.operator.run('shop', { reason: 'how many?' }, { timeoutMs });
  expect(said(run)).toEqual(['There are 7 orders.']);
});
