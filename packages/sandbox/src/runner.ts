// All runs of the sandbox process: starts them, polls their limits, and tells the host how they ended and whether the
// process is still fit for others.
import { IsolateRun } from './isolate-run.ts';
import { watchMemory } from './memory-watch.ts';
import { aliveMs, type FromSandbox, type RunMessage, type ToSandbox } from './protocol.ts';
import { failure } from './verdict.ts';

/** Limits of time are exceeded by at most about this. */
const pollMs = 10;

/** @returns takes the messages of the host. */
export function createRunner(send: (message: FromSandbox) => void): (message: ToSandbox) => void {
  const runs = new Map<number, IsolateRun>();
  const memory = watchMemory();
  let poll: NodeJS.Timeout | undefined;
  let aliveAt = 0;

  const checkMemory = (): void => {
    const all = [...runs.values()];
    if (!memory.isOver(all.reduce((sum, run) => sum + run.memoryMb, 0))) return;
    // Memory outside the heaps has no owner: the run that computed most is the likeliest.
    all.sort((a, b) => b.cpuMs - a.cpuMs)[0]?.endForMemory();
  };
  const check = (): void => {
    for (const run of runs.values()) run.checkLimits();
    checkMemory();
    if (performance.now() - aliveAt < aliveMs) return;
    aliveAt = performance.now();
    send({ type: 'alive' });
  };
  const forget = (runId: number): void => {
    runs.delete(runId);
    if (runs.size > 0) return;
    clearInterval(poll);
    poll = undefined;
  };
  const start = (message: RunMessage): void => {
    const { runId } = message;
    const run = new IsolateRun(message, {
      call: (callId, name, args) => send({ type: 'call', runId, callId, name, args }),
      console: (line) => send({ type: 'console', runId, line }),
      ended(result, isUnfit) {
        forget(runId);
        const unfit = isUnfit || (runs.size === 0 && memory.isBloated());
        send({ type: 'ended', runId, result, unfit });
      },
    });
    runs.set(runId, run);
    poll ??= setInterval(check, pollMs);
    void run.start();
  };

  return (message) => {
    switch (message.type) {
      case 'run':
        return start(message);
      case 'reply':
        return runs.get(message.runId)?.settle(message);
      case 'end':
        return runs.get(message.runId)?.end(failure('cancelled', 'The host ended the run.'));
      default:
        return message satisfies never;
    }
  };
}
