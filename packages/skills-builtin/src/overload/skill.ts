// The skill `overload` on the recorder thread: keeps the history of all queues, and tells what it knows of them.
import type { JsonObject, ProbeFeed, RecorderContext, Skill } from '@nodelens/core';
import { overloadCallbacks } from './callbacks.ts';
import { overloadChecks, overloadKeywords, overloadPrompt } from './knowledge.ts';
import { watchQueues } from './queues.ts';
import { snapshotOf } from './snapshot.ts';

/** @param options `root`: folder that holds the machine's `proc`; default `/` */
export function createOverloadSkill(
  context: RecorderContext,
  options: JsonObject,
  requests: ProbeFeed,
  main: ProbeFeed,
): Skill {
  const root = typeof options.root === 'string' ? options.root : '/';
  const queues = watchQueues({ context, requests, main, root });
  return {
    id: 'overload',
    title: 'Queues and overload',
    description:
      'Where work waits: event loop, accept queues, sockets, requests in flight, connection pools, threadpool; bottleneck, what rose first, time to saturation; tells too much load from a service that became slower',
    systemPrompt: overloadPrompt,
    keywords: overloadKeywords,
    snapshot: () => snapshotOf(queues),
    callbacks: overloadCallbacks(queues),
    checks: overloadChecks,
  };
}
