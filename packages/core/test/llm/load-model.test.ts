import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { type ErrorCode, isError } from '../../src/errors.ts';
import { defaultModel } from '../../src/llm/default-model.ts';
import { loadModel } from '../../src/llm/load-model.ts';
import type { Model, ModelRef } from '../../src/llm/model.ts';
import { aiSdk, anthropic, triage } from '../../src/llm/references.ts';

const source = (code: string): string => `data:text/javascript,${encodeURIComponent(code)}`;

const ref = (changes: object): ModelRef => ({ ...triage(), name: 'mine', exportName: 'create', ...changes });

test('a reference is loaded in the thread that asks, with its options', async () => {
  const module = source('export const create = async ({ name }) => ({ name, generate: async () => ({}) });');
  expect((await loadModel(ref({ module, options: { name: 'mine/1' } }))).name).toBe('mine/1');
  expect((await loadModel(triage())).name).toBe('triage');
});

test.each([
  ['nothing', null, 'model_invalid', 'must be an object'],
  ['a live model', { name: 'x', generate: () => undefined }, 'model_invalid', '"kind"'],
  ['no module', ref({ module: '' }), 'model_invalid', '"module"'],
  ['no name', ref({ name: undefined }), 'model_invalid', '"name"'],
  ['no export name', ref({ exportName: 7 }), 'model_invalid', '"exportName"'],
  ['options that are a list', ref({ options: [] }), 'model_invalid', '"options"'],
  [
    'a module that is not there',
    ref({ module: 'file:///no/such/file.js' }),
    'model_load_failed',
    '/no/such/file.js',
  ],
  [
    'a module that throws',
    ref({ module: source('throw new Error("broken");') }),
    'model_load_failed',
    'broken',
  ],
  ['an export that is not there', ref({ module: source('export {};') }), 'model_load_failed', '"create"'],
  [
    'a factory that throws',
    ref({ module: source('export const create = () => { throw new Error("no luck"); };') }),
    'model_load_failed',
    'no luck',
  ],
  [
    'a factory that returns no model',
    ref({ module: source('export const create = () => ({ name: "x" });') }),
    'model_load_failed',
    'did not return a model',
  ],
] as [string, unknown, ErrorCode, string][])('%s is refused', async (_, choice, code, said) => {
  const error = await loadModel(choice as ModelRef).catch((thrown: unknown) => thrown);
  expect(isError(error, code), String(error)).toBe(true);
  expect((error as Error).message).toContain(said);
});

test('each model that answers itself is wrapped once, also where another has loaded it', async () => {
  const single = source(
    'export const create = ({ name }) => ({ name, generate: async () => ({ text: name }) });',
  );
  const composite = source(`
    export const create = async ({ refs }, { load }) => {
      const models = await Promise.all(refs.map(load));
      return { name: models.map(({ name }) => name).join(' or '), isComposite: true, generate: models[0].generate };
    };`);
  const refs = ['a', 'b'].map((name) => ref({ name, module: single, options: { name } }));
  const wrap = (model: Model): Model => ({ ...model, name: `counted ${model.name}` });
  expect((await loadModel(ref({ module: single, options: { name: 'a' } }), { wrap })).name).toBe('counted a');
  const both = ref({ module: composite, options: { refs } });
  expect((await loadModel(both, { wrap })).name).toBe('counted a or counted b');
  const broken = ref({ module: composite, options: { refs: [ref({ module: 'file:///no/such/file.js' })] } });
  await expect(loadModel(broken)).rejects.toMatchObject({ code: 'model_load_failed' });
});

test.each([
  [{}, 'triage'],
  [{ ANTHROPIC_API_KEY: '' }, 'triage'],
  [{ ANTHROPIC_API_KEY: 'k' }, 'anthropic/claude-haiku-4-5'],
])('the default model with %j is %s, and no key is copied into it', (env, name) => {
  expect(defaultModel(env)).toMatchObject({ name, options: {} });
});

test.each([
  [triage(), 'triage'],
  [anthropic({ model: 'claude-test', apiKey: 'k' }), 'anthropic/claude-test'],
  [anthropic({ model: 'claude-test' }), 'model_key_missing'],
  [aiSdk({ provider: '@ai-sdk/openai', model: 'gpt-test' }), 'openai/gpt-test'],
])('another thread loads %j by itself: %s', async (choice, said) => {
  const worker = new Worker(new URL('./fixtures/load-in-thread.ts', import.meta.url), {
    workerData: choice,
    env: {},
    execArgv: ['--conditions=@nodelens/source'],
  });
  onTestFinished(async () => {
    await worker.terminate();
  });
  expect(await once(worker, 'message')).toEqual([said]);
});
