// What a resident knows when the recorder thread came back: the notifications of this process that the store has kept.
// Pure.
import { emptyMemory, type Memory, remember } from '../operator/memory.ts';
import type { Notification } from '../operator/notification.ts';
import type { OperatorSpec } from '../operator/spec.ts';

export interface Past {
  /** Newest first, of whatever operator and process. */
  readonly notifications: readonly Notification[];
  readonly process: Notification['process'];
  readonly nowMs: number;
}

/** What is older than the cool-down is news again, so it is left out. */
export function memoryOf(
  { name, skill, limits: { repeatAfterMs } }: OperatorSpec,
  { notifications, process, nowMs }: Past,
): Memory {
  const checks = skill.checks.map(({ id }) => id);
  const own = notifications
    .filter(
      ({ operator, process: { hostname, pid } }) =>
        operator === name && hostname === process.hostname && pid === process.pid,
    )
    .map((found) => ({ found, atMs: Date.parse(found.detectedAt) }))
    .filter(({ atMs }) => nowMs - atMs < repeatAfterMs);
  // What fired then is not known any more: it is over when no check of the skill fires.
  return own.reduceRight(
    (memory, { found, atMs }) => remember(memory, found, { nowMs: atMs, causes: checks }),
    emptyMemory,
  );
}
