// What stands in for a language model when the suite is to prove that the evidence can be reached through the tools
// alone: it reads what a model reads (prompt, transcript, tool results) and calls the tools that a model has. No
// briefing of the process reaches it; what it knows besides are the checks, as a model knows its prompt.
import {
  answeredCalls,
  type Briefing,
  type CoordinatorBriefing,
  type Finding,
  type JsonObject,
  type JsonValue,
  type Message,
  type ModelResponse,
  type ToolCall,
} from '@nodelens/core';
import { createTriageModel } from '@nodelens/core/triage';
import { builtinChecks } from '@nodelens/skills-builtin/checks';
import type { Conversation } from '../../mock-provider/messages-wire.ts';
import { asMeant, scriptsForLess } from './fewer-items.ts';
import { withForesight } from './foresight.ts';

/** Where the first message tells no time limit, in ms. */
const PATIENCE_MS = 30_000;
type Operators = CoordinatorBriefing['operators'];
type Answered = ReturnType<typeof answeredCalls>[number];

const thinker = createTriageModel();

export async function answerAs(conversation: Conversation, startedMs: number): Promise<ModelResponse> {
  const remainingMs = Math.max(0, timeLimitIn(conversation.messages) - (Date.now() - startedMs));
  const isCoordinator = conversation.tools.some(({ name }) => name === 'invoke_operators');
  return isCoordinator
    ? coordinatorAnswer(conversation, remainingMs)
    : operatorAnswer(conversation, remainingMs);
}

/** As a coordinator is told it, or an operator. */
function timeLimitIn(messages: readonly Message[]): number {
  const told = /^Time limit: (\d+) s$|"timeLimitSeconds":(\d+)/m.exec(openingOf(messages));
  return told === null ? PATIENCE_MS : Number(told[1] ?? told[2]) * 1_000;
}

const openingOf = ([first]: readonly Message[]): string => (first?.role === 'user' ? first.text : '');

async function operatorAnswer(
  { messages, ...rest }: Conversation,
  remainingMs: number,
): Promise<ModelResponse> {
  const scripts = scriptsForLess(messages);
  if (scripts.length > 0)
    return turnOf(
      'The result was cut; asking for less.',
      scripts.map((code) => callOf('execute', { code })),
    );
  const thought = await withForesight({ ...rest, messages: asMeant(messages) }, (known) =>
    think(known, operatorBriefing(known.messages, remainingMs)),
  );
  return { ...thought, text: briefly(thought.text) };
}

/**
 * It looks at what was reported before it decides, and in the same turn again after it has waited: a turn of its own
 * for each look would take half of the turns that an investigation has.
 */
async function coordinatorAnswer(conversation: Conversation, remainingMs: number): Promise<ModelResponse> {
  const look = callOf('get_notifications');
  const hasLooked = answeredCalls(conversation.messages).some(({ call }) => call.name === look.name);
  if (!hasLooked) return turnOf('Looking at what was reported.', [look]);
  const thought = await withForesight(conversation, (known) =>
    think(known, coordinatorBriefing(known, remainingMs)),
  );
  const hasWaited = thought.toolCalls.some(({ name }) => name === 'wait');
  const toolCalls = thought.toolCalls.map(withoutRepetition);
  return {
    ...thought,
    text: briefly(thought.text),
    toolCalls: hasWaited ? [...toolCalls, look] : toolCalls,
  };
}

const BRIEF_CHARS = 60;

/** A model that calls tools says little besides; what it found stands in their arguments. */
const briefly = (text: string): string => (text.length > BRIEF_CHARS ? 'Reporting it.' : text);

/** Without what is meant anyway: all observations are matched, the reason is the context. */
function withoutRepetition(call: ToolCall): ToolCall {
  const { matched_observations: _, context: __, ...rest } = call.arguments;
  return { ...call, arguments: rest };
}

const think = ({ system, messages, tools }: Conversation, briefing: Briefing): Promise<ModelResponse> =>
  thinker.generate({ system, messages, tools, briefing }, { signal: new AbortController().signal });

/** The server gives the call its id. */
const callOf = (name: string, args: JsonObject = {}): ToolCall => ({ id: '', name, arguments: args });

