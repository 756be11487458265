// How an investigation is led. The default is the agent loop with the coordinator's tools; another strategy is
// another generator of steps over the same desk.
import {
  iterationsReached,
  type LoopEnd,
  runLoop,
  type Step,
  toolSucceeded,
  userMessage,
} from '../agent/loop.ts';
import type { CoordinatorBriefing } from '../llm/briefing.ts';
import type { Model } from '../llm/model.ts';
import { type CoordinatorDesk, coordinatorToolLog } from './desk.ts';
import { coordinatorPrompt, openingText } from './prompt.ts';
import type { CoordinatorLimits, InvestigationRequest } from './spec.ts';
import { coordinatorTools } from './tools.ts';

export interface StrategyInput {
  readonly request: InvestigationRequest;
  /** Counted, with attempts. */
  readonly model: Model;
  readonly limits: CoordinatorLimits;
  /** Wall-clock ms. */
  readonly deadlineMs: number;
  readonly signal: AbortSignal;
}

/** Never throws; how it ended is its return value. Operators may still run then. */
export type Strategy = (
  desk: CoordinatorDesk,
  input: StrategyInput,
) => AsyncGenerator<Step, LoopEnd, undefined>;

const KEEP =
  'notification ids with their statuses, correlations found, insights with their reasoning, what is still to be analysed.';

export const agentLoop: Strategy = (desk, input) => {
  const { request, model, limits, deadlineMs, signal } = input;
  const timeLimitMs = Math.max(0, deadlineMs - desk.clock.now());
  const finished = toolSucceeded('done', 'schedule');
  return runLoop({
    model,
    system: coordinatorPrompt(desk.operators),
    opening: [userMessage(openingText(request.reason, timeLimitMs, request.context))],
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
      return { briefing: briefing(desk, input), ...(news.length > 0 && { news: news.join('\n') }) };
    },
  });
};

function briefing(desk: CoordinatorDesk, { request, deadlineMs }: StrategyInput): CoordinatorBriefing {
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
