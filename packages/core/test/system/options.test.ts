// Options of a start: what is wrong is named by its path, and told in words.
import { expect, onTestFinished, test } from 'vitest';
import { pipeline } from '../../src/coordinator/strategy-ref.ts';
import { isError } from '../../src/errors.ts';
import { anthropic, triage } from '../../src/llm/references.ts';
import { type NodelensOptions, validateOptions } from '../../src/system/options.ts';
import { pulse } from './kit.ts';

const complaintOf = (options: unknown): unknown => {
  try {
    validateOptions(options as NodelensOptions);
    return 'fine';
  } catch (error) {
    return isError(error, 'option_invalid') ? [error.data.option, error.data.reason] : error;
  }
};

const operator = (more: object): unknown => ({ operators: [{ skill: pulse(), ...more }] });

test.for<[string, unknown, string, string]>([
  ['no object', 'all', 'options', 'it must be an object.'],
  ['null', null, 'options', 'it must be an object.'],
  ['an operator that is its skill', { operators: [pulse()] }, 'operators.0.skill', '{ skill: runtime() }'],
  ['a skill that was not called', { operators: [{ skill: pulse }] }, 'operators.0.skill', 'write runtime()'],
  ['a model that was not called', { model: triage }, 'model', 'write anthropic()'],
  ['a built-in strategy that was not called', { strategy: pipeline }, 'strategy', 'called: pipeline()'],
  ['an unknown option', { modle: 1 }, 'modle', 'there is no such option; known: model, operators'],
  [
    'a model without a name',
    { model: { generate: () => 1 } },
    'model.name',
    'it is missing: write anthropic()',
  ],
  ['a model that cannot generate', { model: { name: 'x', generate: 1 } }, 'model.generate', 'a function'],
  ['a reference without a module', { model: { kind: 'model-ref', name: 'x' } }, 'model.module', 'missing'],
  ['a reference of another kind', { model: { ...triage(), kind: 'x' } }, 'model.kind', '"model-ref"'],
  ['a model that is null', { model: null }, 'model', 'it must be an object: write anthropic()'],
  ['operators that are no list', { operators: {} }, 'operators', 'it must be a list.'],
  ['an operator without a skill', { operators: [{}] }, 'operators.0.skill', 'it is missing'],
  ['a skill without an id', { operators: [{ skill: {} }] }, 'operators.0.skill.id', 'it is missing'],
  ['a name with a blank', operator({ name: 'my own' }), 'operators.0.name', 'letters'],
  ['a mode that does not exist', operator({ mode: 'x' }), 'operators.0.mode', '"continuous" or "on-demand"'],
  ['a restart that does not exist', operator({ restart: 1 }), 'operators.0.restart', '"permanent"'],
  ['a live model of one operator', operator({ model: { name: 'x' } }), 'operators.0.model.kind', 'missing'],
  ['an unknown field', operator({ colour: 1 }), 'operators.0.colour', 'no such option'],
  [
    'a limit below its range',
    operator({ limits: { roundEveryMs: 9 } }),
    'operators.0.limits.roundEveryMs',
    '100',
  ],
  ['a limit above its range', { limits: { maxIterations: 1001 } }, 'limits.maxIterations', '1 to 1000'],
  ['a limit that is not whole', { limits: { compactKeepLast: 1.5 } }, 'limits.compactKeepLast', 'from 1 on'],
  ['a limit that is no number', { limits: { maxPauseMs: Number.NaN } }, 'limits.maxPauseMs', 'from 0 on'],
  ['less memory than an operator needs', { limits: { memoryMb: 31 } }, 'limits.memoryMb', 'from 32 on'],
  ['more CPU than there is', { limits: { maxCpuShare: 1.1 } }, 'limits.maxCpuShare', '0.05 to 1'],
  ['a gate that does not exist', { gate: 'never' }, 'gate', '"checks"'],
  ['a gate of one operator that does not exist', operator({ gate: 1 }), 'operators.0.gate', '"anomaly"'],
  ['a repetition before it was said', { limits: { repeatAfterMs: -1 } }, 'limits.repeatAfterMs', 'from 0 on'],
  [
    'a strategy that is a function',
    { strategy: () => undefined },
    'strategy',
    'a function cannot leave main',
  ],
  ['a strategy that is its name', { strategy: 'pipeline' }, 'strategy', 'it must be an object'],
  ['a strategy of no kind', { strategy: { name: 'pipeline' } }, 'strategy.kind', 'it is missing'],
  ['a quiet time of no time', { incidents: { quietMs: 0 } }, 'incidents.quietMs', 'from 1000 to'],
  ['hints that are alarms', { incidents: { minSeverity: 'info' } }, 'incidents.minSeverity', '"critical"'],
  [
    'a setting of incidents that there is not',
    { incidents: { joinMs: 1 } },
    'incidents.joinMs',
    'no such option',
  ],
  ['a control that is a number', { control: 1 }, 'control', 'true, false or a folder'],
  ['runs in the budget of a run', { budget: { perRun: { runs: 1 } } }, 'budget.perRun.runs', 'tokens, usd'],
  ['a budget of nothing', { budget: { total: { day: { usd: 0 } } } }, 'budget.total.day.usd', 'above 0'],
  ['a budget of a week', { budget: { perOperator: { week: {} } } }, 'budget.perOperator.week', 'hour, day'],
  ['half a price', { prices: { mine: { input: 1 } } }, 'prices.mine.output', 'it is missing.'],
  ['a price below 0', { prices: { mine: { input: -1, output: 1 } } }, 'prices.mine.input', 'from 0 on'],
  ['no call at once', { concurrency: 0 }, 'concurrency', '1 to 1000'],
  ['an arming that is a text', { armed: { profile: 'no' } }, 'armed.profile', 'true or false'],
])('%s is named by its path', ([, options, path, reason]) => {
  expect(complaintOf(options)).toEqual([path, expect.stringContaining(reason)]);
});

