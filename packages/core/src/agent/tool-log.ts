// Tells of each tool call how long it took, whichever loop makes it. The clock is the loop's, so that tests own it.
import type { Clock } from '../actor/clock.ts';
import type { ContinuousEvent } from '../telemetry/continuous-events.ts';
import { answerCall, type Tool, type ToolContext } from './tool.ts';
import type { ToolCall, ToolResult } from './transcript.ts';

export type ToolCalled = Extract<ContinuousEvent, { type: 'tool.called' }>;

export interface ToolLog extends Pick<ToolCalled, 'investigationId' | 'caller'> {
  readonly clock: Clock;
  readonly emit: (event: ToolCalled) => void;
}

/** Models make up names; this is the longest of them that is told. */
const NAME_CHARS = 64;

/** Answers calls as {@link answerCall} does, and tells of them. */
export function answering(
  tools: readonly Tool[],
  log: ToolLog | undefined,
): (call: ToolCall, context: ToolContext) => Promise<ToolResult> {
  if (log === undefined) return (call, context) => answerCall(tools, call, context);
  const { clock, emit, investigationId, caller } = log;
  const elapsed = (): number => clock.elapsed?.() ?? clock.now();
  return async (call, context) => {
    const startedAtMs = clock.now();
    const from = elapsed();
    const result = await answerCall(tools, call, context);
    const durationMs = Math.round((elapsed() - from) * 1_000) / 1_000;
    const { isError } = result;
    const tool = call.name.slice(0, NAME_CHARS);
    emit({ type: 'tool.called', investigationId, caller, tool, durationMs, startedAtMs, isError });
    return result;
  };
}
