// What became of the findings of a continuous operator stands in the history by the time that it is told.
import { expect, test } from 'vitest';
import { defineSkill } from '../../src/skill.ts';
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
