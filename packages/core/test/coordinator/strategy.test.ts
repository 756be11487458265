import { readFileSync } from 'node:fs';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { InvestigationResult } from '../../src/coordinator/insight.ts';
import { registerStrategy } from '../../src/coordinator/live-strategies.ts';
import type { OwnStrategy } from '../../src/coordinator/own-strategy.ts';
import { type ModuleStrategy, pipeline } from '../../src/coordinator/strategy-ref.ts';
import { calls, never, says, scripted } from '../operator/scripted.ts';
import { createLab, type Lab } from './lab.ts';
import { insight, invoke, type listed, reporting } from './scripts.ts';

const reported = reporting('parseCatalogue stood on the stack for 900 ms.');
const led = (lab: Lab): readonly string[] =>
  lab.events.flatMap((event) => (event.type === 'coordinator.step' ? [event.tools.join(' ')] : []));

/** The notifications of the message between the two steps. */
function gathered(text: string): readonly { readonly id: string; readonly observation: string }[] {
  return JSON.parse(text.slice(text.indexOf('{'))).notifications;
}

/** An insight from what the second step was told. */
const concluding =
  (overrides = {}) =>
  (request: Parameters<typeof listed>[0]) => {
    const text = request.messages.findLast((message) => message.role === 'user')?.text ?? '';
    const found = gathered(text);
    const [name, args] = insight(request, {
      notification_ids: found.map(({ id }) => id),
      matched_observations: found.map(({ observation }) => observation),
      ...overrides,
    });
    return { ...calls([name, args], ['done']), text: 'parseCatalogue blocks the loop.' };
  };

