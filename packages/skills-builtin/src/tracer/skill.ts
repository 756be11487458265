// The skill `tracer` on the recorder thread: nothing until it is asked.
import type { JsonObject, ProbeFeed, RecorderContext, Skill } from '@nodelens/core';
import { objectOf } from '../evidence.ts';
import { type Sources, statusOf, tracerCallbacks } from './callbacks.ts';
import { tracerKeywords, tracerPrompt } from './knowledge.ts';
import { createTraceLog } from './trace-log.ts';
import { Tracing } from './tracing.ts';

export function createTracerSkill(context: RecorderContext, _options: JsonObject, feed: ProbeFeed): Skill {
  const sources: Sources = {
    context,
    tracing: new Tracing(context, feed),
    log: createTraceLog(context.now),
  };
  return {
    id: 'tracer',
    title: 'Call tracer',
    description:
      'Traces the calls of one named function on request: calls per second, durations, shapes of arguments, callers, errors',
    systemPrompt: tracerPrompt,
    keywords: tracerKeywords,
    snapshot: () => snapshotOf(sources, feed),
    callbacks: tracerCallbacks(sources),
    checks: [],
  };
}

function snapshotOf(sources: Sources, feed: ProbeFeed): JsonObject {
  const [last] = sources.log.newest(1);
  const target = objectOf(last?.target);
  const durations = objectOf(last?.durations);
  return {
    ...statusOf(sources),
    lastTarget: last === undefined ? null : `${target.name} (${target.file}:${target.line})`,
    lastAgoMs: last === undefined ? null : sources.context.now() - Number(last.atMs),
    lastCallsPerSecond: last?.callsPerSecond ?? null,
    lastP99Ms: durations.p99Ms ?? null,
    lastIsRefused: last?.isRefused ?? null,
    unavailable: [
      ...(feed.failure === undefined ? [] : [`tracing: ${feed.failure}`]),
      ...sources.context.limitations
        .filter((reason) => reason.includes('no inspector session'))
        .map((reason) => `tracing: ${reason}`),
    ],
  };
}
