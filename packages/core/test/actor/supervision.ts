// A supervisor on a host of this thread, with time and chance owned by the test, and its events to wait for.
import { ManualClock } from '@nodelens/testing';
import { onTestFinished } from 'vitest';
import type { ChildSpec } from '../../src/actor/supervision/child-spec.ts';
import { Supervisor } from '../../src/actor/supervision/supervisor.ts';
import type { SupervisorEvent, SupervisorOptions } from '../../src/actor/supervision/supervisor-options.ts';
import { talkerSpec } from './fixtures/specs.ts';
import { type HostName, openHost } from './hosts.ts';

export interface Supervision {
  readonly supervisor: Supervisor;
  readonly clock: ManualClock;
  /** `a started`, `a exited: failed`, `a restarting 1 in 100`. */
  readonly log: readonly string[];
  /** Resolves when the line has been logged for the `count`th time. */
  until(line: string, count?: number): Promise<void>;
}

export function supervise(
  options: Partial<SupervisorOptions> = {},
  hostName: HostName = 'in-process',
): Supervision {
  const clock = new ManualClock();
  const log: string[] = [];
  const waiting = new Set<() => void>();
  const onEvent = (event: SupervisorEvent): void => {
    log.push(describe(event));
    for (const look of [...waiting]) look();
  };
  const host = openHost(hostName);
  const supervisor = new Supervisor({ id: 'root', host, clock, random: () => 0, onEvent, ...options });
  onTestFinished(() => supervisor.stop());
  const until = (line: string, count = 1): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (log.filter((logged) => logged === line).length < count) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  return { supervisor, clock, log, until };
}

function describe(event: SupervisorEvent): string {
  switch (event.type) {
    case 'child.started':
      return `${event.child} started`;
    case 'child.exited':
      return `${event.child} exited: ${event.reason.kind}`;
    case 'child.restarting':
      return `${event.child} restarting ${event.attempt} in ${event.delayMs}`;
    case 'child.replaced':
      return `${event.child} replaced`;
    case 'supervisor.gave_up':
      return `${event.supervisor} gave up`;
  }
}

export const child = (id: string, overrides: Partial<ChildSpec> = {}): ChildSpec =>
  talkerSpec({ id, restart: 'permanent', placement: 'local', ...overrides });
