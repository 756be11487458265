import { expect, test } from 'vitest';
import type { Census, CensusEntry } from '../../src/actor/hosts/census.ts';
import type { TreeNode } from '../../src/actor/supervision/tree.ts';
import { mergeTree, type TreeFacts } from '../../src/system/tree-merge.ts';

const operator = (name: string, more: Partial<TreeNode> = {}): TreeNode => ({
  id: `operator-${name}`,
  kind: 'actor',
  status: 'running',
  placement: 'thread',
  startedAtMs: 1_500,
  ...more,
});
const main: TreeNode = {
  id: 'nodelens',
  kind: 'supervisor',
  status: 'running',
  children: [
    { id: 'coordinator', kind: 'actor', status: 'running', placement: 'local' },
    { id: 'recorder', kind: 'thread', status: 'running', restart: 'permanent', restarts: 2 },
  ],
};
const operators: TreeNode = {
  id: 'operators',
  kind: 'supervisor',
  status: 'running',
  children: [operator('gc', { status: 'hibernated', restarts: 1 }), operator('redis')],
};
const entry = (id: string, more: Partial<CensusEntry> = {}): CensusEntry => ({
  id,
  placement: 'thread',
  startedAtMs: 1_000,
  vitals: { mailbox: 3, memoryMb: 9 },
  ...more,
});
const census = (...actors: CensusEntry[]): Census => ({
  actors,
  pool: { threads: 0, waiting: 0 },
  teller: { startedAtMs: 900, vitals: {} },
});
const recorder: TreeFacts['recorder'] = { startedAtMs: 800, vitals: { memoryMb: 12 } };

/** `nodelens > operators > operator-gc` of every node. */
function paths(node: TreeNode, above = ''): string[] {
  const path = `${above}${node.id}`;
  return [path, ...(node.children ?? []).flatMap((child) => paths(child, `${path} > `))];
}

function at(root: TreeNode, ...ids: string[]): TreeNode | undefined {
  return ids.reduce<TreeNode | undefined>(
    (node, id) => node?.children?.find((child) => child.id === id),
    root,
  );
}

test('the recorder comes first, with what main and it itself know; without a launcher that is all', () => {
  const tree = mergeTree({ main, recorder, operators });
  expect(paths(tree).map((path) => path.split(' > ').at(-1))).toEqual([
    'nodelens',
    'recorder',
    'coordinator',
    'operators',
    'operator-gc',
    'operator-redis',
  ]);
  expect(at(tree, 'recorder')).toMatchObject({ restarts: 2, startedAtMs: 800, vitals: { memoryMb: 12 } });
});

test('before main has told anything there is a root with the recorder', () => {
  const tree = mergeTree({ main: { id: 'nodelens', kind: 'supervisor', status: 'running' }, recorder });
  expect(paths(tree)).toEqual(['nodelens', 'nodelens > recorder']);
});

test('supervised actors get their vitals; what nobody supervises stands under the launcher', () => {
  const tree = mergeTree({
    main,
    recorder,
    operators,
    launcher: { restarts: 1, startedAtMs: 900 },
    census: {
      ...census(
        entry('operator-redis'),
        entry('coordinator-0123456789abcdef'),
        entry('operator-gc-0123456789abcdef', { placement: 'pool' }),
      ),
      pool: { threads: 2, waiting: 1 },
    },
    sandbox: { pid: 77, vitals: { memoryMb: 40 } },
  });
  expect(paths(tree)).toEqual([
    'nodelens',
    'nodelens > recorder',
    'nodelens > launcher',
    'nodelens > launcher > coordinator-0123456789abcdef',
    'nodelens > launcher > pool',
    'nodelens > launcher > pool > operator-gc-0123456789abcdef',
    'nodelens > launcher > sandbox',
    'nodelens > coordinator',
    'nodelens > operators',
    'nodelens > operators > operator-gc',
    'nodelens > operators > operator-redis',
  ]);
  expect(at(tree, 'operators', 'operator-redis')).toMatchObject({
    startedAtMs: 1_500,
    vitals: { mailbox: 3, memoryMb: 9 },
  });
  expect(at(tree, 'operators', 'operator-gc')).toMatchObject({ status: 'hibernated', restarts: 1 });
  expect(at(tree, 'launcher')).toMatchObject({ restarts: 1 });
  expect(at(tree, 'launcher', 'pool')).toMatchObject({ pool: { threads: 2, waiting: 1 } });
  expect(at(tree, 'launcher', 'sandbox')).toMatchObject({ pid: 77, vitals: { memoryMb: 40 } });
});

test('while one is replaced, the newer counts and the older is still shown', () => {
  const tree = mergeTree({
    main,
    recorder,
    operators,
    launcher: {},
    census: census(
      entry('operator-gc', { vitals: { tid: 1 } }),
      entry('operator-gc', { vitals: { tid: 2 } }),
    ),
  });
  expect(at(tree, 'operators', 'operator-gc')?.vitals).toEqual({ tid: 2 });
  expect(at(tree, 'launcher', 'operator-gc')?.vitals).toEqual({ tid: 1 });
});

test('while main is blocked, what it told is marked; what is known beside it is as of now', () => {
  const blocked = { main, recorder, operators, launcher: {}, blockedSinceMs: 5_000 };
  const tree = mergeTree({ ...blocked, census: census(entry('operator-redis')) });
  expect(tree.asOfMs).toBe(5_000);
  expect(at(tree, 'coordinator')).toMatchObject({ status: 'running', asOfMs: 5_000 });
  expect(at(tree, 'operators', 'operator-redis')).toMatchObject({
    status: 'running',
    vitals: { mailbox: 3 },
  });
  for (const path of [['operators'], ['operators', 'operator-gc'], ['launcher']])
    expect(at(tree, ...path)).not.toHaveProperty('asOfMs');
});

test('a launcher that does not answer is shown, and who is at work is told without its vitals', () => {
  const tree = mergeTree({ main, recorder, operators, launcher: { restarts: 0 }, blockedSinceMs: 5_000 });
  expect(at(tree, 'launcher')).toMatchObject({ status: 'running', children: [] });
  expect(at(tree, 'operators', 'operator-redis')).toMatchObject({ status: 'running' });
});

test('a thread that was started ahead is seen, and makes nobody awake', () => {
  const tree = mergeTree({ main, recorder, operators, launcher: {}, census: census(entry('operator-gc')) });
  expect(at(tree, 'operators', 'operator-gc')).toMatchObject({
    status: 'hibernated',
    vitals: { memoryMb: 9 },
  });
  expect(at(tree, 'launcher')?.children).toEqual([]);
});
