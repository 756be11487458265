// The probe on main: it sees servers begin to listen, which is rare, and answers what main has given to libuv's
// threads. Nothing of it runs per request.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Server } from 'node:net';
import type { Probe } from '@nodelens/core';
import { createWorkWatch } from '../threadpool/work-watch.ts';
import { queueSlot } from './slots.ts';

const LISTEN_STARTED = 'tracing:net.server.listen:asyncStart';
const LISTEN_ENDED = 'tracing:net.server.listen:asyncEnd';
const MAX_BACKLOGS = 100;

export const watchQueues: Probe = ({ numbers, answer }) => {
  const work = createWorkWatch();
  const backlogs = new Map<number, number>();
  const asked = new WeakMap<object, number>();
  // The channel knows a backlog only where it was given by name.
  const started = (message: unknown): void => {
    const { server, options } = message as { server?: object; options?: { backlog?: unknown } };
    if (server !== undefined && typeof options?.backlog === 'number') asked.set(server, options.backlog);
  };
  const ended = (message: unknown): void => {
    numbers[queueSlot.listens] = (numbers[queueSlot.listens] ?? 0) + 1;
    const { server } = message as { server?: Server };
    const backlog = server && asked.get(server);
    const port = portOf(server);
    if (port === undefined) return;
    if (backlog === undefined) backlogs.delete(port);
    else if (backlogs.size < MAX_BACKLOGS) backlogs.set(port, backlog);
  };
  subscribe(LISTEN_STARTED, started);
  subscribe(LISTEN_ENDED, ended);
  answer((question) => (question.of === 'backlogs' ? Object.fromEntries(backlogs) : work.answer(question)));
  return () => {
    unsubscribe(LISTEN_STARTED, started);
    unsubscribe(LISTEN_ENDED, ended);
    work.stop();
  };
};

function portOf(server: Server | undefined): number | undefined {
  try {
    const address = server?.address();
    return typeof address === 'object' && address !== null ? address.port : undefined;
  } catch {
    return undefined;
  }
}
