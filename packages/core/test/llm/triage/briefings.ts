// Hand-made skills and notifications, and a loop that answers triage's tool calls by rule: what the policy tests
// stand on.
import type { Message, ToolCall, ToolResult } from '../../../src/agent/transcript.ts';
import type { JsonValue } from '../../../src/json.ts';
import type { Briefing } from '../../../src/llm/briefing.ts';
import type { ToolSpec } from '../../../src/llm/model.ts';
import { createTriageModel } from '../../../src/llm/triage/triage.ts';
import type { Notification } from '../../../src/operator/notification.ts';
import type { Subject } from '../../../src/skill.ts';
import type { SkillDescriptor } from '../../../src/skill-host.ts';

export const skillNamed = (id: string, changes: Partial<SkillDescriptor> = {}): SkillDescriptor => ({
  id,
  title: id,
  description: '',
  systemPrompt: '',
  callbacks: [],
  checks: [],
  keywords: [],
  host: 'recorder',
  ...changes,
});

let lastId = 0;

/** @param at seconds after the first moment */
export function notificationOf(changes: Partial<Notification> & { at?: number } = {}): Notification {
  const { at = 0, ...rest } = changes;
  const id = String(++lastId).padStart(16, '0');
  const operator = rest.operator ?? rest.type?.split('.')[0] ?? 'runtime';
  const snapshot = {
    id: `5${id.slice(1)}`,
    skill: operator,
    capturedAt: '2026-01-01T00:00:00.000Z',
    data: {},
  };
  return {
    id,
    investigationId: '00000000000000aa',
    operator,
    type: 'runtime.event_loop_blocked',
    severity: 'warning',
    context: 'The service is under load.',
    observation: `Observation ${id}.`,
    subjects: [],
    snapshots: [snapshot],
    detectedAt: new Date(Date.UTC(2026, 0, 1) + at * 1_000).toISOString(),
    process: { hostname: 'host', pid: 1 },
    ...rest,
  };
}

export const functionAt = (name: string, file?: string, line?: number): Subject => ({
  kind: 'function',
  name,
  ...(file !== undefined && { file }),
  ...(line !== undefined && { line }),
});

const tools: readonly ToolSpec[] = [{ name: 'done', description: '', inputSchema: { type: 'object' } }];

export interface Answer {
  readonly content: JsonValue;
  readonly isError?: boolean;
}

export interface Driven {
  readonly messages: readonly Message[];
  /** One list of tool names per turn. */
  readonly turns: readonly (readonly string[])[];
  readonly calls: readonly ToolCall[];
  argumentsOf(name: string): readonly ToolCall['arguments'][];
}

export interface Drive {
  readonly briefing: () => Briefing;
  readonly answer: (call: ToolCall) => Answer;
  readonly messages?: readonly Message[];
}

/** Runs triage until it calls `done` and that is accepted; throws after 25 turns, as the loop would. */
export async function drive({ briefing, answer, messages: start = [] }: Drive): Promise<Driven> {
  const model = createTriageModel();
  const messages: Message[] = [...start, { role: 'user', text: 'start' }];
  const turns: string[][] = [];
  const calls: ToolCall[] = [];
  const { signal } = new AbortController();
  for (let turn = 0; turn < 25; turn += 1) {
    const { text, toolCalls } = await model.generate(
      { system: '', messages, tools, briefing: briefing() },
      { signal },
    );
    const results = toolCalls.map((call): ToolResult => {
      const { content, isError = false } = answer(call);
      return { callId: call.id, name: call.name, content, isError };
    });
    messages.push({ role: 'assistant', text, toolCalls }, { role: 'tool', results });
    turns.push(toolCalls.map(({ name }) => name));
    calls.push(...toolCalls);
    if (results.some(({ name, isError }) => name === 'done' && !isError))
      return {
        messages,
        turns,
        calls,
        argumentsOf: (name) => calls.filter((one) => one.name === name).map((one) => one.arguments),
      };
  }
  throw new Error(`triage did not finish: ${JSON.stringify(turns)}`);
}