test.for<[string, unknown]>([
  ['nothing', {}],
  [
    'budgets and prices',
    {
      budget: { perRun: { usd: 0.5 }, perOperator: { day: { runs: 3 } }, total: { month: { tokens: 1e6 } } },
      prices: { 'mine/*': { input: 0, output: 0 } },
    },
  ],
  ['incidents', { incidents: { quietMs: 60_000, longestMs: undefined, minSeverity: 'critical' } }],
  ['options that are undefined', { model: undefined, operators: undefined, armed: { profile: undefined } }],
  [
    'a reference and all of an operator',
    { ...(operator({ mode: 'continuous', restart: 'temporary' }) as object), model: triage() },
  ],
  [
    'a live model of a class',
    {
      model: new (class {
        name = 'x';
        async generate(): Promise<void> {}
      })(),
    },
  ],
  [
    'a folder, limits and arming',
    { control: '/run', limits: { maxPauseMs: 0, roundEveryMs: 100 }, armed: { profile: false } },
  ],
])('%s passes', ([, options]) => {
  expect(complaintOf(options)).toBe('fine');
});

test('what the environment may lack is given as it is there', () => {
  const { NODELENS_NOT_SET: nothing } = process.env;
  const given: NodelensOptions = {
    dataDir: nothing,
    model: anthropic({ apiKey: nothing }),
    webhooks: [{ url: 'https://example.com', secret: nothing }],
  };
  expect(complaintOf(given)).toBe('fine');
});

test('a Node that is too old is told as such, whatever the options are', () => {
  const { version } = process;
  onTestFinished(() => void Object.defineProperty(process, 'version', { value: version }));
  Object.defineProperty(process, 'version', { value: 'v22.20.0' });
  expect(complaintOf({ modle: 1 })).toMatchObject({
    code: 'node_unsupported',
    message: 'Nodelens needs Node.js 24 or newer; this is v22.20.0.',
  });
});
