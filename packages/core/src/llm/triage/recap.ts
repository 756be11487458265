// Triage's answer to a question about its run: what the transcript says, without interpretation.
import type { Transcript } from '../../agent/transcript.ts';
import { roundOf, succeeded } from './turn.ts';

/** State and findings of the latest round in a few lines. */
export function recap(messages: Transcript): string {
  const { now, before } = roundOf(messages);
  const answered = now.length > 0 ? now : before;
  const state = succeeded(answered, 'set_state').at(-1)?.call.arguments;
  const sent = succeeded(answered, 'send_notification').map(({ call }) => call.arguments);
  const insights = succeeded(answered, 'produce_insight').map(({ call }) => call.arguments);
  const lines = [
    ...(state === undefined ? [] : [`State: ${state.state}. ${state.reason}`]),
    ...sent.map(({ severity, type, observation }) => `${severity} ${type}: ${observation}`),
    ...insights.map(({ confidence, summary }) => `Insight (${confidence}): ${summary}`),
  ];
  return lines.length > 0 ? lines.join('\n') : 'Nothing has been found so far.';
}
