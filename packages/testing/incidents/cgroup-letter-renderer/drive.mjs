// Letters are asked for, each with a number of its own, until the container's memory is nearly used up; from then on
// those that were drawn already. The alert is the container's own: more than 91 % of its limit.
import { openGroup } from './cgroup.mjs';

const LIMIT_MB = 2_600;
const NEAR = 0.91;
const LIMIT = ['memory.limit_in_bytes', LIMIT_MB * 1024 * 1024];
const LIMIT_UNIFIED = ['memory.max', LIMIT_MB * 1024 * 1024];

let group;

export function prepare(lab) {
  group = openGroup(lab, 'memory');
  group.set(LIMIT, LIMIT_UNIFIED);
}

export async function drive(lab) {
  let number = 0;
  let isNear = false;
  const letter = () => {
    isNear ||= usedShare() >= NEAR;
    if (isNear) lab.alert();
    else number += 1;
    const kind = ['welcome', 'reminder', 'change'][number % 3];
    return lab.request(`/letter?customer=${number % 500}&kind=${kind}&number=${number}`);
  };
  await Promise.all([
    lab.every(15, letter),
    lab.every(200, () => lab.request(`/address?customer=${number % 300}`)),
    lab.every(1000, () => lab.request('/health')),
  ]);
}

/** As the kubelet counts: without what the kernel can drop at once. */
function usedShare() {
  const used = Number(group.read('memory.usage_in_bytes', 'memory.current'));
  const cache = /^(?:total_)?inactive_file (\d+)$/m.exec(group.read('memory.stat', 'memory.stat'))?.[1] ?? 0;
  return (used - cache) / (LIMIT_MB * 1024 * 1024);
}
