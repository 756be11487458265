// The skill `http` on the recorder thread: what the probe tells, kept for an hour by route and by peer.
import type { JsonObject, ProbeFeed, RecorderContext, Skill } from '@nodelens/core';
import { httpCallbacks, type Sources } from './callbacks.ts';
import { keepCallers } from './callers.ts';
import { createCounters } from './counters.ts';
import { httpChecks, httpKeywords, httpPrompt } from './knowledge.ts';
import { keepLookups } from './lookups.ts';
import { keepRecords } from './records.ts';
import { snapshotOf } from './snapshot.ts';

/** @param options `root`: folder that holds the machine's `proc`; default `/` */
export function createHttpSkill(
  context: RecorderContext,
  options: JsonObject,
  feed: ProbeFeed,
  asking?: ProbeFeed,
): Skill {
  const now = (): number => context.now();
  const sources: Sources = {
    context,
    feed,
    counters: createCounters(feed, context),
    records: keepRecords(feed, now),
    callers: keepCallers(asking, context),
    lookups: keepLookups(asking, now),
    root: typeof options.root === 'string' ? options.root : '/',
  };
  return {
    id: 'http',
    title: 'HTTP',
    description:
      'HTTP served and asked for: rates, errors, latency by route and by peer, requests in flight, pools of connections; names slow or failing dependencies and routes',
    systemPrompt: httpPrompt,
    keywords: httpKeywords,
    snapshot: () => snapshotOf(sources),
    callbacks: httpCallbacks(sources),
    checks: httpChecks,
  };
}
