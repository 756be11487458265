// The tree of a real service, asked over its control socket from outside, also while its main thread is blocked.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import type { TreeNode } from '../../src/actor/supervision/tree.ts';
import { ControlClient } from '../../src/recorder/control/client.ts';

const SERVICE = fileURLToPath(new URL('./fixtures/tree-service.ts', import.meta.url));

interface Service {
  readonly child: ChildProcess;
  /** Asks until the tree is as wanted. */
  treeWhen(isReached: (root: TreeNode) => boolean): Promise<TreeNode>;
}

async function startService(...operators: string[]): Promise<Service> {
  const folder = await mkdtemp(join(tmpdir(), 'nl-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const child = spawn(process.execPath, ['--conditions=@nodelens/source', SERVICE, folder, ...operators], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await closed;
  });
  await Promise.race([once(child.stdout, 'data'), closed]);
  const client = await ControlClient.connect(child.pid ?? 0, join(folder, `${child.pid}.sock`));
  onTestFinished(() => client.close());
  return {
    child,
    async treeWhen(isReached) {
      for (;;) {
        const root = await client.request('tree', {}, { timeoutMs: 10_000 });
        if (isReached(root)) return root;
      }
    },
  };
}

function at(root: TreeNode, ...ids: string[]): TreeNode | undefined {
  return ids.reduce<TreeNode | undefined>(
    (node, id) => node?.children?.find((child) => child.id === id),
    root,
  );
}

const isAgain = (node: TreeNode | undefined): boolean => node?.restarts === 1 && node.vitals !== undefined;

test('while main is blocked, an operator that crashed is told with its restart, its last exit and its vitals', async () => {
  const { child, treeWhen } = await startService('pulse');
  const before = await treeWhen((root) => isAgain(at(root, 'operators', 'operator-pulse')));
  expect(before).not.toHaveProperty('asOfMs');
  child.stdin?.write('block\n');
  const root = await treeWhen(
    (tree) =>
      tree.asOfMs !== undefined && at(tree, 'operators', 'operator-pulse')?.vitals?.cpuPercent !== undefined,
  );
  expect(root).toMatchObject({ id: 'nodelens', kind: 'supervisor', status: 'running', pid: child.pid });
  expect(at(root, 'operators', 'operator-pulse')).toMatchObject({
    kind: 'actor',
    status: 'running',
    restart: 'permanent',
    restarts: 1,
    lastExit: { reason: 'failed: the operator broke', atMs: expect.any(Number) },
    vitals: { mailbox: 0, memoryMb: expect.any(Number) },
  });
  expect(at(root, 'recorder')).toMatchObject({
    kind: 'thread',
    status: 'running',
    vitals: { memoryMb: expect.any(Number) },
  });
  expect(at(root, 'launcher')).toMatchObject({ kind: 'thread', status: 'running', restarts: 0 });
});

test('a system without operators has a recorder and starts no launcher to be asked', async () => {
  const { treeWhen } = await startService();
  // A look takes 250 ms; a thread in reserve would be there after a second.
  for (let n = 0; n < 6; n += 1) {
    const root = await treeWhen(() => true);
    expect(at(root, 'recorder')).toMatchObject({ status: 'running' });
    expect(at(root, 'launcher')).toBeUndefined();
  }
});