const turnOf = (text: string, toolCalls: readonly ToolCall[]): ModelResponse => ({
  text,
  toolCalls,
  stopReason: 'tool_use',
  usage: { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 },
});

function operatorBriefing(messages: readonly Message[], remainingMs: number): Briefing {
  const checks = builtinChecks[skillIn(messages)] ?? [];
  return {
    role: 'operator',
    skill: descriptorOf(skillIn(messages), ''),
    reason: '',
    remainingMs,
    knowledge: {
      check: async (snapshot, history) =>
        checks.flatMap(({ id, when, investigate, followUp }) => {
          const finding: Finding | undefined = when(snapshot, history);
          return finding === undefined
            ? []
            : [{ checkId: id, finding, investigate, ...(followUp !== undefined && { followUp }) }];
        }),
      conclude: async (id, evidence, finding) =>
        checks.find((check) => check.id === id)?.conclude(evidence, finding),
    },
  };
}

/** An operator learns from its snapshot what it watches. */
function skillIn(messages: readonly Message[]): string {
  const taken = answeredCalls(messages).find(({ call }) => call.name === 'take_snapshot');
  return String((taken?.result.content as JsonObject | undefined)?.skill ?? '');
}

const descriptorOf = (id: string, description: string): Operators[number]['skill'] => ({
  id,
  title: id,
  description,
  systemPrompt: '',
  callbacks: [],
  checks: (builtinChecks[id] ?? []).map(({ id: check, explains = [] }) => ({ id: check, explains })),
  keywords: [],
  host: 'recorder',
});

function coordinatorBriefing({ system, messages }: Conversation, remainingMs: number): Briefing {
  const answered = answeredCalls(messages).filter(({ result }) => !result.isError);
  const started = answered.flatMap(({ result }) => namesIn(result.content, 'started'));
  const running = runningAfter(answered.map(({ result }) => result.content));
  return {
    role: 'coordinator',
    reason: reasonIn(messages),
    operators: operatorsIn(system),
    notifications: notificationsIn(answered),
    insights: [],
    running,
    finished: started.filter((name) => !running.includes(name)),
    remainingMs,
  };
}

/** Who runs is told by each wait; who was started after it runs too. */
function runningAfter(contents: readonly JsonValue[]): readonly string[] {
  const told = contents.findLastIndex((content) => namesIn(content, 'running') !== NOBODY);
  const started = contents.slice(told + 1).flatMap((content) => namesIn(content, 'started'));
  return [...namesIn(contents[told], 'running'), ...started];
}

const NOBODY: readonly string[] = [];

function namesIn(content: JsonValue | undefined, key: 'running' | 'started'): readonly string[] {
  const names = (content as JsonObject | null | undefined)?.[key];
  return Array.isArray(names) ? (names as readonly string[]) : NOBODY;
}

/** `- name: description`, a line each. */
const operatorsIn = (system: string): Operators =>
  [...system.matchAll(/^- ([\w-]+): (.*)$/gm)].map(([, name = '', description = '']) => ({
    name,
    skill: descriptorOf(name, description),
  }));

const reasonIn = (messages: readonly Message[]): string =>
  /^Reason: (.*)$/m.exec(openingOf(messages))?.[1] ?? '';

type Row = Omit<CoordinatorBriefing['notifications'][number], 'snapshots'> & {
  readonly snapshotIds?: readonly string[];
};

/**
 * As they were told last, and resolved by what was done about them since; a resolved one is told in brief, so the rest
 * of it is what was told before.
 */
function notificationsIn(answered: readonly Answered[]): CoordinatorBriefing['notifications'] {
  const rows = new Map<string, Row>();
  for (const { call, result } of answered) {
    if (call.name === 'get_notifications' && Array.isArray(result.content))
      for (const row of result.content as unknown as readonly Row[])
        rows.set(row.id, { ...rows.get(row.id), ...row });
    for (const id of (call.arguments.notification_ids ?? []) as readonly string[]) {
      const row = rows.get(id);
      if (row !== undefined) rows.set(id, { ...row, status: 'resolved' });
    }
  }
  return [...rows.values()].map(({ snapshotIds = [], ...row }) => ({
    ...row,
    snapshots: snapshotIds.map((id) => ({ id, skill: row.operator, capturedAt: row.detectedAt, data: {} })),
  }));
}
