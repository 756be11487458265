// Continuous operators of a real service: at rest they are nothing but an entry and a thread in reserve for all of them,
// and they live on while main is blocked.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import type { TreeNode } from '../../src/actor/supervision/tree.ts';
import { ControlClient } from '../../src/recorder/control/client.ts';
import { defineSkill } from '../../src/skill.ts';
import { startLens } from './kit.ts';

const SERVICE = fileURLToPath(new URL('./fixtures/resident-service.ts', import.meta.url));
const OPERATORS = 16;

/** Names of the threads that are Nodelens's. */
async function threadsOf(pid: number): Promise<string[]> {
  const tasks = await readdir(`/proc/${pid}/task`);
  const names = await Promise.all(
    tasks.map((tid) => readFile(`/proc/${pid}/task/${tid}/comm`, 'utf8').catch(() => '')),
  );
  return names.map((name) => name.trim()).filter((name) => name.startsWith('nl:'));
}

const operatorsOf = (root: TreeNode): readonly TreeNode[] =>
  root.children?.find(({ id }) => id === 'operators')?.children ?? [];

interface Service {
  readonly child: ChildProcess;
  readonly pid: number;
  readonly tree: () => Promise<TreeNode>;
}

async function startService(...options: string[]): Promise<Service> {
  const folder = await mkdtemp(join(tmpdir(), 'nl-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const child = spawn(
    process.execPath,
    ['--conditions=@nodelens/source', SERVICE, folder, String(OPERATORS), ...options],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const closed = once(child, 'close');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await closed;
  });
  await Promise.race([once(child.stdout, 'data'), closed]);
  const { pid = 0 } = child;
  const client = await ControlClient.connect(pid, join(folder, `${pid}.sock`));
  onTestFinished(() => client.close());
  return { child, pid, tree: () => client.request('tree', {}, { timeoutMs: 10_000 }) };
}

const spareOf = (root: TreeNode): TreeNode | undefined =>
  root.children?.find(({ id }) => id === 'launcher')?.children?.find(({ id }) => id === 'spare');

async function untilSpare(tree: Service['tree']): Promise<TreeNode> {
  for (;;) {
    const root = await tree();
    if (spareOf(root) !== undefined) return root;
  }
}

test('16 at rest have no thread but one in reserve; one that is woken and dies while main is blocked comes back and rests again', {
  timeout: 60_000,
}, async () => {
  const { child, pid, tree } = await startService();
  const before = await untilSpare(tree);
  expect(operatorsOf(before)).toHaveLength(OPERATORS);
  expect(new Set(operatorsOf(before).map(({ status }) => status))).toEqual(new Set(['hibernated']));
  expect(before.children?.map(({ id }) => id)).toEqual(['recorder', 'launcher', 'operators']);
  expect(spareOf(before)).toMatchObject({ kind: 'thread', status: 'running', restart: 'permanent' });
  expect(await threadsOf(pid)).toEqual(['nl:recorder', 'nl:launcher', 'nl:spare']);

  child.stdin?.write('block\n');
  const wary = async (): Promise<TreeNode> => {
    for (;;) {
      const root = await tree();
      const [first] = operatorsOf(root);
      if (root.asOfMs !== undefined && first?.restarts === 1 && first.status === 'hibernated') return first;
    }
  };
  expect(await wary()).toMatchObject({
    id: 'operator-wary',
    restart: 'permanent',
    woken: { why: 'stall', detail: 'wary.blocked' },
  });
  const after = await untilSpare(tree);
  expect(operatorsOf(after).filter(({ status }) => status === 'hibernated')).toHaveLength(OPERATORS);
  expect(await threadsOf(pid)).toEqual(['nl:recorder', 'nl:launcher', 'nl:spare']);
  expect(spareOf(after)?.vitals?.tid).not.toBe(spareOf(before)?.vitals?.tid);
});

test('with `spareThread: false` there is none in reserve, also after one was woken', async () => {
  const { child, pid, tree } = await startService('no-spare');
  child.stdin?.write('block\n');
  for (;;) {
    const [first] = operatorsOf(await tree());
    if (first?.restarts === 1 && first.status === 'hibernated') break;
  }
  // Long after the time at which there would be one.
  for (let n = 0; n < 6; n += 1) expect(spareOf(await tree())).toBeUndefined();
  expect(await threadsOf(pid)).toEqual(['nl:recorder', 'nl:launcher']);
});

test('a skill on main is looked at through its own checks; the gate "checks" needs some', async () => {
  const shop = (checks: boolean) =>
    defineSkill({
      id: 'shop',
      title: 'Shop',
      description: 'A shop',
      systemPrompt: 'You watch a shop.',
      snapshot: () => ({ orders: 7 }),
      callbacks: {},
      ...(checks && {
        checks: [
          {
            id: 'shop.busy',
            when: ({ orders }) => ({ orders: Number(orders) }),
            investigate: 'return 1;',
            conclude: (_, { orders }) => ({
              severity: 'info',
              context: 'Orders were counted.',
              observation: `There are ${orders} orders.`,
              subjects: [],
            }),
          },
        ],
      }),
    });
  const start = (checks: boolean) =>
    startLens({ operators: [{ skill: shop(checks), mode: 'continuous' }], gate: 'checks' });
  await expect(start(false)).rejects.toMatchObject({ code: 'option_invalid' });
  const lens = await start(true);
  const rested = Promise.withResolvers<number>();
  const said: string[] = [];
  lens.on('operator.notification', ({ notification }) => said.push(notification.observation));
  lens.on('operator.hibernated', ({ wakeInMs }) => rested.resolve(wakeInMs));
  expect(await rested.promise).toBe(30_000);
  expect(said).toEqual(['There are 7 orders.']);
});
