// A whole investigation by a language model over the Messages API, against a real HTTP server on loopback, while the
// service is blocked. The server computes its answers from the tool results that it was sent, and on the way it
// invents a tool, is rate limited and is overloaded.
import {
  type ChatCompletionRequest,
  type ErrorResponse,
  LLMock,
  type TextResponse,
} from '@copilotkit/aimock';
import type { InvestigationResult, Notification, Stall, Subject } from '@nodelens/core';
import { expect, onTestFinished, test } from 'vitest';
import { packageFile } from './processes.ts';
import { command, request, startRegistered } from './services.ts';

interface Call {
  readonly name: string;
  readonly arguments: object;
}

interface Answered {
  readonly name: string;
  readonly content: string;
}

const call = (name: string, args: object = {}): Call => ({ name, arguments: args });

/** The tool results so far with the names of their calls, oldest first. */
function answered({ messages }: ChatCompletionRequest): readonly Answered[] {
  const names = new Map(
    messages.flatMap(({ tool_calls = [] }) => tool_calls.map(({ id, function: { name } }) => [id, name])),
  );
  return messages
    .filter(({ role }) => role === 'tool')
    .map(({ tool_call_id = '', content }) => ({
      name: names.get(tool_call_id) ?? '',
      content: typeof content === 'string' ? content : JSON.stringify(content),
    }));
}

const last = <T>(results: readonly Answered[], name: string): T | undefined => {
  const found = results.findLast((result) => result.name === name);
  return found === undefined ? undefined : (JSON.parse(found.content) as T);
};

function operatorTurn(results: readonly Answered[]): readonly Call[] {
  const snapshot = last<{ id: string }>(results, 'take_snapshot');
  if (snapshot === undefined) return [call('take_snapshot')];
  // A model invents a tool; the answer must tell it what there is.
  if (!results.some(({ name }) => name === 'read_stack')) return [call('read_stack')];
  const stall = last<Stall>(results, 'execute');
  if (stall === undefined) return [call('execute', { code: 'return await runtime_current_stall();' })];
  if (results.some(({ name }) => name === 'send_notification')) return [call('done')];
  const subject = subjectOf(stall);
  const notification = {
    type: 'runtime.blocked',
    severity: 'critical',
    context: 'The main thread does not turn its event loop.',
    observation: `${subject.name} is on the stack of the blocked main thread.`,
    hypothesis: `${subject.name} blocks the event loop.`,
    snapshot_ids: [snapshot.id],
    subjects: [subject],
  };
  return [
    call('send_notification', notification),
    call('set_state', { state: 'critical', reason: 'main is blocked' }),
  ];
}

function subjectOf({ culprit }: Stall): Subject {
  if (culprit === undefined) throw new Error('the stall has no culprit');
  return { kind: 'function', name: culprit.name, file: culprit.file, line: culprit.line };
}

function coordinatorTurn(results: readonly Answered[]): readonly Call[] {
  if (!results.some(({ name }) => name === 'invoke_operators'))
    return [call('invoke_operators', { operators: ['runtime'] })];
  if (results.some(({ name }) => name === 'produce_insight')) return [call('done')];
  const [found] = last<readonly Notification[]>(results, 'get_notifications') ?? [];
  if (found === undefined) return [call('wait', { ms: 300 }), call('get_notifications', {})];
  const insight = {
    notification_ids: [found.id],
    correlation_type: 'symptomatic',
    summary: found.observation,
    matched_observations: [found.observation],
    hypothesis_grounded: false,
    root_cause_hypothesis: found.hypothesis,
    confidence: 'high',
    subjects: found.subjects,
  };
  return [call('produce_insight', insight)];
}

test('anthropic() names the function while the service is blocked, over 429, 529 and an invented tool', async () => {
  const mock = new LLMock({ port: 0 });
  await mock.start();
  onTestFinished(() => mock.stop());
  const troubles: (ErrorResponse | TextResponse)[] = [
    { error: { message: 'slow down', type: 'rate_limit_error' }, status: 429, retryAfter: 1 },
    { error: { message: 'overloaded', type: 'overloaded_error' }, status: 529 },
  ];
  mock.on({ predicate: () => true }, (asked) => {
    const trouble = troubles.shift();
    if (trouble !== undefined) return trouble;
    const isCoordinator = asked.tools?.some(({ function: { name } }) => name === 'invoke_operators');
    const turn = isCoordinator ? coordinatorTurn : operatorTurn;
    const toolCalls = turn(answered(asked)).map((made) => ({
      name: made.name,
      arguments: JSON.stringify(made.arguments),
    }));
    return { toolCalls, usage: { input_tokens: 900, output_tokens: 60 } };
  });
  const service = await startRegistered({ ANTHROPIC_API_KEY: 'test-key', ANTHROPIC_BASE_URL: mock.url });
  const blocked = request(service, '/regex?ms=60000');
  await service.seen('blocking');

  const outcome = await command(['investigate', '--pid', `${service.pid}`, '--json'], service);
  expect(outcome.code, outcome.stderr).toBe(0);
  expect(service.output().stdout).not.toContain('free');
  const result = JSON.parse(outcome.stdout) as InvestigationResult;
  expect(result.status).toBe('completed');
  expect(result.insights.flatMap(({ subjects }) => subjects)).toContainEqual(
    expect.objectContaining({ name: 'checkAddresses', file: packageFile('test/fixtures/service.mjs') }),
  );
  expect(result.usage.model).toContain('anthropic/');
  expect(result.usage.inputTokens).toBeGreaterThan(0);

  const journal = mock.getRequests();
  expect(journal.map(({ response }) => response.status)).toEqual(expect.arrayContaining([429, 529, 200]));
  const told = journal.flatMap(({ body }) => answered(body as ChatCompletionRequest));
  const refusal = told.find(({ name }) => name === 'read_stack');
  expect(refusal?.content).toContain('take_snapshot');
  service.release();
  expect(await blocked).toBe(200);
});
