// The skill `handles` on the recorder thread: descriptors and connections from /proc, without main; what only main
// knows through the probe.
import type { JsonObject, ProbeFeed, RecorderContext, Skill } from '@nodelens/core';
import { handlesCallbacks } from './callbacks.ts';
import { createDescriptorHistory } from './history.ts';
import { handlesChecks, handlesKeywords, handlesPrompt } from './knowledge.ts';
import { createMainHistory } from './main-counts.ts';
import { createSocketReader } from './main-sockets.ts';
import { createProcReader } from './proc-reader.ts';
import { snapshotOf } from './snapshot.ts';
import type { Sources } from './sources.ts';

/** @param options `proc`: folder of the process in /proc; default `/proc/self` */
export function createHandlesSkill(context: RecorderContext, options: JsonObject, feed: ProbeFeed): Skill {
  const reader = createProcReader(typeof options.proc === 'string' ? options.proc : undefined);
  const descriptors = createDescriptorHistory(reader, context.now);
  const main = createMainHistory(feed, context.now);
  const sources: Sources = { context, feed, reader, descriptors, main };
  const sockets = createSocketReader(feed, context.now);
  const tick = (isAtRest = false): void => {
    descriptors.tick();
    main.tick(isAtRest);
  };
  tick();
  context.everySecond(tick);
  return {
    id: 'handles',
    title: 'Open handles',
    description:
      'What the process holds open: files by path, sockets by peer and state, timers, children; what of it leaks, who opens it, how near the limit of descriptors is and when it is met, writes that a slow reader lets pile up',
    systemPrompt: handlesPrompt,
    keywords: handlesKeywords,
    snapshot: () => snapshotOf(sources, sockets),
    callbacks: handlesCallbacks(sources, sockets),
    checks: handlesChecks,
    // A file that stays open is as old as the process; the other is how old these figures are.
    metrics: { oldestFileMs: 'none', mainAnsweredAgoMs: 'none' },
  };
}
