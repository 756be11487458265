// The simulation behind `npm run bench:cost`, for the hours around one incident.
import { expect, test } from 'vitest';
import { accountOf } from '../../../bench/cost/account.ts';
import type { Incident } from '../../../bench/cost/month.ts';
import { START_MS, simulate } from '../../../bench/cost/simulate.ts';

const HOUR_MS = 3_600_000;

test('hours of a recorded service: what blocks it is raised once and by its name, for cents', {
  timeout: 60_000,
}, async () => {
  const incident: Incident = {
    name: 'block',
    title: 'wholesale carts block the loop',
    fromMs: START_MS + 3 * HOUR_MS,
    untilMs: START_MS + 3.4 * HOUR_MS,
    isGrowing: false,
  };

  const { told, usage } = await simulate({ seed: 1, days: 4 / 24, incidents: [incident] });

  const { incidents, falseAlarms, falselyFound } = accountOf(told, [incident]);
  expect([falseAlarms, falselyFound]).toEqual([[], []]);
  const [account] = incidents;
  expect(account?.alarms).toHaveLength(1);
  expect(account?.title).toContain('bestBundleDiscount');
  expect(account?.repeated).toEqual([]);
  expect(account?.found).toContainEqual(
    expect.objectContaining({ what: expect.stringContaining('function bestBundleDiscount') }),
  );
  expect(usage.total.costUsd).toBeLessThan(0.5);
});
