// Stands in for a language model where there is none: it does what its prompt tells, with the tools that it is given,
// and nothing else. A sentence that is missing in the prompt, or a parameter that a tool does not describe, is something
// that it does not know, and the eval that needs it fails.
import { answeredCalls, type Transcript } from '../../src/agent/transcript.ts';
import type { JsonObject } from '../../src/json.ts';
import type { Model, ModelRequest, ToolSpec } from '../../src/llm/model.ts';
import { noUsage } from '../../src/llm/model.ts';
import { coordinatorRules } from './coordinator-rules.ts';
import { operatorRules } from './operator-rules.ts';
import { type Call, call, type Rule, type View } from './rule.ts';

export const reader: Model = {
  name: 'reader',
  async generate(request) {
    const isCoordinator = request.tools.some(({ name }) => name === 'invoke_operators');
    const calls = nextCalls(isCoordinator ? coordinatorRules : operatorRules, request);
    const turn = request.messages.length;
    const toolCalls = calls.map((one, index) => ({ id: `reader-${turn}-${index}`, ...one }));
    return {
      text: isCoordinator ? conclusionOf(request) : '',
      toolCalls,
      stopReason: 'tool_use',
      usage: noUsage,
    };
  },
};

/** Where the prompt asks for an answer in words: what it was told by the operators. */
function conclusionOf({ system, messages }: ModelRequest): string {
  const told = messages.findLast((message) => message.role === 'user')?.text ?? '';
  const isAsked =
    /in the text of that turn the answer to the reason/.test(system) && told.startsWith('Step 2');
  return isAsked ? told.slice(told.indexOf('{')) : '';
}

function nextCalls(rules: readonly Rule[], request: ModelRequest): readonly Call[] {
  const view = viewOf(request);
  for (const { says, asks } of rules) {
    const known = view.says(says) ? asks(view).flatMap((wanted) => possible(wanted, request.tools)) : [];
    if (known.length > 0) return known;
  }
  return [call('done')];
}

function viewOf({ system, messages }: ModelRequest): View {
  const answered = answersIn(messages);
  const [first] = messages;
  return {
    system,
    opening: first?.role === 'user' ? first.text : '',
    answered,
    says: (sentence) => sentence.test(system),
    of: (tool) => answered.filter((one) => one.call.name === tool),
  };
}

const answersIn = (messages: Transcript): View['answered'] =>
  answeredCalls(messages)
    .filter(({ result }) => !result.isError)
    .map(({ call: asked, result }) => ({ call: asked, content: result.content }));

/** The call as far as the tools describe it: unknown tools are not called, unknown parameters not given. */
function possible(wanted: Call, tools: readonly ToolSpec[]): readonly Call[] {
  const tool = tools.find(({ name }) => name === wanted.name);
  if (tool === undefined) return [];
  const described = (tool.inputSchema.properties ?? {}) as { readonly [name: string]: JsonObject };
  const args = Object.entries(wanted.arguments).filter(([name, value]) => {
    const values = described[name]?.enum;
    return described[name] !== undefined && (!Array.isArray(values) || values.includes(value));
  });
  return [call(wanted.name, Object.fromEntries(args))];
}
