// The probe `workers` on main: worker threads, child processes and cluster workers from their start to their end, with
// the app's frame that started them. Cost where one starts or ends, and 0.1 us for each message to a worker.
import type { JsonObject, Probe } from '@nodelens/core';
import { undoable } from '../undo-stack.ts';
import { watchChildren } from './children.ts';
import { watchOwnEvents } from './own-events.ts';
import { createStarter } from './starters.ts';
import { watchThreads } from './threads.ts';

/**
 * Events: see threads.ts, children.ts and own-events.ts. Answers `{ of: 'workers' }` with the living threads: their
 * loop since the last question (by anybody), and as totals; with `measure: true` their CPU and heap too, as they stood
 * at the question before. Answers `{ of: 'children' }` with the living child processes and cluster workers, and
 * `{ of: 'profile', id, step: 'begin' | 'take' }` as worker-profile.ts, `{ of: 'stacks', … }` with the same as
 * worker-stacks.ts, `{ of: 'posts', id, withinMs }` as posts.ts.
 */
export const watchWorkers: Probe = (port) => {
  let lastId = 0;
  const nextId = (): number => {
    lastId += 1;
    return lastId;
  };
  return undoable((keep) => {
    const starter = createStarter();
    const threads = watchThreads(port, nextId, starter);
    keep(threads.stop);
    const children = watchChildren(port, nextId, starter);
    keep(children.stop);
    keep(watchOwnEvents(port));
    port.answer(({ of, measure, id, step, withinMs }: JsonObject) => {
      if (of === 'workers') return threads.living(measure === true);
      if (of === 'children') return children.living();
      if (of === 'posts') return threads.posts(Number(id), Number(withinMs));
      if (of !== 'profile' && of !== 'stacks') return null;
      return threads[of](Number(id), step === 'begin' ? 'begin' : 'take');
    });
  });
};
