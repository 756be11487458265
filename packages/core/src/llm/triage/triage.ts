// The embedded model: deterministic, without network or cost. It drives the same loops and tools as a language
// model, from the request's briefing and transcript alone, and keeps nothing between calls.

import { cancelled, untilAborted } from '../../agent/abort.ts';
import type { ToolCall } from '../../agent/transcript.ts';
import { fail } from '../../errors.ts';
import { type Model, type ModelRequest, type ModelResponse, noUsage } from '../model.ts';
import { coordinatorTurn } from './coordinator.ts';
import { operatorTurn } from './operator.ts';
import { recap } from './recap.ts';
import type { Turn } from './turn.ts';

/** The factory behind the reference `triage()`. A request without a briefing fails with `model_failed`. */
export function createTriageModel(): Model {
  return {
    name: 'triage',
    async generate(request, { signal }) {
      if (signal.aborted) throw cancelled(signal);
      return responseOf(await untilAborted(decide(request), signal), request.messages.length);
    },
  };
}

/** Without tools it is a question about the run (`message_operator`), not a turn of it. */
async function decide({ briefing, messages, tools }: ModelRequest): Promise<Turn> {
  if (tools.length === 0) return { text: recap(messages), calls: [] };
  if (briefing === undefined)
    throw fail('model_failed', {
      model: 'triage',
      reason: 'it works from the typed briefing of an operator or a coordinator, and the request has none.',
    });
  return briefing.role === 'operator'
    ? operatorTurn(briefing, messages)
    : coordinatorTurn(briefing, messages);
}

/** Ids are unique in a transcript, because it grows by every answer. */
function responseOf({ text, calls }: Turn, turn: number): ModelResponse {
  const toolCalls = calls.map((call, index): ToolCall => ({ id: `triage-${turn}-${index}`, ...call }));
  return { text, toolCalls, stopReason: calls.length > 0 ? 'tool_use' : 'end', usage: noUsage };
}
