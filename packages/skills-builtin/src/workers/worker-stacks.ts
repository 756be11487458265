// Where a worker thread is: a few stacks within a third of a second, taken when asked, also in the middle of a loop that
// never ends (1 ms of main, 0.1 ms of the worker for each). A CPU profile that begins now puts what the compiler has
// inlined before down to the caller; a stack does not. It ends by itself, whoever asked for it.
import type { InspectorNotification, NodeWorker, Session } from 'node:inspector';
import type { Worker } from 'node:worker_threads';
import type { JsonValue } from '@nodelens/core';

// Taken at load: a user's fake timers must not let it run on.
const later = setTimeout;
const STACKS = 8;
const EVERY_MS = 40;
/** A worker in a native call does not answer. */
const DEADLINE_MS = 700;
/** The limit of the app's errors is left as it was; so is what it makes of a stack, which then is no text. */
const EXPRESSION = `(() => {
  const limit = Error.stackTraceLimit;
  try {
    Error.stackTraceLimit = 60;
    const { stack } = new Error();
    return typeof stack === 'string' ? stack : '';
  } finally {
    Error.stackTraceLimit = limit;
  }
})()`;

export interface WorkerStacks {
  /** Begins to take some, unless it goes on; returns whether it does. */
  begin(worker: Worker): boolean;
  /** The texts that were taken since `begin`, once; `null` while there are none. */
  take(): JsonValue;
}

export function createWorkerStacks(): WorkerStacks {
  let isGoingOn = false;
  let taken: readonly string[] | null = null;
  return {
    begin({ threadId }) {
      const inspector = process.getBuiltinModule('node:inspector');
      // A Node without an inspector.
      if (inspector === undefined) return false;
      if (isGoingOn) return true;
      isGoingOn = true;
      taken = null;
      try {
        collect(new inspector.Session(), threadId, (stacks) => {
          isGoingOn = false;
          taken = stacks;
        });
      } catch {
        isGoingOn = false;
      }
      return isGoingOn;
    },
    take() {
      const stacks = taken;
      taken = null;
      return stacks;
    },
  };
}

function collect(session: Session, threadId: number, onEnd: (stacks: readonly string[]) => void): void {
  const stacks: string[] = [];
  let pause: NodeJS.Timeout | undefined;
  const end = (): void => {
    clearTimeout(deadline);
    clearTimeout(pause);
    // A worker that would end waits for whoever is attached to it.
    session.disconnect();
    onEnd(stacks);
  };
  const deadline = later(end, DEADLINE_MS).unref();
  const ask = (sessionId: string): void =>
    session.post('NodeWorker.sendMessageToWorker', { sessionId, message: MESSAGE });
  const onAttached = ({ params }: InspectorNotification<NodeWorker.AttachedToWorkerEventDataType>): void => {
    const { sessionId, workerInfo } = params;
    if (isThread(workerInfo, threadId)) ask(sessionId);
    else session.post('NodeWorker.detach', { sessionId });
  };
  const onMessage = ({
    params,
  }: InspectorNotification<NodeWorker.ReceivedMessageFromWorkerEventDataType>): void => {
    stacks.push(stackIn(params.message));
    if (stacks.length === STACKS) end();
    else pause = later(() => ask(params.sessionId), EVERY_MS).unref();
  };
  session.connect();
  session.on('NodeWorker.attachedToWorker', onAttached);
  session.on('NodeWorker.receivedMessageFromWorker', onMessage);
  session.post('NodeWorker.enable', { waitForDebuggerOnStart: false });
}

/** `[worker 3] planner-1`; its `workerId` is a number of the session. */
const isThread = ({ title }: NodeWorker.WorkerInfo, threadId: number): boolean =>
  title.startsWith(`[worker ${threadId}]`);

const MESSAGE = JSON.stringify({
  id: 1,
  method: 'Runtime.evaluate',
  params: { expression: EXPRESSION, returnByValue: true, silent: true },
});

function stackIn(message: string): string {
  const { result } = JSON.parse(message) as { result?: { result?: { value?: unknown } } };
  const text = result?.result?.value;
  return typeof text === 'string' ? text : '';
}
