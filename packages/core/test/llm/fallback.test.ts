import { ManualClock } from '@nodelens/testing';
import { expect, test } from 'vitest';
import { fail, isError, type NodelensError } from '../../src/errors.ts';
import { loadModel } from '../../src/llm/load-model.ts';
import { type Model, type ModelRef, type ModelRequest, noUsage } from '../../src/llm/model.ts';
import { fallback, triage } from '../../src/llm/references.ts';
import { withAttempts } from '../../src/llm/retry.ts';

const request: ModelRequest = { system: '', messages: [], tools: [] };

/** References whose models do, call by call, what `deeds` says: throw it, or answer when there is nothing to throw. */
function candidates(deeds: Readonly<Record<string, (NodelensError | 'refuse' | undefined)[]>>) {
  const asked: string[] = [];
  const wrap = (model: Model): Model => ({
    name: model.name,
    generate: async () => {
      asked.push(model.name);
      const deed = deeds[model.name]?.shift();
      if (isError(deed)) throw deed;
      return {
        text: model.name,
        toolCalls: [],
        stopReason: deed === 'refuse' ? 'refusal' : 'end',
        usage: noUsage,
      };
    },
  });
  const module = `data:text/javascript,${encodeURIComponent('export const create = ({ name }) => ({ name, generate: () => {} });')}`;
  const refs = Object.keys(deeds).map(
    (name): ModelRef => ({ kind: 'model-ref', name, module, exportName: 'create', options: { name } }),
  );
  return { asked, refs, wrap };
}

const of = (model: string) => ({
  overloaded: fail('model_overloaded', { model, reason: '529' }),
  wrongKey: fail('model_failed', { model, reason: 'no', status: 401 }),
  badRequest: fail('model_failed', { model, reason: 'no', status: 400 }),
  timeout: fail('model_timeout', { model, timeoutMs: 1 }),
  open: fail('model_circuit_open', { model, failures: 5, reason: 'x', retryInMs: 1 }),
  noMoney: fail('budget_exceeded', { budget: 'day', spent: 1, limit: 1, unit: 'USD' }),
});

async function ask(deeds: Parameters<typeof candidates>[0], clock = new ManualClock()) {
  const { asked, refs, wrap } = candidates(deeds);
  const model = await loadModel(fallback(refs), { wrap, clock });
  const skipped: string[] = [];
  const generate = (signal = new AbortController().signal) =>
    model
      .generate(request, { signal, onSkipped: ({ code }) => skipped.push(code) })
      .catch((error: unknown) => error as NodelensError);
  return { asked, skipped, generate, model };
}

test.each(['overloaded', 'wrongKey', 'timeout', 'open'] as const)(
  'after %s the next is asked',
  async (why) => {
    const { asked, skipped, generate, model } = await ask({ a: [of('a')[why]], b: [] });
    expect(model.name).toBe('fallback(a, b)');
    expect(await generate()).toMatchObject({ text: 'b', model: 'b' });
    expect({ asked, skipped }).toEqual({ asked: ['a', 'b'], skipped: [of('a')[why].code] });
  },
);

test('after a refusal the next is asked', async () => {
  const { skipped, generate } = await ask({ a: ['refuse'], b: [] });
  expect(await generate()).toMatchObject({ text: 'b' });
  expect(skipped).toEqual(['model_failed']);
});

test.each(['noMoney', 'badRequest'] as const)('after %s nobody else is asked', async (why) => {
  const { asked, skipped, generate } = await ask({ a: [of('a')[why]], b: [] });
  expect(await generate()).toMatchObject({ code: of('a')[why].code });
  expect({ asked, skipped }).toEqual({ asked: ['a'], skipped: [] });
});

test('after an abort nobody else is asked', async () => {
  const controller = new AbortController();
  const { asked, generate } = await ask({ a: [], b: [] });
  controller.abort(fail('run_cancelled'));
  expect(await generate(controller.signal)).toMatchObject({ code: 'run_cancelled' });
  expect(asked).toEqual([]);
});

test.each([
  ['the last', ['overloaded', 'timeout'], 'model_timeout', ['model_overloaded']],
  ['the last', ['wrongKey', 'timeout'], 'model_timeout', ['model_failed']],
  ['the last', ['wrongKey', 'wrongKey'], 'model_failed', ['model_failed']],
  ['one that may pass', ['overloaded', 'wrongKey'], 'model_overloaded', ['model_overloaded', 'model_failed']],
  ['one that may pass soon', ['timeout', 'open'], 'model_timeout', ['model_timeout', 'model_circuit_open']],
] as const)('when all fail, the error is of %s: %j', async (_, [first, second], code, told) => {
  const { skipped, generate } = await ask({ a: [of('a')[first]], b: [of('b')[second]] });
  expect(await generate()).toMatchObject({ code });
  expect(skipped).toEqual(told);
});

test('who answered is asked first for five minutes, and the others after it', async () => {
  const clock = new ManualClock();
  const { asked, generate } = await ask(
    { a: [of('a').overloaded], b: [undefined, of('b').overloaded] },
    clock,
  );
  await generate();
  asked.length = 0;
  expect(await generate()).toMatchObject({ model: 'a' });
  expect(asked).toEqual(['b', 'a']);
  clock.advance(300_000);
  asked.length = 0;
  await generate();
  expect(asked).toEqual(['a']);
});

test('one that cannot be loaded is skipped, and loaded when it can be', async () => {
  const missing: ModelRef = { ...triage(), name: 'missing', module: 'file:///no/such/model.js' };
  const { refs, wrap } = candidates({ b: [] });
  const model = await loadModel(fallback([missing, ...refs]), { wrap });
  const skipped: string[] = [];
  const { signal } = new AbortController();
  await model.generate(request, { signal, onSkipped: ({ code }) => skipped.push(code) });
  expect(skipped).toEqual(['model_load_failed']);
});

test('the loop hears of each that was skipped', async () => {
  const { refs, wrap } = candidates({ a: [of('a').overloaded], b: [of('b').timeout], c: [] });
  const failures: [string, boolean][] = [];
  const model = withAttempts(await loadModel(fallback(refs), { wrap }), {
    attempts: 1,
    clock: new ManualClock(),
    onFailure: ({ error, willRetry }) => failures.push([error.code, willRetry]),
  });
  expect(await model.generate(request, { signal: new AbortController().signal })).toMatchObject({
    model: 'c',
  });
  expect(failures).toEqual([
    ['model_overloaded', true],
    ['model_timeout', true],
  ]);
});

test.each([[[]], [[{ name: 'live', generate: () => {} }]], ['anthropic']])('%j is rejected', (models) => {
  expect(() => fallback(models as unknown as ModelRef[])).toThrow('fallback() takes a list of references');
});

test('a reference is JSON', () => {
  const ref = fallback([fallback([triage()]), triage()]);
  expect(ref.name).toBe('fallback(fallback(triage), triage)');
  expect(JSON.parse(JSON.stringify(ref))).toEqual(ref);
});
