// Runs one situation against a model and tells what the model did: whole runs with the real loops and tools, or one
// turn of a conversation that is given.
import { systemClock } from '../../src/actor/clock.ts';
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
import type { JsonObject, JsonValue } from '../../src/json.ts';
import type { Model, SystemPrompt, ToolSpec } from '../../src/llm/model.ts';
import type { Notification } from '../../src/operator/notification.ts';
import { operatorPrompt } from '../../src/operator/prompt.ts';
import { type OperatorDesk, operatorTools } from '../../src/operator/tools.ts';
import type { Skill } from '../../src/skill.ts';
import { createSkillHost } from '../../src/skill-host.ts';
import { createWorld, investigationId, live } from '../operator/world.ts';

export interface Trajectory {
  /** Names of all tools that were called, in order. */
  readonly tools: readonly string[];
  readonly notifications: readonly Notification[];
  readonly insights: readonly Insight[];
  readonly answer?: string;
}

const TIMEOUT_MS = 120_000;
const MAX_ITERATIONS = 12;

/** An operator's whole run in that situation. */
export async function operatorRun(model: Model, skill: Skill): Promise<Trajectory> {
  const world = createWorld(model, [skill]);
  const limits = { maxIterations: MAX_ITERATIONS };
  const result = await world.run({ limits, timeoutMs: TIMEOUT_MS, context: { reason: 'a routine look' } });
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

/** A coordinator's whole run with notifications that are there already. */
export const coordinatorRun = (model: Model, situation: Situation): Promise<Trajectory> =>
  lead(leadByLoop, model, situation);

/** The answer of the pipeline to a question, from operators that it may invoke. */
export const pipelineRun = (model: Model, reason: string, skills: readonly Skill[]): Promise<Trajectory> =>
  lead(leadByPipeline, model, { reason, reported: [], skills });

async function lead(strategy: Strategy, model: Model, situation: Situation): Promise<Trajectory> {
  const { signal } = new AbortController();
  const request = { reason: situation.reason };
  const limits = { ...defaultCoordinatorLimits, maxIterations: MAX_ITERATIONS };
  const leaving: Leaving = {};
  const desk = deskOf(model, situation, leaving);
  const deadlineMs = systemClock.now() + TIMEOUT_MS;
  const tools: string[] = [];
  for await (const { calls } of strategy(desk, { request, model, limits, deadlineMs, signal }))
    tools.push(...calls.map(({ name }) => name));
  await desk.fleet.settled();
  const { insights } = desk.state();
  return { tools, notifications: [], insights, ...(leaving.answer && { answer: leaving.answer }) };
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

/** A call that was made before, with what it answered. */
export type Past = readonly [name: string, args: JsonObject, answer: JsonValue];

interface Asked {
  readonly model: Model;
  /** The first message. */
  readonly opening: string;
  readonly past: readonly Past[];
}

/** The next calls of an operator. */
export const operatorTurn = (asked: Asked, skill: Skill): Promise<readonly ToolCall[]> =>
  turn(
    asked,
    operatorPrompt(createSkillHost([skill]).descriptor(skill.id)),
    specs(operatorTools(noOperator)),
  );

/** The next calls of a coordinator that may invoke operators of these skills. */
export const coordinatorTurn = (asked: Asked, skills: readonly Skill[]): Promise<readonly ToolCall[]> =>
  turn(asked, coordinatorPrompt(specsOf(skills)), specs(coordinatorTools(noDesk)));

/** The first calls in the pipeline. */
export const pipelineTurn = (asked: Asked, skills: readonly Skill[]): Promise<readonly ToolCall[]> =>
  turn(asked, pipelinePrompt(specsOf(skills)), specs(coordinatorTools(noDesk)));

/** The tools are only described; nothing calls them. */
const noOperator = { spec: {} } as unknown as OperatorDesk;
const noDesk = {} as unknown as CoordinatorDesk;

const specs = (tools: readonly { readonly spec: ToolSpec }[]): readonly ToolSpec[] =>
  tools.map(({ spec }) => spec);

function specsOf(skills: readonly Skill[]): Parameters<typeof coordinatorPrompt>[0] {
  const world = createSkillHost(skills);
  return skills.map(({ id }) => ({ name: id, skill: world.descriptor(id) })) as unknown as Parameters<
    typeof coordinatorPrompt
  >[0];
}

async function turn(
  { model, opening, past }: Asked,
  prompt: SystemPrompt,
  tools: readonly ToolSpec[],
): Promise<readonly ToolCall[]> {
  const messages: Message[] = [{ role: 'user', text: opening }];
  for (const [index, [name, args, content]] of past.entries()) {
    const id = `past-${index}`;
    messages.push({ role: 'assistant', text: '', toolCalls: [{ id, name, arguments: args }] });
    messages.push({ role: 'tool', results: [{ callId: id, name, content, isError: false }] });
  }
  const { toolCalls } = await model.generate(
    { ...prompt, messages, tools },
    { signal: AbortSignal.timeout(TIMEOUT_MS) },
  );
  return toolCalls;
}