describe('the pipeline', () => {
  test('asks the model twice: who is to look, and what it means', async () => {
    const model = scripted([calls(invoke('runtime', 'gc')), concluding()]);
    const lab = await createLab({ coordinator: model, operators: scripted([...reported, ...reported]) });
    const result = await lab.run({ strategy: pipeline() });
    expect(result).toMatchObject({
      status: 'completed',
      answer: 'parseCatalogue blocks the loop.',
      insights: [{ hypothesisGrounded: false }],
    });
    expect(led(lab)).toEqual(['invoke_operators', 'produce_insight done']);
    expect(lab.events.filter(({ type }) => type === 'insight.produced')).toHaveLength(1);
    expect(new Set(model.requests.map(({ tools }) => JSON.stringify(tools))).size).toBe(1);
  });

  test.for([
    ['found nothing wrong', [calls(['take_snapshot']), calls(['done'])]],
    ['reported something beside the question', reported],
  ] as const)('answers a question from the figures of operators that %s', async ([, turns]) => {
    const model = scripted([calls(invoke('runtime')), { ...calls(['done']), text: 'The figure is 1.' }]);
    const operators = scripted(turns);
    const lab = await createLab({ coordinator: model, operators });
    expect(await lab.run({ strategy: pipeline() })).toMatchObject({
      status: 'completed',
      answer: 'The figure is 1.',
      insights: [],
    });
    const told = model.requests[1]?.messages.findLast((message) => message.role === 'user')?.text;
    expect(told).toContain('"figures":{"figure":1}');
  });

  test('tells the model once what is wrong with its answer', async () => {
    const invented = concluding({ matched_observations: ['it was slow'] });
    const model = scripted([calls(invoke('nobody')), calls(invoke('runtime')), invented, concluding()]);
    const lab = await createLab({ coordinator: model, operators: scripted(reported) });
    // The second step reads what was gathered before the refusal.
    const result = await lab.run({ strategy: pipeline() });
    expect(result).toMatchObject({
      status: 'completed',
      insights: [{ notificationIds: [expect.any(String)] }],
    });
    expect(JSON.stringify(model.requests[1]?.messages)).toContain('No such operators: nobody');
    expect(JSON.stringify(model.requests[3]?.messages)).toContain('copied verbatim');
  });

  test('hands over to the agent loop with what was gathered when the answer stays malformed', async () => {
    const model = scripted([
      calls(invoke('runtime')),
      says('It is slow.'),
      says('Really.'),
      calls(['get_notifications']),
      (request) => calls(insight(request)),
      calls(['done']),
    ]);
    const lab = await createLab({ coordinator: model, operators: scripted(reported) });
    const result = await lab.run({ strategy: pipeline() });
    expect(result).toMatchObject({ status: 'completed', insights: [{ confidence: 'medium' }] });
    const steps = lab.events.flatMap((event) => (event.type === 'coordinator.step' ? [event.iteration] : []));
    expect(steps).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('counts its turns like any, and stops where there are none left', async () => {
    const model = scripted([says('hm'), says('hm')]);
    const lab = await createLab({ coordinator: model, operators: scripted([]) });
    expect(await lab.run({ strategy: pipeline(), maxIterations: 2 })).toMatchObject({
      status: 'budget_exceeded',
      error: { code: 'run_iterations_exceeded' },
    });
  });
});

describe('a strategy of your own', () => {
  const fixture = (exportName: string): ModuleStrategy => ({
    kind: 'strategy-ref',
    name: exportName,
    module: new URL('./fixtures/strategies.ts', import.meta.url).href,
    exportName,
    options: { first: 'runtime' },
  });
  const run = async (
    strategy: ModuleStrategy | OwnStrategy,
    model = scripted([]),
  ): Promise<InvestigationResult> => {
    const lab = await createLab({ coordinator: model, operators: scripted(reported) });
    if (typeof strategy !== 'function') return lab.run({ strategy });
    const { choice, forget } = registerStrategy(strategy);
    onTestFinished(() => void forget());
    return lab.run({ strategy: choice });
  };

  test('is loaded from its module with its options, and its insights are verified', async () => {
    expect(await run(fixture('createOneByOne'))).toMatchObject({
      status: 'completed',
      answer: 'runtime found it.',
      insights: [{ subjects: [{ name: 'parseCatalogue' }] }],
      operators: [{ operator: 'runtime' }],
    });
  });

  test('is written as the documentation shows', () => {
    const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
    const [, example] = read('./fixtures/strategies.ts').split(/\/\/ example\n|\/\/ end of the example\n/);
    expect(example).toContain('createOneByOne');
    expect(read('../../../../docs/strategies.md')).toContain(example);
  });

  test('may ask the model, and hand over to the agent loop', async () => {
    const model = scripted([says('only runtime'), calls(['get_notifications']), calls(['done'])]);
    const answers: string[] = [];
    const result = await run(async (context) => {
      answers.push(await context.ask({ system: 'You route.', prompt: 'Who? key=sk-ant-api03-abcdefghijk' }));
      await context.agentLoop();
      return undefined;
    }, model);
    expect(answers).toEqual(['only runtime']);
    expect(JSON.stringify(model.requests[0])).not.toContain('abcdefghijk');
    expect(result).toMatchObject({ status: 'completed', usage: { calls: 3 } });
  });

  test('is told why a claim is refused', async () => {
    const reasons: unknown[] = [];
    await run(async ({ invoke: start, settled, conclude, notifications }) => {
      start(['runtime']);
      await settled();
      const claim = {
        notificationIds: notifications().map(({ id }) => id),
        correlationType: 'causal' as const,
        summary: 'It blocks.',
        matchedObservations: ['it was slow'],
        hypothesisGrounded: true,
        confidence: 'high' as const,
      };
      reasons.push(await conclude(claim));
      return undefined;
    });
    expect(reasons).toMatchObject([{ ok: false, reason: expect.stringContaining('verbatim') }]);
  });

  test.each<[string, ModuleStrategy | OwnStrategy, string]>([
    ['throws', () => Promise.reject(new Error('out of ideas')), 'out of ideas'],
    ['asks for nobody that exists', async ({ invoke: start }) => String(start(['nobody'])), 'nobody'],
    ['is not where it is said to be', fixture('createNothing'), 'exports no function "createNothing"'],
    ['is no strategy', fixture('createNumber'), 'returned no function'],
  ])('that %s fails the run, and says so', async (_, strategy, message) => {
    const result = await run(strategy);
    expect(result).toMatchObject({ status: 'failed', error: { message: expect.stringContaining(message) } });
  });

  test('that returns before all is done that it began ends it, at no harm to the process', async () => {
    const begun: Promise<unknown>[] = [];
    const asked = Promise.withResolvers<void>();
    const hanging = (): Promise<never> => {
      asked.resolve();
      return new Promise(() => undefined);
    };
    const lab = await createLab({ coordinator: scripted([hanging, never]), operators: scripted([never]) });
    const { choice, forget } = registerStrategy(async (context) => {
      context.invoke(['runtime']);
      const question = context.ask({ system: 'You route.', prompt: 'Who?' });
      begun.push(question, context.agentLoop());
      await asked.promise;
      return 'Enough.';
    });
    onTestFinished(() => void forget());
    expect(await lab.run({ strategy: choice })).toMatchObject({
      status: 'completed',
      answer: 'Enough.',
      operators: [{ operator: 'runtime', status: 'cancelled' }],
    });
    for (const promise of begun) await expect(promise).rejects.toMatchObject({ code: 'run_cancelled' });
  });

  test('that leaves operators behind, or goes on after the end, starts nothing any more', async () => {
    const late = Promise.withResolvers<unknown>();
    const lab = await createLab({ coordinator: scripted([]), operators: scripted([never]) });
    const { choice, forget } = registerStrategy(async ({ invoke: start, signal }) => {
      start(['runtime']);
      signal.addEventListener('abort', () => {
        try {
          start(['gc']);
        } catch (error) {
          late.resolve(error);
        }
      });
      return new Promise<never>(() => undefined);
    });
    onTestFinished(() => void forget());
    const controller = new AbortController();
    const running = lab.run({ strategy: choice, id: '00000000000000ab' });
    lab.coordinator.onEvent((event) => {
      if ((event as { type?: string }).type === 'operator.started') controller.abort();
    });
    controller.signal.addEventListener('abort', () =>
      lab.coordinator.tell({
        type: 'coordinator.cancel',
        reason: 'enough',
        investigationId: '00000000000000ab',
      }),
    );
    expect(await running).toMatchObject({
      status: 'cancelled',
      operators: [{ operator: 'runtime', status: 'cancelled' }],
    });
    expect(await late.promise).toMatchObject({ code: 'run_cancelled' });
  });
});
