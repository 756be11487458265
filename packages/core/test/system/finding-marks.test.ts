// What became of the findings of a continuous operator stands in the history by the time that it is told.
import { ManualClock } from '@nodelens/testing';
import { expect, onTestFinished, test } from 'vitest';
import { fail } from '../../src/errors.ts';
import type { Finding } from '../../src/recorder/store/desk.ts';
import { defineSkill } from '../../src/skill.ts';
import { createFindingMarks } from '../../src/system/finding-marks.ts';
import { noticed } from '../recorder/store-kit.ts';
import { startLens } from './kit.ts';

let orders = 7;
const shop = defineSkill({
  id: 'shop',
  title: 'Shop',
  description: 'A shop',
  systemPrompt: 'You watch a shop.',
  snapshot: () => ({ orders }),
  callbacks: {},
  checks: [
    {
      id: 'shop.busy',
      when: ({ orders: open }) => (Number(open) > 5 ? { orders: Number(open) } : undefined),
      investigate: 'return 1;',
      conclude: () => ({
        severity: 'warning',
        context: 'Orders were counted.',
        observation: 'There are many orders.',
        subjects: [],
      }),
    },
  ],
});

test('one that its own thread could not bring in is written here until it is', () => {
  const clock = new ManualClock(1_000);
  const written: Finding[] = [];
  let isAway = true;
  const marks = createFindingMarks({
    store: {
      read: () => ({ notifications: [], insights: [], incidents: [], previousLives: [] }),
      write: (finding) => {
        if (isAway) throw fail('store_unavailable', { what: 'it', reason: 'the disk is full' });
        written.push(finding);
      },
    },
    clock,
    startedAtMs: 0,
    openNotifications: () => new Set(),
  });
  onTestFinished(marks.close);
  const { notification } = noticed(1);
  const { operator, investigationId } = notification;
  const told = { type: 'operator.notification', operator, investigationId, notification } as const;
  marks.mark(told);
  marks.mark({ ...told, stored: false });
  expect(written).toEqual([]);
  isAway = false;
  clock.advance(60_000);
  expect(written.filter(({ kind }) => kind === 'notification')).toEqual([
    { kind: 'notification', notification },
  ]);
});

test('one that is over is resolved, and one that comes back is raised again', {
  timeout: 60_000,
}, async () => {
  const lens = await startLens({
    anomaly: false,
    operators: [{ skill: shop, mode: 'continuous', limits: { roundEveryMs: 100 } }],
  });
  const told = (type: 'operator.notification' | 'finding.resolved'): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const undo = lens.on(type, () => {
      undo();
      resolve();
    });
    return promise;
  };
  const statuses = async (): Promise<readonly string[]> =>
    (await lens.history()).notifications.map(({ status }) => status);
  const first = told('operator.notification');
  if ((await statuses()).length === 0) await first;
  expect(await statuses()).toEqual(['unread']);

  const resolved = told('finding.resolved');
  orders = 1;
  await resolved;
  expect(await statuses()).toEqual(['resolved']);

  const again = told('operator.notification');
  orders = 9;
  await again;
  expect(await statuses()).toEqual(['unread', 'raised_again']);
});
