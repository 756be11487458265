// Runs one situation against a model and tells what the model did: whole runs with the real loops and tools, or one
// turn of a conversation that is given.
import { systemClock } from '../../src/actor/clock.ts';
import { iterationsReached, type LoopEnd, runLoop, type Step } from '../../src/agent/loop.ts';
import { answer, createTool, type Tool, type ToolAnswer } from '../../src/agent/tool.ts';
import type { Message, ToolCall } from '../../src/agent/transcript.ts';
import { leadByLoop } from '../../src/coordinator/agent-loop.ts';
import { createDesk, type Leaving } from '../../src/coordinator/create-desk.ts';
import type { CoordinatorDesk } from '../../src/coordinator/desk.ts';
import type { Insight } from '../../src/coordinator/insight.ts';
import { leadByPipeline } from '../../src/coordinator/pipeline.ts';
import { pipelinePrompt } from '../../src/coordinator/pipeline-prompt.ts';
import { coordinatorPrompt } from '../../src/coordinator/prompt.ts';
import { defaultCoordinatorLimits } from '../../src/coordinator/spec.ts';
import type { Strategy } from '../../src/coordinator/strategy.ts';
import { coordinatorTools } from '../../src/coordinator/tools.ts';
import { fromWire } from '../../src/errors.ts';
import type { JsonObject } from '../../src/json.ts';
import type { Model, SystemPrompt } from '../../src/llm/model.ts';
import { withAttempts } from '../../src/llm/retry.ts';
import type { Notification } from '../../src/operator/notification.ts';
import { operatorPrompt } from '../../src/operator/prompt.ts';
import { type OperatorDesk, operatorTools } from '../../src/operator/tools.ts';
import type { Skill } from '../../src/skill.ts';
import { createSkillHost } from '../../src/skill-host.ts';
import { createWorld, investigationId, live } from '../operator/world.ts';
import { harmlessAnswer, type Past } from './harmless.ts';

export interface Trajectory {
  /** Names of all tools that were called, in order. */
  readonly tools: readonly string[];
  /** Those that were accepted. */
  readonly notifications: readonly Notification[];
  readonly insights: readonly Insight[];
  readonly answer?: string;
}

const TIMEOUT_MS = 120_000;
const MAX_ITERATIONS = 12;
const MAX_ATTEMPTS = 3;
/** In which a single turn may be preceded by harmless ones. */
const MAX_TURNS = 4;

const patient = (model: Model): Model => withAttempts(model, { attempts: MAX_ATTEMPTS, clock: systemClock });

/** An operator's whole run in that situation. @throws NodelensError What its model failed with. */
export async function operatorRun(model: Model, skill: Skill): Promise<Trajectory> {
  const world = createWorld(model, [skill]);
  const limits = { maxIterations: MAX_ITERATIONS };
  const result = await world.run({ limits, timeoutMs: TIMEOUT_MS, context: { reason: 'a routine look' } });
  if (result.status === 'failed' && result.error !== undefined) throw fromWire(result.error);
  const tools = world.events.flatMap((event) => (event.type === 'operator.step' ? event.tools : []));
  return { tools, notifications: result.notifications, insights: [] };
}

export interface Situation {
  readonly reason: string;
  /** What was reported before the model is asked. */
  readonly reported: readonly Notification[];
  /** Skills of the operators that may be invoked. Default: none. */
  readonly skills?: readonly Skill[];
}

/**
 * A coordinator's whole run with notifications that are there already.
 * @throws NodelensError What its model failed with.
 */
export const coordinatorRun = (model: Model, situation: Situation): Promise<Trajectory> =>
  lead(leadByLoop, model, situation);

/** The answer of the pipeline to a question, from operators that it may invoke. */
export const pipelineRun = (model: Model, reason: string, skills: readonly Skill[]): Promise<Trajectory> =>
  lead(leadByPipeline, model, { reason, reported: [], skills });

async function lead(strategy: Strategy, asked: Model, situation: Situation): Promise<Trajectory> {
  const model = patient(asked);
  const { signal } = new AbortController();
  const request = { reason: situation.reason };
  const limits = { ...defaultCoordinatorLimits, maxIterations: MAX_ITERATIONS };
  const leaving: Leaving = {};
  const desk = deskOf(asked, situation, leaving);
  const deadlineMs = systemClock.now() + TIMEOUT_MS;
  const calls = await callsOf(strategy(desk, { request, model, limits, deadlineMs, signal }));
  await desk.fleet.settled();
  const { insights } = desk.state();
  const tools = calls.map(({ name }) => name);
  return { tools, notifications: [], insights, ...(leaving.answer && { answer: leaving.answer }) };
}

