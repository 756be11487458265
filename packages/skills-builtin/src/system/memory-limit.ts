// The memory limit that a reading's container is held to. Pure.
import type { Reading } from './history.ts';

/** A limit above what the machine has is none. */
export function effectiveLimitMb({ host, cgroup }: Reading): number | undefined {
  const limitMb = cgroup?.memory.limitMb;
  return limitMb === undefined || limitMb >= host.totalMb ? undefined : limitMb;
}
