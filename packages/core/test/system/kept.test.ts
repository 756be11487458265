// What was acknowledged is in the history, whichever of our threads has ended since.
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Insight } from '../../src/coordinator/insight.ts';
import type { ModelRef } from '../../src/llm/model.ts';
import { triage } from '../../src/llm/references.ts';
import type { Notification } from '../../src/operator/notification.ts';
import { ControlClient } from '../../src/recorder/control/client.ts';
import type { StoredHistory } from '../../src/recorder/store/desk.ts';
import type { SkillSpec } from '../../src/skill.ts';
import { Nodelens } from '../../src/system.ts';
import { fixtureModel } from '../operator/world.ts';
import { pulse, startLens } from './kit.ts';

const dyingCoordinator: ModelRef = {
  kind: 'model-ref',
  name: 'dying',
  module: new URL('./fixtures/dying-coordinator.ts', import.meta.url).href,
  exportName: 'createDyingCoordinator',
  options: {},
};

const lethal: SkillSpec = {
  kind: 'skill-spec',
  id: 'lethal',
  module: new URL('./fixtures/lethal-skill.ts', import.meta.url).href,
  exportName: 'createLethalSkill',
  options: { how: 'exit' },
};

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'nl-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

async function investigate(lens: Nodelens): Promise<unknown> {
  const client = await ControlClient.connect(process.pid, lens.controlPath ?? '');
  onTestFinished(() => client.close());
  return client
    .request('investigate', { reason: 'it races', skills: ['pulse'] }, { timeoutMs: 30_000 })
    .catch((error: unknown) => error);
}

async function historyOverSocket(lens: Nodelens): Promise<StoredHistory> {
  const client = await ControlClient.connect(process.pid, lens.controlPath ?? '');
  onTestFinished(() => client.close());
  return client.request('history', {}, { timeoutMs: 5_000 });
}

test('operator, coordinator and recorder end one after the other, and nothing that they said is lost', {
  timeout: 90_000,
}, async () => {
  const lens = await startLens({
    model: dyingCoordinator,
    operators: [
      { skill: pulse(), model: triage() },
      { name: 'dying', skill: pulse(), model: fixtureModel('exits') },
      { skill: lethal, model: triage() },
    ],
    control: folder(),
  });
  const told: Notification[] = [];
  const insights: Insight[] = [];
  lens.on('operator.notification', ({ notification }) => told.unshift(notification));
  lens.on('insight.produced', ({ insight }) => insights.unshift(insight));
  const back = Promise.withResolvers<void>();
  lens.on('recorder.restarted', () => back.resolve());

  const run = await lens.operator.run('dying', { reason: 'die' }, { timeoutMs: 30_000 });
  expect(run).toMatchObject({ status: 'failed', notifications: [{ operator: 'dying' }] });
  expect((await lens.history()).notifications).toEqual(
    run.notifications.map((found) => ({ ...found, status: 'unread' })),
  );

  expect(await investigate(lens)).toMatchObject({ code: 'actor_exited' });
  const known = await lens.history();
  expect(known).toMatchObject({
    notifications: [
      { operator: 'pulse', status: 'resolved' },
      { operator: 'dying', status: 'unread' },
    ],
    insights: [{ summary: 'The pulse races.' }],
  });
  expect(await historyOverSocket(lens)).toEqual(known);

  const { total } = await lens.usage();
  await lens.operator.run('lethal', { reason: 'end the recorder' }, { timeoutMs: 30_000 });
  await back.promise;
  expect(await lens.history()).toEqual(known);
  expect((await lens.usage()).total.runs).toBe(total.runs + 1);
  expect(known).toMatchObject({ notifications: told, insights });
  await expect(lens.history({ limit: 0 })).rejects.toMatchObject({ code: 'option_invalid' });
});

test('the history tells what became of each notification', { timeout: 60_000 }, async () => {
  const lens = await startLens({ operators: [{ skill: pulse() }] });
  await lens.coordinator.run(
    { reason: 'it races' },
    {
      strategy: async ({ invoke, settled, notifications, resolve }) => {
        invoke(['pulse']);
        await settled();
        resolve(notifications().map(({ id }) => id));
        return undefined;
      },
    },
  );
  const { notifications } = await lens.history();
  expect(notifications).toMatchObject([{ status: 'resolved', statusAt: expect.stringMatching(/Z$/) }]);
});

test.each<readonly [string, () => string]>([
  [
    'is a file',
    () => {
      const file = join(folder(), 'data');
      writeFileSync(file, 'in the way');
      return file;
    },
  ],
  // Node's own way to make all of it at once does not come back from here.
  ['can be made by nobody', () => '/proc/nodelens/data'],
])('a data folder that %s is an error at the start', async (_, place) => {
  const dataDir = place();
  await expect(Nodelens.start({ dataDir, control: false })).rejects.toMatchObject({
    code: 'option_invalid',
    message: expect.stringContaining(dataDir),
  });
  expect(Nodelens.current).toBeUndefined();
});

test('a data folder is made with what leads there, for its user alone', async () => {
  const dataDir = join(folder(), 'not', 'there', 'yet');
  const lens = await Nodelens.start({ dataDir, control: false });
  await lens.stop();
  expect(statSync(dataDir).mode & 0o777).toBe(0o700);
});
