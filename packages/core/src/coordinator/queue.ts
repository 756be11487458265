// Investigations one after the other, first in, first out. Each can be ended while it waits and while it runs; every
// one of them is answered.
import type { Clock } from '../actor/clock.ts';
import { fail, toWire } from '../errors.ts';
import type { Id } from '../ids.ts';
import type { InvestigationResult } from './insight.ts';
import type { Investigated } from './investigation.ts';
import type { InvestigationRequest } from './spec.ts';

export interface Job {
  readonly id: Id;
  readonly request: InvestigationRequest;
  /** How many follow-ups led here; 0 for an asker's own. */
  readonly followUps: number;
  readonly signal: AbortSignal;
  /** Ends it, for that reason; the first one counts. */
  end(reason: Error): void;
}

export interface QueueOptions {
  /** Must not reject. */
  readonly perform: (job: Job) => Promise<Investigated>;
  readonly clock: Clock;
  readonly maxQueued: number;
}

export interface JobOptions {
  readonly id: Id;
  readonly followUps: number;
  /** The asker's: aborted when it gave up. */
  readonly signal?: AbortSignal;
}

interface Turn extends PromiseWithResolvers<InvestigationResult> {
  readonly job: Job;
}

export class InvestigationQueue {
  readonly #options: QueueOptions;
  readonly #waiting: Turn[] = [];
  #running: Turn | undefined;
  /** Of the latest time that something ran. */
  #idle: PromiseWithResolvers<void> | undefined;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  get isIdle(): boolean {
    return this.#running === undefined;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** @throws NodelensError `investigation_queue_full` */
  async add(request: InvestigationRequest, options: JobOptions): Promise<InvestigationResult> {
    if (!this.isIdle && this.waiting >= this.#options.maxQueued)
      throw fail('investigation_queue_full', { queued: this.waiting });
    const turn = { job: createJob(request, options), ...Promise.withResolvers<InvestigationResult>() };
    this.#waiting.push(turn);
    turn.job.signal.addEventListener('abort', () => this.#leave(turn), { once: true });
    if (turn.job.signal.aborted) this.#leave(turn);
    else if (this.isIdle) this.#begin();
    return turn.promise;
  }

  /** Ends that investigation, or all, running and waiting. */
  cancel(why: string, id?: Id): void {
    const reason = fail('run_cancelled', { detail: `: ${why}` });
    const turns = [this.#running, ...this.#waiting].filter((turn) => turn !== undefined);
    for (const { job } of turns) if (id === undefined || job.id === id) job.end(reason);
  }

  /** Resolves when nothing runs or waits. */
  async settled(): Promise<void> {
    await this.#idle?.promise;
  }

  #begin(): void {
    this.#idle = Promise.withResolvers();
    this.#next();
  }

  #next(): void {
    this.#running = this.#waiting.shift();
    if (this.#running === undefined) {
      this.#idle?.resolve();
      return;
    }
    const { job, resolve, reject } = this.#running;
    void this.#options
      .perform(job)
      .then(({ result }) => resolve(result), reject)
      .finally(() => this.#next());
  }

  /** One that is ended before its turn is answered at once; the running one answers by itself. */
  #leave(turn: Turn): void {
    const index = this.#waiting.indexOf(turn);
    if (index < 0) return;
    this.#waiting.splice(index, 1);
    turn.resolve(neverStarted(turn.job, this.#options.clock.now()));
  }
}

function createJob(request: InvestigationRequest, { id, followUps, signal }: JobOptions): Job {
  const ending = new AbortController();
  const end = (reason: Error): void => ending.abort(reason);
  const gaveUp = (): void => end(fail('run_cancelled', { detail: ': its caller gave up' }));
  if (signal?.aborted) gaveUp();
  signal?.addEventListener('abort', gaveUp, { once: true });
  return { id, request, followUps, signal: ending.signal, end };
}

/** The answer of one that was cancelled before its turn. */
const neverStarted = ({ id, request, signal }: Job, nowMs: number): InvestigationResult => ({
  schema: 'nodelens.investigation/1',
  id,
  status: 'cancelled',
  reason: request.reason,
  insights: [],
  notifications: [],
  operators: [],
  usage: { model: 'none', calls: 0, inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 },
  startedAt: new Date(nowMs).toISOString(),
  durationMs: 0,
  error: toWire(signal.reason),
});
