// The skill `supervision` on the recorder thread: what the probe told of workers and children, beside what the kernel
// shows of them.
import type { JsonObject, ProbeFeed, RecorderContext, Skill } from '@nodelens/core';
import { createTextReader } from '../system/text-reader.ts';
import { supervisionCallbacks } from './callbacks.ts';
import { createKernel } from './kernel.ts';
import { supervisionChecks, supervisionKeywords, supervisionPrompt } from './knowledge.ts';
import { keepLives } from './lives.ts';
import { watchSilentThreads } from './silent-threads.ts';
import { snapshotOf } from './snapshot.ts';
import type { Sources } from './sources.ts';
import { watchKernel } from './watch.ts';

/** @param options `root`: folder that holds the machine's `proc`; default `/` */
export function createSupervisionSkill(
  context: RecorderContext,
  options: JsonObject,
  feed: ProbeFeed,
): Skill {
  const root = typeof options.root === 'string' ? options.root : '/';
  const reader = createTextReader(root);
  const kernel = createKernel(reader, context.pid);
  const lives = keepLives(feed);
  const hasWorkers = (): boolean => lives.alive().some(({ kind }) => kind === 'worker');
  const sources: Sources = {
    root,
    context,
    feed,
    lives,
    watch: watchKernel(kernel, context),
    silent: watchSilentThreads(kernel, hasWorkers, context),
  };
  return {
    id: 'supervision',
    title: 'Workers and child processes',
    description:
      'Worker threads, cluster workers and child processes: restarts, crash loops, exit codes with reasons, workers out of memory, busy workers, zombies, children that pile up; names the file, the error and the code that starts them',
    systemPrompt: supervisionPrompt,
    keywords: supervisionKeywords,
    snapshot: () => snapshotOf(sources),
    callbacks: supervisionCallbacks(sources),
    checks: supervisionChecks,
  };
}
