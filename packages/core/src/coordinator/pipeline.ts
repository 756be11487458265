// The strategy of two calls: the model chooses operators, they run in parallel, the model concludes from what they
// found. Where it does not manage, the agent loop goes on from there, so nothing that was gathered is lost.
import { untilAborted } from '../agent/abort.ts';
import {
  iterationsReached,
  type LoopEnd,
  runLoop,
  type Step,
  type StopCondition,
  toolSucceeded,
  userMessage,
} from '../agent/loop.ts';
import { refuse, type Tool } from '../agent/tool.ts';
import type { Transcript } from '../agent/transcript.ts';
import { briefingOf, continueByLoop, KEEP, openingOf } from './agent-loop.ts';
import { type CoordinatorDesk, coordinatorToolLog } from './desk.ts';
import { gatheredText, pipelinePrompt } from './pipeline-prompt.ts';
import type { Strategy, StrategyInput } from './strategy.ts';
import { coordinatorTools } from './tools.ts';

/** One answer, and one more after it was told what is wrong. */
const TRIES = 2;
const TOOLS: ReadonlySet<string> = new Set([
  'invoke_operators',
  'produce_insight',
  'update_notification_statuses',
  'done',
]);

/** Every call of the turn was accepted. */
const accepted: StopCondition = {
  name: 'accepted',
  met: (steps) => {
    const results = steps.at(-1)?.results ?? [];
    return results.length > 0 && results.every((result) => !result.isError);
  },
};

export const leadByPipeline: Strategy = async function* (desk, input) {
  const opening = openingOf(desk, input);
  const tools = coordinatorTools(desk).filter(({ name }) => TOOLS.has(name));
  const chosen = toolSucceeded('invoke_operators', 'done');
  const choice = yield* phase(desk, input, { opening, tools, until: chosen, before: 0 });
  if (choice.end.kind !== 'stopped') return choice.end;
  if (choice.end.by !== chosen.name) return yield* goOn(desk, input, choice);
  if (desk.state().finished.length + desk.state().running.length === 0) return choice.end;
  try {
    await untilAborted(desk.fleet.settled(), input.signal);
  } catch (error) {
    return { kind: 'aborted', error };
  }
  const gathered = [...choice.transcript, userMessage(gatheredText(desk.state()))];
  desk.apply({ type: 'news.told' });
  const conclusion = yield* phase(desk, input, {
    opening: gathered,
    tools: tools.map(closedToInvitations),
    until: accepted,
    before: choice.iterations,
  });
  if (conclusion.end.kind !== 'stopped') return conclusion.end;
  if (conclusion.end.by !== accepted.name) return yield* goOn(desk, input, conclusion);
  desk.answer(conclusion.text);
  return conclusion.end;
};

interface Phase {
  readonly opening: Transcript;
  readonly tools: readonly Tool[];
  readonly until: StopCondition;
  /** Iterations of earlier phases. */
  readonly before: number;
}

interface Phased {
  readonly end: LoopEnd;
  readonly transcript: Transcript;
  /** Of the last turn. */
  readonly text: string;
  /** All until now. */
  readonly iterations: number;
}

/** Turns until one is right; the loop itself tells the model what was wrong with it. */
async function* phase(
  desk: CoordinatorDesk,
  input: StrategyInput,
  { opening, tools, until, before }: Phase,
): AsyncGenerator<Step, Phased, undefined> {
  const { model, limits, signal } = input;
  const left = Math.min(TRIES, limits.maxIterations - before);
  const steps = runLoop({
    model,
    ...pipelinePrompt(desk.operators),
    opening,
    tools,
    toolLog: coordinatorToolLog(desk),
    stopWhen: [until, iterationsReached(left)],
    compaction: { atTokens: Number.POSITIVE_INFINITY, keepLast: limits.compactKeepLast, keep: KEEP },
    signal,
    beforeTurn: () => ({ briefing: phaseBriefing(desk, input) }),
  });
  return yield* counted(steps, { opening, before });
}

/** `triage` would ask further operators in the place of a conclusion: it is told of none but those that have run. */
function phaseBriefing(desk: CoordinatorDesk, input: StrategyInput): ReturnType<typeof briefingOf> {
  const briefing = briefingOf(desk, input);
  const { finished } = briefing;
  if (finished.length === 0) return briefing;
  return { ...briefing, operators: briefing.operators.filter(({ name }) => finished.includes(name)) };
}

async function* counted(
  steps: AsyncGenerator<Step, LoopEnd, undefined>,
  { opening, before }: Pick<Phase, 'opening' | 'before'>,
): AsyncGenerator<Step, Phased, undefined> {
  let last: Step | undefined;
  for (;;) {
    const next = await steps.next();
    const iterations = last?.iteration ?? before;
    if (next.done)
      return {
        end: next.value,
        transcript: last?.transcript ?? opening,
        text: last?.text ?? '',
        iterations,
      };
    last = { ...next.value, iteration: next.value.iteration + before };
    yield last;
  }
}

async function* goOn(
  desk: CoordinatorDesk,
  input: StrategyInput,
  { transcript, iterations }: Phased,
): AsyncGenerator<Step, LoopEnd, undefined> {
  const limits = { ...input.limits, maxIterations: input.limits.maxIterations - iterations };
  const opening = [...transcript, userMessage('The two steps did not work out. Go on as you see fit.')];
  const steps = continueByLoop(desk, { ...input, limits }, opening);
  const { end } = yield* counted(steps, { opening, before: iterations });
  return end;
}

/** The same tool to the provider, whose cache holds the list, but operators have had their turn. */
const closedToInvitations = (tool: Tool): Tool =>
  tool.name !== 'invoke_operators'
    ? tool
    : { ...tool, call: async () => refuse('All operators have ended. Conclude from what they found.') };
