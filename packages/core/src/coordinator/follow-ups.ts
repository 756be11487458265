// Investigations that a model scheduled for later: one at a time, a bounded chain, and dropped when somebody asks for
// an investigation before.
import type { Clock } from '../actor/clock.ts';
import { randomId } from '../ids.ts';
import type { FollowUp } from './desk.ts';
import type { InvestigationQueue, Job } from './queue.ts';

/** Follow-ups in a row that no asker came between. */
const MAX_CHAIN = 3;

export interface FollowUps {
  isAllowedAfter(job: Job): boolean;
  /** With the options of the job that scheduled it; replaces one that waits. Nobody is answered: it is seen by events. */
  arm(job: Job, followUp: FollowUp): void;
  cancel(): void;
}

export function createFollowUps(clock: Clock, queue: InvestigationQueue): FollowUps {
  let disarm = (): void => {};
  return {
    isAllowedAfter: (job) => job.followUps < MAX_CHAIN,
    arm: ({ request, followUps }, { ms, reason }) => {
      disarm();
      // Somebody asked while that job ran.
      if (queue.waiting > 0) return;
      const { id: _, strategy, ...rest } = request;
      // A function of its caller's ends with the caller's run; the system's strategy takes over.
      const options = strategy?.kind === 'live-strategy' ? rest : { ...rest, ...(strategy && { strategy }) };
      disarm = clock.after(ms, () => {
        if (!queue.isIdle) return;
        void queue.add({ ...options, reason }, { id: randomId(), followUps: followUps + 1 });
      });
    },
    cancel: () => disarm(),
  };
}
