// The probe `runtime` on main. Nothing of it runs by itself: it answers what the recorder asks for during a stall, or
// when somebody looks at libuv's threads.
import type { JsonValue, Probe } from '@nodelens/core';
import { createWorkWatch } from '../threadpool/work-watch.ts';
import { markTurns } from './turn-markers.ts';

/**
 * Answers `{ of: 'turns' }` as turn-markers.ts, and what the threadpool is given: `{ of: 'watch-work', windowMs }` begins
 * to watch, `{ of: 'work' }` ends it and tells, `{ of: 'threadpool' }` tells what is not done and how many threads there are.
 */
export const watchRuntime: Probe = ({ numbers, answer }) => {
  const work = createWorkWatch();
  answer((question): JsonValue => {
    if (question.of === 'turns') return markTurns(numbers);
    return work.answer(question);
  });
  return work.stop;
};
