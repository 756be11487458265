// `npm run evals` with a language model, as a process of its own: over HTTP, against servers behind which no language
// model answers but what reads the same texts (served/).
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import type { JsonObject } from '../../src/json.ts';
import { chatty } from './served/chatty.ts';
import { type Mind, terse } from './served/mind.ts';
import { type Served, serveChat, serveMessages, serveResponses } from './served/servers.ts';

const MAIN = fileURLToPath(new URL('./entry/main.ts', import.meta.url));
const timeout = 120_000;

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Nothing of this process's environment that names a provider. */
const ENV = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(ANTHROPIC|OPENAI|NODELENS_EVAL|VITEST|CI$)/.test(name)),
);

function evals(env: Served['env'], ...args: readonly string[]): Promise<Ended> {
  const command = ['--conditions=@nodelens/source', MAIN, ...args];
  return new Promise((resolve) => {
    execFile(process.execPath, command, { env: { ...ENV, ...env } }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}

async function served(serve: (mind: Mind) => Promise<Served>, mind: Mind): Promise<Served['env']> {
  const { env, close } = await serve(mind);
  onTestFinished(close);
  return env;
}

const lines = (text: string, like: RegExp): readonly string[] =>
  text.split('\n').filter((line) => like.test(line));

test.each<[string, (mind: Mind) => Promise<Served>, Mind, string, readonly string[], number]>([
  ['all pass over the Messages API', serveMessages, terse, 'anthropic/claude-haiku-4-5', [], 36],
  [
    'all pass over an OpenAI-compatible server, with a model of many words',
    serveChat,
    chatty(terse),
    'openai-compatible/small',
    [],
    36,
  ],
  [
    'those asked for pass over the Responses API',
    serveResponses,
    chatty(terse),
    'openai/small',
    ['-t', '(E2|E10) '],
    2,
  ],
])('%s', { timeout }, async (_, serve, mind, name, args, passed) => {
  const { code, out, err } = await evals(await served(serve, mind), ...args);
  expect(lines(out, /^(FAILED|broken)/)).toEqual([]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(lines(out, /^passed {2}/)).toHaveLength(passed);
  expect(out).toContain(`all, ${name}`);
});

const calling =
  (name: string, args: JsonObject): Mind =>
  async ({ messages }) => ({ text: '', toolCalls: [{ id: `c-${messages.length}`, name, arguments: args }] });

test('who ends at once passes only where that is right', { timeout }, async () => {
  const { code, out } = await evals(await served(serveMessages, calling('done', {})));
  expect(code).toBe(1);
  expect(lines(out, /^(passed|broken) {2}/).toSorted()).toEqual([
    'passed  a coordinator ends after a wait when all have ended and reported nothing',
    'passed  a coordinator ends when nothing is left',
    'passed  an operator ends when the state is set',
    'passed  an operator finds what is healthy so',
  ]);
  expect(lines(out, /^FAILED {2}/)).toHaveLength(32);
});

/** Reports whatever it sees once, as a guess. */
const ALARMIST: Mind = async (request) => {
  const said = await terse(request);
  const seen = /"id":"(\w+)","skill"/.exec(JSON.stringify(request.messages))?.[1];
  const isOperator = request.tools.some(({ name }) => name === 'send_notification');
  if (!isOperator || seen === undefined || JSON.stringify(request.messages).includes('"sent"')) return said;
  const guess = 'It is probably bad: 1.';
  const report = { type: 'bad', severity: 'critical', context: guess, observation: guess };
  return calling('send_notification', { ...report, snapshot_ids: [seen] })(request);
};

test('who reports a guess of everything fails where that is wrong', { timeout }, async () => {
  const { code, out } = await evals(await served(serveMessages, ALARMIST));
  expect(code).toBe(1);
  expect(lines(out, /^(FAILED|broken) {2}/).toSorted()).toEqual([
    'FAILED  an operator E1 that finds all well reports nothing and ends',
    'FAILED  an operator E11 of an idle database reports nothing',
    'FAILED  an operator E13 without exceptions reports nothing',
    'FAILED  an operator E2 gathers evidence before it reports',
    'FAILED  an operator E7 keeps guesses out of its facts, which have figures',
    'FAILED  an operator does not hedge in its facts',
    'FAILED  an operator ends when the state is set',
    'FAILED  an operator finds what is healthy so',
    'FAILED  an operator reports 85 % where that must be reported, with both facts',
  ]);
});

const REPORTS_NOTHING: Mind = async (request) => {
  const said = await terse(request);
  const isReport = said.toolCalls.some(({ name }) => name === 'send_notification');
  return isReport ? { text: 'All is well.', toolCalls: [{ id: 'c', name: 'done', arguments: {} }] } : said;
};

test('what fails is told with what the model did, and summed', { timeout }, async () => {
  const env = await served(serveMessages, REPORTS_NOTHING);
  const { code, out } = await evals(env, '-t', '(E6|E11|reports 85 %)');
  expect(code).toBe(1);
  expect(lines(out, /^(passed|FAILED) {2}/).toSorted()).toEqual([
    'FAILED  an operator E6 whose rule says so reports',
    'FAILED  an operator reports 85 % where that must be reported, with both facts',
    'passed  an operator E11 of an idle database reports nothing',
  ]);
  expect(out).toContain('no notification was accepted');
  expect(out).toContain('called done {} in place of send_notification with the right snapshot_ids');
  expect(lines(out, /turn 1: take_snapshot/)).toHaveLength(1);
  expect(lines(out, /"All is well\."/)).toHaveLength(2);
  expect(lines(out, /^scenario +passed +calls +input +cached +output +cost +seconds$/)).toHaveLength(1);
  expect(lines(out, /^an operator E11 .* yes +3 +[\d,]{5} +0 +\d+ +\$0\.00\d\d +\d/)).toHaveLength(1);
  expect(lines(out, /^all, anthropic\/claude-haiku-4-5 +1\/3 .* \$0\.0\d\d\d /)).toHaveLength(1);
});

test('a provider that refuses in the middle is told as such, not as a model that did wrong', {
  timeout,
}, async () => {
  const onlyToBegin: Mind = async (request) => {
    if (request.messages.length > 2) throw new Error('credit balance is too low');
    return terse(request);
  };
  const env = await served(serveMessages, onlyToBegin);
  const { code, out } = await evals(env, '-t', '(E3|E6)');
  expect(code).toBe(1);
  expect(lines(out, /credit balance is too low/)).toHaveLength(2);
  expect(lines(out, /^all, .* 0\/2 /)).toHaveLength(1);
});

const NOBODY = 'http://127.0.0.1:1';
const CLAUDE = { NODELENS_EVAL_MODEL: 'anthropic/claude-haiku-4-5' };

test.each<[string, Served['env'], RegExp]>([
  ['a key is missing', CLAUDE, /set ANTHROPIC_API_KEY.*\[model_key_missing\]/],
  [
    'the key of another provider is missing',
    { NODELENS_EVAL_MODEL: 'openai/gpt-5-mini' },
    /set OPENAI_API_KEY.*\[model_key_missing\]/,
  ],
  [
    'the provider is down',
    { ...CLAUDE, NODELENS_EVAL_API_KEY: 'k', NODELENS_EVAL_BASE_URL: NOBODY },
    /is not reachable.*\[model_unavailable\]/,
  ],
  ['nobody knows the provider', { NODELENS_EVAL_MODEL: 'acme/one' }, /Providers: anthropic, openai, /],
])('nothing is run, and why is told, where %s', { timeout }, async (_, env, why) => {
  const { code, out, err } = await evals(env);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(/^No scenario was run: /);
  expect(err).toMatch(why);
  expect(err.trim().split('\n')).toHaveLength(1);
});

test.each([
  ['the Messages API', serveMessages, 'anthropic'],
  ['an OpenAI-compatible server', serveChat, 'openai-compatible'],
])(
  'nothing is run, and why is told, where %s does not know the model',
  { timeout },
  async (_, serve, provider) => {
    const env = await served(serve, terse);
    const { code, err } = await evals({ ...env, NODELENS_EVAL_MODEL: `${provider}/nonesuch` });
    expect(code).toBe(2);
    expect(err).toMatch(/nonesuch.*check the name of the model and the base URL.*\[model_failed\]/);
  },
);

test('nothing is run with a model that calls no tool', { timeout }, async () => {
  const env = await served(serveMessages, async () => ({ text: 'Done!', toolCalls: [] }));
  const { code, err } = await evals(env);
  expect({ code, err }).toEqual({
    code: 2,
    err: expect.stringContaining('calls no tool, even when it is asked for nothing else; it said "Done!"'),
  });
});

test('a pattern that no scenario is like is told', { timeout }, async () => {
  const { code, err } = await evals({}, '-t', 'nonesuch');
  expect({ code, err }).toEqual({ code: 2, err: 'No scenario was run: no scenario is like "nonesuch".\n' });
});
