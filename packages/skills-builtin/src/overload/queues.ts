// All queues, kept up to date by one timer of a second; in a quiet process mostly by every fifth of its ticks.
import { slot } from '../requests/slots.ts';
import { createThreadpool, type Threadpool } from '../threadpool/threadpool.ts';
import { type AcceptWatch, createAcceptWatch } from './accept.ts';
import { createFlowHistory, type FlowHistory, hasCounts, inFlightOf } from './flow.ts';
import { acceptPoll, type MainPoll, mainPoll, type SocketsPoll, socketsPoll } from './polls.ts';
import { createQueueHistory, type QueueHistory } from './queue-history.ts';
import { IN_FLIGHT, LOOP, OUTGOING, THREADPOOL, UNSENT } from './queue-names.ts';
import type { QueueSources } from './queue-sources.ts';
import { createRoutes, type Routes } from './routes.ts';
import { queueSlot } from './slots.ts';

/** Where nothing happens all is looked at each fifth time. */
const QUIET_TICKS = 5;
/** An idle loop's beat and profile take less than 0.01. */
const QUIET_UTILIZATION = 0.05;
/** From here on a closer look is worth its price. */
const BUSY_UTILIZATION = 0.5;
const BUSY_DELAY_MS = 50;
const BUSY_WAIT_MS = 10;
/** On a full machine a process at rest waits for its cores, not for its threads; work that hangs is seen all the same. */
const RESTING_WAIT_MS = 250;

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
  const isQuiet = createQuiet(queues);
  let skipped = 0;
  context.everySecond((isAtRest) => {
    const quiet = isQuiet(isAtRest);
    skipped = quiet ? (skipped + 1) % QUIET_TICKS : 0;
    if (skipped !== 0) return;
    const atMs = context.now();
    recordFree(queues, atMs);
    const busy = !quiet && isBusy(queues);
    for (const poll of polls) poll(atMs, busy);
  });
  return { ...queues, sockets, work };
}

/** No request in flight and none since the last time, no new listening socket, an idle loop and idle threads. */
function createQuiet({ context, requests, main, accept, threadpool }: Free): (isAtRest: boolean) => boolean {
  let last = Number.NaN;
  const isIdle = (): boolean =>
    (context.vitals.newest(1)[0]?.eventLoopUtilization ?? 1) < QUIET_UTILIZATION &&
    context.currentStall() === undefined;
  return (isAtRest) => {
    const { numbers } = requests;
    const seen = startedOf(numbers) + (main.numbers[queueSlot.listens] ?? 0);
    const isSame = seen === last;
    last = seen;
    return (
      isSame &&
      inFlightOf(numbers, 'server') + inFlightOf(numbers, 'client') === 0 &&
      (isAtRest || isIdle()) &&
      (threadpool.waitMs() ?? 0) < (isAtRest ? RESTING_WAIT_MS : BUSY_WAIT_MS) &&
      !accept.hasWaiting()
    );
  };
}

const startedOf = (numbers: Float64Array): number =>
  (numbers[slot.serverStarted] ?? 0) + (numbers[slot.clientStarted] ?? 0);

type Free = Omit<Queues, 'sockets' | 'work'>;

/** What is in shared memory, or comes by itself. */
function recordFree({ context, requests, history, flow, threadpool }: Free, atMs: number): void {
  const [newest] = context.vitals.newest(1);
  const stallMs = context.currentStall()?.durationMs ?? 0;
  if (newest !== undefined) history.record(LOOP, atMs, Math.max(stallMs, newest.eventLoopDelayP99Ms));
  const waitMs = threadpool.waitMs();
  if (waitMs !== undefined) history.record(THREADPOOL, atMs, waitMs);
  threadpool.tick();
  const { numbers } = requests;
  // Before the first request there is nothing that later ones could be compared with.
  if (!hasCounts(requests) || startedOf(numbers) === 0) return;
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
    accept.hasWaiting()
  );
}
