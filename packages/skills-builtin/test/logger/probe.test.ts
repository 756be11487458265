import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { JsonObject } from '@nodelens/core';
import { expect, onTestFinished, test } from 'vitest';
import { COUNTERS } from '../../src/logger/counters.ts';
import { argumentText } from '../../src/logger/probe-arguments.ts';
import { createOutlet } from '../../src/logger/probe-outlet.ts';
import { watchStream } from '../../src/logger/probe-stream.ts';
import { isSevereText } from '../../src/logger/severe-text.ts';

interface Run {
  readonly stdout: string;
  readonly stderr: string;
  readonly told: readonly unknown[];
  readonly restored: boolean;
  readonly numbers: readonly number[];
  readonly events: readonly JsonObject[];
}

async function run(script: string, mode: string): Promise<Run> {
  const child = fork(fileURLToPath(new URL(`../fixtures/${script}.ts`, import.meta.url)), [mode], {
    execArgv: ['--conditions=@nodelens/source'],
    silent: true,
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  if (child.stdout === null || child.stderr === null) throw new Error('The output is not piped.');
  const outputs = Promise.all([text(child.stdout), text(child.stderr)]);
  const [report] = (await once(child, 'message')) as [Omit<Run, 'stdout' | 'stderr'>];
  const [stdout, stderr] = await outputs;
  return { ...report, stdout, stderr };
}

test('what the app prints, gets back and sees is the same with the probe', { timeout: 20_000 }, async () => {
  const [bare, watched] = await Promise.all([run('logger-script', 'bare'), run('logger-script', 'watched')]);
  expect(watched.stdout).toBe(bare.stdout);
  const withoutPid = (output: string) => output.replace(/node:\d+/, 'node');
  expect(withoutPid(watched.stderr)).toBe(withoutPid(bare.stderr));
  expect(watched.stderr).toContain('Warning: careful');
  expect(watched.told).toEqual(bare.told);
  expect(watched.told).toContain('ERR_INVALID_ARG_TYPE');
  expect(watched.restored).toBe(true);
  expect(bare.events).toEqual([]);

  const texts = (source: string) => watched.events.filter((event) => event.source === source);
  expect(texts('console')).toHaveLength(watched.numbers[COUNTERS.consoleLines] as number);
  expect(texts('console')[0]).toMatchObject({
    level: 'info',
    text: 'order 7 of Ann { nested: { deep: [object] } }',
  });
  expect(texts('stderr').map((event) => event.text)).toEqual(['error: of winston\n']);
  expect(texts('stdout').map((event) => event.text)).toEqual([
    '{ plain: true }\n',
    'plain line\n',
    'bytes ä\n',
    '68690a',
    'part ',
    'and end\n',
    'after elsewhere\n',
  ]);
  expect(texts('pino').map((event) => JSON.parse(String(event.text)).msg)).toEqual([
    'through the stream',
    'past the stream',
  ]);
  expect(JSON.stringify(watched.events)).not.toContain('not watched any more');
  expect(texts('warning')).toMatchObject([{ text: 'Warning: careful', errorName: 'Warning' }]);
  expect(JSON.stringify(texts('console'))).not.toContain('careful');
  expect(watched.numbers[COUNTERS.pinoLines]).toBe(2);
  expect(watched.numbers[COUNTERS.stderrLines]).toBe(1);
  expect(watched.numbers[COUNTERS.untoldLines]).toBe(0);
});

const hasPino = (() => {
  try {
    return createRequire(import.meta.url).resolve('pino') !== '';
  } catch {
    return false;
  }
})();

test.skipIf(!hasPino)('pino writes the same bytes in the same way', { timeout: 20_000 }, async () => {
  const [bare, watched] = await Promise.all([run('logger-pino', 'bare'), run('logger-pino', 'watched')]);
  const withoutTimes = (output: string) => output.replace(/"(?:time|pid)":\d+/g, '');
  expect(withoutTimes(watched.stdout)).toBe(withoutTimes(bare.stdout));
  expect(watched.numbers[COUNTERS.pinoLines]).toBe(2);
  expect(watched.numbers[COUNTERS.stdoutLines]).toBe(0);
});

test.each<[string, readonly unknown[], string, string | undefined]>([
  ['placeholders', ['%s is %d%%', 'load', 93], 'load is 93%', undefined],
  ['a missing argument', ['%s and %s', 'one'], 'one and %s', undefined],
  [
    'an error with a cause',
    ['failed:', new RangeError('too far')],
    'failed: RangeError: too far',
    'RangeError',
  ],
  [
    'an error in a field',
    ['failed', { err: new TypeError('x') }],
    'failed { err: TypeError: x }',
    'TypeError',
  ],
  ['a class', [new Map()], '[object]', undefined],
  ['a wide list', [Array.from({ length: 20 }, (_, i) => i)], '[ 0, 1, 2, 3, 4, 5, 6, 7, … ]', undefined],
  ['nothing', [], '', undefined],
])('console arguments: %s', (_, values, expected, errorName) => {
  const { errorStack, ...rest } = argumentText(values);
  expect(rest).toEqual({ text: expected, errorName });
  expect(errorStack?.includes('probe.test.ts')).toBe(errorName === undefined ? undefined : true);
});

test('a huge argument makes a short text, and nothing of the app is called', () => {
  const trap = () => {
    throw new Error('called');
  };
  const huge = {
    text: 'x'.repeat(1e6),
    get own() {
      return trap();
    },
    toString: trap,
    toJSON: trap,
  };
  expect(argumentText([huge, 'y'.repeat(1e6)]).text.length).toBeLessThanOrEqual(1_000);
  expect(argumentText([new Proxy({}, { get: trap, ownKeys: trap, getPrototypeOf: trap })]).text).toBe(
    '[proxy]',
  );
});

test('a write that somebody else has wrapped is watched, and given back only if it is still ours', () => {
  const native = process.stderr.write;
  onTestFinished(() => {
    process.stderr.write = native;
  });
  const written: unknown[] = [];
  const theirs = ((...args: unknown[]) => written.push(args)) as unknown as typeof native;
  const watch = () => {
    const told: JsonObject[] = [];
    const port = {
      numbers: new Float64Array(16),
      answer: () => {},
      emit: (event: JsonObject) => void told.push(event),
    };
    return { told, undo: watchStream('stderr', createOutlet(port)) };
  };
  process.stderr.write = theirs;
  const first = watch();
  expect(process.stderr.write('one')).toBe(1);
  first.undo();
  expect(process.stderr.write).toBe(theirs);

  const second = watch();
  const ours = process.stderr.write;
  const later = ((...args: [string]) => ours.apply(process.stderr, args)) as typeof native;
  process.stderr.write = later;
  second.undo();
  expect(process.stderr.write).toBe(later);
  expect(process.stderr.write('two')).toBe(2);
  expect(written).toEqual([['one'], ['two']]);
  expect([first.told.length, second.told.length]).toEqual([1, 0]);
});

test('what is announced and written elsewhere is forgotten at once', async () => {
  const outlet = createOutlet({ numbers: new Float64Array(16), answer: () => {}, emit: () => {} });
  outlet.announceConsole('stdout', undefined);
  expect(outlet.announced('stdout', 'its line')).toMatchObject({ by: 'console' });
  expect(outlet.announced('stdout', 'its line')).toBeUndefined();
  outlet.announceConsole('stdout', undefined);
  outlet.announceLine('line of pino');
  await Promise.resolve();
  expect(outlet.announced('stdout', 'line of pino')).toBeUndefined();
});

test.each<[unknown, boolean]>([
  ['{"level":50,"msg":"x"}', true],
  ['{"severity":"ERROR"}', true],
  ['{"level":30,"msg":"50 errors"}', false],
  ['[ERROR] no stock', true],
  ['error: no stock', true],
  ['TypeError: x', true],
  ['no error in sight', false],
  [7, false],
])('%j is severe by its beginning: %s', (text, expected) => {
  expect(isSevereText(text)).toBe(expected);
});

test('in a flood severe lines are told when the others are not any more', () => {
  const outlet = createOutlet({ numbers: new Float64Array(16), answer: () => {}, emit: () => {} });
  const admitted = (isSevere: boolean) =>
    Array.from({ length: 2_000 }, () => outlet.admits(isSevere)).filter(Boolean);
  expect(admitted(false)).toHaveLength(500);
  expect(admitted(true)).toHaveLength(300);
});
