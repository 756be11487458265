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
  type Notification,
  type ToolCall,
} from '@nodelens/core';
import { createTriageModel } from '@nodelens/core/triage';
import { builtinChecks } from '@nodelens/skills-builtin/checks';
import type { Conversation } from './messages-wire.ts';

/** A model does not know its deadline; it behaves as if it had this long, in ms. */
const PATIENCE_MS = 30_000;
/** After these calls what the coordinator knew of its operators is out of date. */
const CHANGING: ReadonlySet<string> = new Set([
  'invoke_operators',
  'wait',
  'produce_insight',
  'update_notification_statuses',
]);

type Operators = CoordinatorBriefing['operators'];

const thinker = createTriageModel();

export async function answerAs(conversation: Conversation, startedMs: number): Promise<ModelResponse> {
  const { system, messages, tools } = conversation;
  const remainingMs = Math.max(0, PATIENCE_MS - (Date.now() - startedMs));
  const isCoordinator = tools.some(({ name }) => name === 'invoke_operators');
  if (isCoordinator && isOutOfDate(messages)) return look(messages.length);
  const briefing = isCoordinator
    ? coordinatorBriefing(conversation, remainingMs)
    : operatorBriefing(messages, remainingMs);
  return thinker.generate({ system, messages, tools, briefing }, { signal: new AbortController().signal });
}

/** Before it decides, the coordinator asks how its operators are and what they reported. */
function isOutOfDate(messages: readonly Message[]): boolean {
  const names = answeredCalls(messages).map(({ call }) => call.name);
  const asked = names.lastIndexOf('get_notifications');
  return asked < 0 || names.slice(asked).some((name) => CHANGING.has(name));
}

const look = (turn: number): ModelResponse => ({
  text: 'Looking at what was reported.',
  toolCalls: ['get_operator_statuses', 'get_notifications'].map(
    (name): ToolCall => ({ id: `look-${turn}-${name}`, name, arguments: {} }),
  ),
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
  const last = (name: string): JsonValue | undefined =>
    answeredCalls(messages).findLast(({ call }) => call.name === name)?.result.content;
  const statuses = (last('get_operator_statuses') ?? {}) as Readonly<Record<string, readonly JsonObject[]>>;
  const names = (some: readonly JsonObject[] = []): readonly string[] =>
    some.map(({ operator }) => String(operator));
  return {
    role: 'coordinator',
    reason: reasonIn(messages),
    operators: operatorsIn(system),
    notifications: notificationsIn(last('get_notifications')),
    insights: [],
    running: names(statuses.running),
    finished: names(statuses.finished),
    remainingMs,
  };
}

/** `- name: description`, a line each. */
const operatorsIn = (system: string): Operators =>
  [...system.matchAll(/^- ([\w-]+): (.*)$/gm)].map(([, name = '', description = '']) => ({
    name,
    skill: descriptorOf(name, description),
  }));

function reasonIn(messages: readonly Message[]): string {
  const [first] = messages;
  return first?.role === 'user' ? (/^Reason: (.*)$/m.exec(first.text)?.[1] ?? '') : '';
}

function notificationsIn(told: JsonValue | undefined): CoordinatorBriefing['notifications'] {
  const rows = (Array.isArray(told) ? told : []) as unknown as readonly (Notification & {
    readonly status: 'unread' | 'acknowledged' | 'resolved';
    readonly snapshotIds: readonly string[];
  })[];
  return rows.map(({ snapshotIds, ...row }) => ({
    ...row,
    snapshots: snapshotIds.map((id) => ({ id, skill: row.operator, capturedAt: row.detectedAt, data: {} })),
  }));
}
