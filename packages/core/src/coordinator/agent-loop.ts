// The default strategy: the agent loop with the coordinator's tools, from the beginning or from where another one
// could not go on.
import {
  iterationsReached,
  type LoopEnd,
  runLoop,
  type Step,
  toolSucceeded,
  userMessage,
} from '../agent/loop.ts';
import type { Transcript } from '../agent/transcript.ts';
import type { CoordinatorBriefing } from '../llm/briefing.ts';
import { type CoordinatorDesk, coordinatorToolLog } from './desk.ts';
import { coordinatorPrompt, openingText } from './prompt.ts';
import type { Strategy, StrategyInput } from './strategy.ts';
import { coordinatorTools } from './tools.ts';

/** What an investigation's summary must keep. */
export const KEEP =
  'notification ids with their statuses, correlations found, insights with their reasoning, what is still to be analysed.';

export const leadByLoop: Strategy = (desk, input) => continueByLoop(desk, input, openingOf(desk, input));

/** The same from a conversation that has begun, with the iterations that are left in `input.limits`. */
export function continueByLoop(
  desk: CoordinatorDesk,
  input: StrategyInput,
  opening: Transcript,
): AsyncGenerator<Step, LoopEnd, undefined> {
  const { model, limits, signal } = input;
  const finished = toolSucceeded('done', 'schedule');
  return runLoop({
    model,
    ...coordinatorPrompt(desk.operators),
    opening,
    tools: coordinatorTools(desk),
    toolLog: coordinatorToolLog(desk),
    stopWhen: [
      // A turn may call done and then start an operator: that one is waited for.
      { name: 'done', met: (steps) => finished.met(steps) && desk.state().running.length === 0 },
      iterationsReached(limits.maxIterations),
    ],
    compaction: { atTokens: limits.compactAtTokens, keepLast: limits.compactKeepLast, keep: KEEP },
    signal,
    beforeTurn: () => {
      const { news } = desk.state();
      if (news.length > 0) desk.apply({ type: 'news.told' });
      return { briefing: briefingOf(desk, input), ...(news.length > 0 && { news: news.join('\n') }) };
    },
  });
}

export function openingOf(desk: CoordinatorDesk, { request, deadlineMs }: StrategyInput): Transcript {
  const timeLimitMs = Math.max(0, deadlineMs - desk.clock.now());
  return [userMessage(openingText(request.reason, timeLimitMs, request.context))];
}

/** What `triage` leads by. */
export function briefingOf(
  desk: CoordinatorDesk,
  { request, deadlineMs }: StrategyInput,
): CoordinatorBriefing {
  const { entries, insights, running, finished } = desk.state();
  return {
    role: 'coordinator',
    reason: request.reason,
    operators: desk.operators.map(({ name, skill }) => ({ name, skill })),
    notifications: entries.map(({ notification, status }) => ({ ...notification, status })),
    insights,
    running: running.map((operator) => operator.name),
    finished: [...new Set(finished.map((result) => result.operator))],
    remainingMs: Math.max(0, deadlineMs - desk.clock.now()),
  };
}
