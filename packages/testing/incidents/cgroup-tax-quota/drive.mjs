// Baskets come at a steady rate. After some seconds the CPU limit of the container is set: 0.3 CPUs, or 2 in a healthy
// run, of which nothing is felt.
import { openGroup } from './cgroup.mjs';

const LIMIT_AFTER_MS = 4_000;
const PERIOD_US = 100_000;

let group;

export function prepare(lab) {
  group = openGroup(lab, 'cpu');
}

export async function drive(lab) {
  const pick = (list) => list[Math.floor(lab.random() * list.length)];
  const basket = () => ({
    country: pick(['NL', 'DE', 'BE', 'FR']),
    lines: Array.from({ length: 5 }, () => ({
      kind: pick(['food', 'book', 'other']),
      cents: 1_250,
      amount: 2,
    })),
  });
  const traffic = [
    lab.every(40, () => lab.request('/tax', { method: 'POST', body: basket(), timeoutMs: 8_000 })),
    lab.every(1000, () => lab.request('/health')),
  ];
  await lab.wait(LIMIT_AFTER_MS);
  const quotaUs = (lab.isHealthy ? 2 : 0.3) * PERIOD_US;
  group.set(['cpu.cfs_quota_us', quotaUs], ['cpu.max', `${quotaUs} ${PERIOD_US}`]);
  await Promise.all(traffic);
}
