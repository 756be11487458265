// All runs of the sandbox process: starts them, polls their limits, and tells the host how they ended and whether the
// process is still fit for others.
import { IsolateRun } from './isolate-run.ts';
import { type MemoryWatch, watchMemory } from './memory-watch.ts';
import { aliveMs, type FromSandbox, type RunMessage, type ToSandbox } from './protocol.ts';
import { failure } from './verdict.ts';

/** Limits of time are exceeded by at most about this. */
const pollMs = 10;

export class Runner {
  readonly #send: (message: FromSandbox) => void;
  readonly #runs = new Map<number, IsolateRun>();
  readonly #memory: MemoryWatch = watchMemory();
  #poll: NodeJS.Timeout | undefined;
  #aliveAt = 0;

  constructor(send: (message: FromSandbox) => void) {
    this.#send = send;
  }

  accept(message: ToSandbox): void {
    switch (message.type) {
      case 'run':
        this.#start(message);
        return;
      case 'reply':
        this.#runs.get(message.runId)?.settle(message);
        return;
      case 'end':
        this.#runs.get(message.runId)?.end(failure('cancelled', 'The host ended the run.'));
        return;
      default:
        message satisfies never;
    }
  }

  #start(message: RunMessage): void {
    const { runId } = message;
    const run = new IsolateRun(message, {
      call: (callId, name, args) => this.#send({ type: 'call', runId, callId, name, args }),
      console: (line) => this.#send({ type: 'console', runId, line }),
      ended: (result, isUnfit) => {
        this.#forget(runId);
        const unfit = isUnfit || (this.#runs.size === 0 && this.#memory.isBloated());
        this.#send({ type: 'ended', runId, result, unfit });
      },
    });
    this.#runs.set(runId, run);
    this.#poll ??= setInterval(() => this.#check(), pollMs);
    void run.start();
  }

  #forget(runId: number): void {
    this.#runs.delete(runId);
    if (this.#runs.size > 0) return;
    clearInterval(this.#poll);
    this.#poll = undefined;
  }

  #check(): void {
    for (const run of this.#runs.values()) run.checkLimits();
    this.#checkMemory();
    if (performance.now() - this.#aliveAt < aliveMs) return;
    this.#aliveAt = performance.now();
    this.#send({ type: 'alive' });
  }

  #checkMemory(): void {
    const runs = [...this.#runs.values()];
    if (!this.#memory.isOver(runs.reduce((sum, run) => sum + run.memoryMb, 0))) return;
    // Memory outside the heaps has no owner: the run that computed most is the likeliest.
    runs.sort((a, b) => b.cpuMs - a.cpuMs)[0]?.endForMemory();
  }
}
