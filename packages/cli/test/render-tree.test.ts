import type { TreeNode } from '@nodelens/core';
import pc from 'picocolors';
import { expect, test } from 'vitest';
import { renderTree, type TreeView } from '../src/render-tree.ts';

const nowMs = 1_000_000;
const startedAtMs = nowMs - 192_000;
const root: TreeNode = {
  id: 'nodelens',
  kind: 'supervisor',
  status: 'running',
  strategy: 'one_for_one',
  startedAtMs,
  pid: 4711,
  children: [
    {
      id: 'launcher',
      kind: 'thread',
      status: 'running',
      restart: 'permanent',
      startedAtMs,
      children: [
        { id: 'pool', kind: 'pool', status: 'running', pool: { threads: 1, waiting: 2 } },
        { id: 'sandbox', kind: 'process', status: 'running', pid: 4720, vitals: { memoryMb: 42 } },
      ],
    },
    {
      id: 'operator-redis',
      kind: 'actor',
      status: 'restarting',
      restart: 'permanent',
      restarts: 3,
      lastExit: { reason: 'failed: connect ECONNREFUSED 127.0.0.1:6379', atMs: nowMs - 5_000 },
      vitals: { mailbox: 12, memoryMb: 9.3, cpuPercent: 0.4, tid: 4715 },
    },
  ],
};
const view: TreeView = { colors: pc.createColors(false), width: Number.POSITIVE_INFINITY, nowMs };

test('a row per node, numbers to the right, empty where nothing is known', () => {
  expect(renderTree(root, view).split('\n')).toEqual([
    'NAME                              STATUS      RESTART      UPTIME  RESTARTS  MAIL  MEMORY    CPU   TID  LAST EXIT',
    'nodelens                          running     one_for_one  3m 12s                                 4711',
    '├─ launcher                       running     permanent    3m 12s',
    '│  ├─ pool (1 thread, 2 waiting)  running',
    '│  └─ sandbox                     running                                           42 MB         4720',
    '└─ operator-redis                 restarting  permanent                   3    12  9.3 MB  0.4 %  4715  5s ago: failed: connect ECONNREFUSED 127.0.0.1:6379',
  ]);
});

test('an operator at rest tells when it was woken last, and why', () => {
  const woken = { atMs: nowMs - 60_000, why: 'check', detail: 'runtime.event_loop_blocked' };
  const resting: TreeNode = {
    id: 'operator-runtime',
    kind: 'actor',
    status: 'hibernated',
    restarts: 0,
    woken,
  };
  const [head = '', row = ''] = renderTree(resting, view).split('\n');
  expect(row).toMatch(/^operator-runtime +hibernated +0 +1m 0s ago: check runtime\.event_loop_blocked$/);
  expect(row.indexOf('1m 0s')).toBe(head.indexOf('WOKEN'));
});

test.each([140, 100, 80, 60, 40, 20])('no row is longer than a terminal of %i columns', (width) => {
  const lines = renderTree(root, { ...view, width }).split('\n');
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(width);
  expect(lines).toHaveLength(6);
});

test('in 80 columns status, restarts, mailbox and the last exit are still told', () => {
  const [head] = renderTree(root, { ...view, width: 80 }).split('\n');
  for (const title of ['STATUS', 'RESTARTS', 'MAIL', 'LAST EXIT']) expect(head).toContain(title);
});

test('what main could not tell since it is blocked is marked', () => {
  const text = renderTree({ ...root, asOfMs: nowMs - 4_200 }, view);
  expect(text).toMatch(/^nodelens +running\*/m);
  expect(text.split('\n').at(-1)).toBe(
    '* main has been blocked for 4.2 s: restarts and last exits are as of then',
  );
});

test('colours take no space, and text from the process cannot control the terminal', () => {
  const colored = renderTree(root, { ...view, colors: pc.createColors(true) });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what the colours are made of
  expect(colored.replace(/\u001b\[\d+m/g, '')).toBe(renderTree(root, view));
  const hostile = renderTree({ ...root, id: 'red\u001b[31m\r\n' }, view);
  for (const control of ['\u001b', '\r']) expect(hostile).not.toContain(control);
});