/** All calls of a loop. @throws What it failed with. */
async function callsOf(steps: AsyncGenerator<Step, LoopEnd, undefined>): Promise<readonly ToolCall[]> {
  const calls: ToolCall[] = [];
  for (;;) {
    const next = await steps.next();
    if (!next.done) calls.push(...next.value.calls);
    else if (next.value.kind === 'failed') throw next.value.error;
    else return calls;
  }
}

function deskOf(
  model: Model,
  { reason, reported, skills = [] }: Situation,
  leaving: Leaving,
): CoordinatorDesk {
  const world = createWorld(model, skills);
  const options = {
    id: investigationId,
    request: { reason },
    operators: skills.map(({ id }) => world.spec({ name: id, model: live(model) })),
    limits: defaultCoordinatorLimits,
    model: async () => model,
    modelName: model.name,
    strategy: async () => leadByLoop,
    host: world.host,
    keeper: { keep: async () => undefined, keepLater: () => undefined },
    clock: systemClock,
    timeoutMs: TIMEOUT_MS,
    canSchedule: true,
    signal: new AbortController().signal,
    emit: () => undefined,
    onProgress: () => undefined,
  };
  const desk = createDesk(options, systemClock.now() + TIMEOUT_MS, leaving);
  for (const notification of reported) desk.apply({ type: 'notification.received', notification });
  desk.apply({ type: 'news.told' });
  return desk;
}

export interface Asked {
  readonly model: Model;
  /** The first message. */
  readonly opening: string;
  readonly past: readonly Past[];
  /** Whether it is among the calls of a turn what the model was to do next. */
  readonly isNext: (calls: readonly ToolCall[]) => boolean;
}

/** What an operator calls until it calls what `isNext`, or what is not harmless. */
export const operatorTurn = (asked: Asked, skill: Skill): Promise<readonly ToolCall[]> =>
  turns(asked, operatorPrompt(createSkillHost([skill]).descriptor(skill.id)), operatorTools(noOperator));

/** The same of a coordinator that may invoke operators of these skills. */
export const coordinatorTurn = (asked: Asked, skills: readonly Skill[]): Promise<readonly ToolCall[]> =>
  turns(asked, coordinatorPrompt(specsOf(skills)), coordinatorTools(noDesk));

/** The same in the pipeline. */
export const pipelineTurn = (asked: Asked, skills: readonly Skill[]): Promise<readonly ToolCall[]> =>
  turns(asked, pipelinePrompt(specsOf(skills)), coordinatorTools(noDesk));

/** The tools are only described; nothing calls them. */
const noOperator = { spec: {} } as unknown as OperatorDesk;
const noDesk = {} as unknown as CoordinatorDesk;

function specsOf(skills: readonly Skill[]): Parameters<typeof coordinatorPrompt>[0] {
  const world = createSkillHost(skills);
  return skills.map(({ id }) => ({ name: id, skill: world.descriptor(id) })) as unknown as Parameters<
    typeof coordinatorPrompt
  >[0];
}

function turns(
  { model, opening, past, isNext }: Asked,
  prompt: SystemPrompt,
  tools: readonly Tool[],
): Promise<readonly ToolCall[]> {
  let isDecided = false;
  const harmless = ({ name, params, spec: { description, inputSchema } }: Tool): Tool => {
    const run = (args: object): ToolAnswer => {
      const content = harmlessAnswer(name, args as JsonObject, past);
      isDecided ||= content === undefined;
      return answer(content ?? {});
    };
    return createTool({ name, description, params, run }, inputSchema);
  };
  const decided = {
    name: 'decided',
    met: (steps: readonly Step[]) => isDecided || isNext(steps.flatMap(({ calls }) => calls)),
  };
  const loop = runLoop({
    model: patient(model),
    ...prompt,
    opening: [{ role: 'user', text: opening }, ...past.flatMap(told)],
    tools: tools.map(harmless),
    stopWhen: [decided, iterationsReached(MAX_TURNS)],
    compaction: { atTokens: Number.POSITIVE_INFINITY, keepLast: 1, keep: '' },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return callsOf(loop);
}

function told([name, args, content]: Past, index: number): readonly Message[] {
  const id = `past-${index}`;
  return [
    { role: 'assistant', text: '', toolCalls: [{ id, name, arguments: args }] },
    { role: 'tool', results: [{ callId: id, name, content, isError: false }] },
  ];
}
