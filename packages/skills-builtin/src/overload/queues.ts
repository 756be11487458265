// All queues, kept up to date by one timer of a second.
import type { ProbeFeed, RecorderContext } from '@nodelens/core';
import { slot } from '../requests/slots.ts';
import { createThreadpool, type Threadpool } from '../threadpool/threadpool.ts';
import { type AcceptWatch, createAcceptWatch } from './accept.ts';
import { createFlowHistory, type FlowHistory, hasCounts, inFlightOf } from './flow.ts';
import { acceptPoll, type MainPoll, mainPoll, type SocketsPoll, socketsPoll } from './polls.ts';
import { createQueueHistory, type QueueHistory } from './queue-history.ts';
import { IN_FLIGHT, LOOP, OUTGOING, THREADPOOL, UNSENT } from './queue-names.ts';
import { createRoutes, type Routes } from './routes.ts';

const TICK_MS = 1_000;
/** From here on a closer look is worth its price. */
const BUSY_UTILIZATION = 0.5;
const BUSY_DELAY_MS = 50;
const BUSY_WAIT_MS = 10;

export interface QueueSources {
  readonly context: RecorderContext;
  /** Of the probe `requests`. */
  readonly requests: ProbeFeed;
  /** Of the probe `queues`. */
  readonly main: ProbeFeed;
  /** Folder that holds `proc`. */
  readonly root: string;
}

export interface Queues extends QueueSources {
  readonly history: QueueHistory;
  readonly flow: FlowHistory;
  readonly accept: AcceptWatch;
  readonly threadpool: Threadpool;
  readonly routes: Routes;
  readonly sockets: Pick<SocketsPoll, 'last' | 'read'>;
  readonly work: Pick<MainPoll, 'last'>;
}

export function watchQueues(sources: QueueSources): Queues {
  const { context, requests, root } = sources;
  const history = createQueueHistory();
  const accept = createAcceptWatch(root);
  const routes = createRoutes();
  requests.onEvent((event) => routes.add(event));
  const sockets = socketsPoll(sources, { accept, history });
  const work = mainPoll(sources, history);
  const flow = createFlowHistory();
  const queues = { ...sources, history, flow, accept, threadpool: createThreadpool(root), routes };
  const polls = [acceptPoll(sources, { accept, history }), sockets.poll, work.poll];
  // It ends with its thread.
  setInterval(() => {
    const atMs = context.now();
    recordFree(queues, atMs);
    const busy = isBusy(queues);
    for (const poll of polls) poll(atMs, busy);
  }, TICK_MS).unref();
  return { ...queues, sockets, work };
}

type Free = Omit<Queues, 'sockets' | 'work'>;

/** What is in shared memory, or comes by itself. */
function recordFree({ context, requests, history, flow, threadpool }: Free, atMs: number): void {
  const [newest] = context.vitals.newest(1);
  const stallMs = context.currentStall()?.durationMs ?? 0;
  if (newest !== undefined) history.record(LOOP, atMs, Math.max(stallMs, newest.eventLoopDelayP99Ms));
  const waitMs = threadpool.waitMs();
  if (waitMs !== undefined) history.record(THREADPOOL, atMs, waitMs);
  threadpool.tick();
  if (!hasCounts(requests)) return;
  const { numbers } = requests;
  flow.record(atMs, numbers);
  history.record(IN_FLIGHT, atMs, inFlightOf(numbers, 'server'));
  history.record(OUTGOING, atMs, inFlightOf(numbers, 'client'));
  history.record(UNSENT, atMs, Math.max(0, numbers[slot.clientWaiting] ?? 0));
}

function isBusy({ context, accept, threadpool }: Free): boolean {
  const [newest] = context.vitals.newest(1);
  return (
    context.currentStall() !== undefined ||
    (newest?.eventLoopUtilization ?? 0) >= BUSY_UTILIZATION ||
    (newest?.eventLoopDelayMaxMs ?? 0) >= BUSY_DELAY_MS ||
    (threadpool.waitMs() ?? 0) >= BUSY_WAIT_MS ||
    (accept.queues() ?? []).some(({ waiting }) => waiting > 0)
  );
}
