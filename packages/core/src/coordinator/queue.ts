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

export interface Queue {
  /** @throws NodelensError `investigation_queue_full` */
  add(request: InvestigationRequest, options: JobOptions): Promise<InvestigationResult>;
  /** Of that id, or all, running and waiting. */
  cancel(why: string, id?: Id): void;
  isIdle(): boolean;
  waiting(): number;
  /** Resolves when nothing runs or waits. */
  settled(): Promise<void>;
}

interface Turn extends PromiseWithResolvers<InvestigationResult> {
  readonly job: Job;
}

export function createQueue({ perform, clock, maxQueued }: QueueOptions): Queue {
  const waiting: Turn[] = [];
  let running: Turn | undefined;
  let idle = Promise.withResolvers<void>();
  idle.resolve();

  const next = (): void => {
    running = waiting.shift();
    if (running === undefined) {
      idle.resolve();
      return;
    }
    const { job, resolve, reject } = running;
    void perform(job)
      .then(({ result }) => resolve(result), reject)
      .finally(next);
  };
  const leave = (turn: Turn): void => {
    const index = waiting.indexOf(turn);
    if (index < 0) return;
    waiting.splice(index, 1);
    turn.resolve(neverStarted(turn.job, clock.now()));
  };
  return {
    add: async (request, options) => {
      if (running !== undefined && waiting.length >= maxQueued)
        throw fail('investigation_queue_full', { queued: waiting.length });
      const turn = { job: createJob(request, options), ...Promise.withResolvers<InvestigationResult>() };
      waiting.push(turn);
      turn.job.signal.addEventListener('abort', () => leave(turn), { once: true });
      if (turn.job.signal.aborted) leave(turn);
      if (running === undefined && waiting.length > 0) {
        idle = Promise.withResolvers();
        next();
      }
      return turn.promise;
    },
    cancel: (why, id) => {
      const all = [...(running === undefined ? [] : [running]), ...waiting];
      for (const { job } of all)
        if (id === undefined || job.id === id) job.end(fail('run_cancelled', { detail: `: ${why}` }));
    },
    isIdle: () => running === undefined,
    waiting: () => waiting.length,
    settled: () => idle.promise,
  };
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
