// Triage's answer to a question about a run: what its conversation (or the log of it) says, without interpretation.
import { renderTranscript, type Transcript } from '../../agent/transcript.ts';
import type { JsonObject } from '../../json.ts';

/** Latest state, notifications and insights in a few lines. */
export function recap(messages: Transcript): string {
  // A running operator is asked with its log as text, so both come as the same lines.
  const calls = renderTranscript(messages).split('\n').flatMap(callIn);
  const of = (name: string): readonly JsonObject[] =>
    calls.filter((call) => call.name === name).map((call) => call.args);
  const lines = [
    ...of('set_state')
      .slice(-1)
      .map(({ state, reason }) => `State: ${state}. ${reason}`),
    ...of('send_notification').map(
      ({ severity, type, observation }) => `${severity} ${type}: ${observation}`,
    ),
    ...of('produce_insight').map(({ confidence, summary }) => `Insight (${confidence}): ${summary}`),
  ];
  return lines.length > 0 ? lines.join('\n') : 'Nothing has been found so far.';
}

function callIn(line: string): readonly { name: string; args: JsonObject }[] {
  const [, name, json] = /^CALL (\w+) (\{.*\})$/.exec(line) ?? [];
  if (name === undefined || json === undefined) return [];
  try {
    return [{ name, args: JSON.parse(json) as JsonObject }];
  } catch {
    // A text of the application that looks like a call.
    return [];
  }
}
