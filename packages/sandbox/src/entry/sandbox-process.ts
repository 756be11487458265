// First file of the sandbox process: takes runs from the host, polls their limits, and never outlives the host.
import { aliveMs, type FromSandbox, type ToSandbox } from '../protocol.ts';

/** Limits of time are exceeded by at most about this. */
const pollMs = 10;

const send = (message: FromSandbox): void => {
  if (process.connected) process.send?.(message, undefined, undefined, () => undefined);
};

// An orderly exit would wait for isolates, and a stuck one never ends.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

const loaded = await import('../isolate-run.ts').catch((error: unknown) => {
  send({ type: 'unusable', reason: error instanceof Error ? error.message : String(error) });
  return undefined;
});

if (loaded !== undefined) {
  serve(loaded.IsolateRun);
  send({ type: 'ready' });
}

function serve(IsolateRun: typeof import('../isolate-run.ts').IsolateRun): void {
  const runs = new Map<number, InstanceType<typeof IsolateRun>>();
  let poll: NodeJS.Timeout | undefined;
  let aliveAt = 0;

  const check = (): void => {
    for (const run of runs.values()) run.checkLimits();
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
  process.on('message', (message: ToSandbox) => {
    const { runId } = message;
    switch (message.type) {
      case 'run': {
        const run = new IsolateRun(message, {
          call: (callId, name, args) => send({ type: 'call', runId, callId, name, args }),
          console: (line) => send({ type: 'console', runId, line }),
          ended(result, stuck) {
            forget(runId);
            send({ type: 'ended', runId, result, stuck });
          },
        });
        runs.set(runId, run);
        poll ??= setInterval(check, pollMs);
        void run.start();
        return;
      }
      case 'reply':
        runs.get(runId)?.settle(message);
        return;
      case 'end':
        runs.get(runId)?.end({ ok: false, code: 'cancelled', message: 'The host ended the run.' });
        return;
      default:
        return message satisfies never;
    }
  });
}
