// What operators have reported before a coordinator is asked.
import { randomId } from '../../src/ids.ts';
import type { Notification } from '../../src/operator/notification.ts';
import { investigationId } from '../operator/world.ts';

const report = (
  found: Partial<Notification> & Pick<Notification, 'operator' | 'observation'>,
): Notification => ({
  id: randomId(),
  investigationId,
  type: `${found.operator}.limit_exceeded`,
  severity: 'warning',
  context: 'The process serves its usual load.',
  subjects: [],
  snapshots: [],
  detectedAt: new Date().toISOString(),
  process: { hostname: 'shop-1', pid: 7 },
  ...found,
});

export const memoryHigh: Notification = report({
  operator: 'vm',
  observation: 'memoryUsedPercent is 85, above 80.',
});

export const gcPressure: Notification = report({
  operator: 'gc',
  observation: 'Garbage collection takes 22 % of the time.',
});

export const memoryByCache: Notification = report({
  operator: 'vm',
  observation: 'memoryUsedPercent is 85, above 80.',
  hypothesis: 'The sessionCache grows without bound.',
});

export const cacheGrows: Notification = report({
  operator: 'collections',
  observation: 'sessionCache holds 500 MB and has grown by 40 MB in a minute.',
  hypothesis: 'The sessionCache grows without bound.',
});

export const expectedDeploy: Notification = report({
  operator: 'logger',
  severity: 'info',
  observation: 'One warning was logged at the planned restart, as at each restart.',
});

export const slowTrend: Notification = report({
  operator: 'vm',
  severity: 'info',
  observation: 'memoryUsedPercent shows a slow upward trend: 40 to 44 in six hours, far below every limit.',
});
