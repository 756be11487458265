import { afterAll, describe, expect, test } from 'vitest';
import { createSandbox, type Json } from '../src/index.ts';

const sandbox = createSandbox();
afterAll(() => sandbox.close());

describe('values', () => {
  test.each<[string, Json]>([
    ['return 1', 1],
    ["return 'a'", 'a'],
    ['return null', null],
    ['return undefined', null],
    ['', null],
    ['return [1, { a: [true] }]', [1, { a: [true] }]],
    ['return { a: undefined, b: NaN, c: [undefined] }', { b: null, c: [null] }],
    ['return new Date(0)', '1970-01-01T00:00:00.000Z'],
    ['return Promise.resolve(3)', 3],
    ['const a = await Promise.all([1, 2]); return a.length // end', 2],
    ["return '\\ud800'", '\ud800'],
  ])('%s', async (code, value) => {
    expect(await sandbox.run({ code })).toMatchObject({ ok: true, value });
  });

  test('standard built-ins are there', async () => {
    const code = 'return [typeof Intl, typeof Map, typeof Math.max, typeof structuredClone, typeof process]';
    const value = ['object', 'function', 'function', 'undefined', 'undefined'];
    expect(await sandbox.run({ code })).toMatchObject({ ok: true, value });
  });

  test('no state is left for the next run', async () => {
    await sandbox.run({ code: 'globalThis.left = 1; Object.prototype.left = 1; Array.prototype.map = null' });
    const code = 'return [typeof left, typeof ({}).left, typeof [].map]';
    expect(await sandbox.run({ code })).toMatchObject({ value: ['undefined', 'undefined', 'function'] });
  });

  test('runs overlap', async () => {
    const meeting = Promise.withResolvers<null>();
    let arrived = 0;
    const meet = (): Promise<null> => {
      if (++arrived === 3) meeting.resolve(null);
      return meeting.promise;
    };
    const runs = [1, 2, 3].map((n) =>
      sandbox.run({ code: `await meet(); return ${n}`, functions: { meet } }),
    );
    expect(await Promise.all(runs)).toMatchObject([{ value: 1 }, { value: 2 }, { value: 3 }]);
  });
});

describe('host functions', () => {
  test('take JSON and answer JSON, in any number at a time', async () => {
    const outcome = await sandbox.run({
      code: 'return await Promise.all(Array.from({ length: 30 }, (_, i) => twice(i, { i })))',
      functions: { twice: async (n, o) => [Number(n) * 2, o ?? null] },
    });
    expect(outcome).toMatchObject({ ok: true, hostCalls: 30 });
    if (outcome.ok) expect(outcome.value).toEqual(Array.from({ length: 30 }, (_, i) => [i * 2, { i }]));
  });

  test('undefined comes back as undefined', async () => {
    const run = { code: 'return typeof await nothing()', functions: { nothing: () => undefined } };
    expect(await sandbox.run(run)).toMatchObject({ value: 'undefined' });
  });

  test('what they throw can be caught', async () => {
    const fails = (): never => {
      throw new Error('no such heap');
    };
    const code = 'try { await fails() } catch (e) { return [e instanceof Error, e.message, String(e)] }';
    expect(await sandbox.run({ code, functions: { fails } })).toMatchObject({
      value: [true, 'no such heap', 'Error: no such heap'],
    });
  });

  test('an uncaught one is reported at the line of the call', async () => {
    const fails = (): Promise<never> => Promise.reject(new Error('no such heap'));
    const code = 'const a = 1;\n\nconst b = await fails(a);\nreturn b';
    expect(await sandbox.run({ code, functions: { fails } })).toMatchObject({
      error: {
        code: 'script_error',
        message: 'Error: no such heap',
        line: 3,
        failingCode: 'const b = await fails(a);',
      },
    });
  });

  test('an answer that is not JSON is an error of the call', async () => {
    const cyclic: { self?: unknown } = {};
    cyclic.self = cyclic;
    const outcome = await sandbox.run({
      code: 'try { await odd() } catch (e) { return e.message }',
      functions: { odd: () => cyclic as Json },
    });
    expect(outcome).toMatchObject({ ok: true, value: expect.stringContaining('circular') });
  });

  test('arguments that are not JSON can be caught', async () => {
    const outcome = await sandbox.run({
      code: 'try { await take(1n) } catch (e) { return e.message }',
      functions: { take: () => null },
    });
    expect(outcome).toMatchObject({ ok: true, value: expect.stringContaining('BigInt') });
  });

  test('only own functions of the run can be called', async () => {
    const code = 'return [typeof toString2, typeof take]';
    expect(await sandbox.run({ code, functions: { take: () => 1 } })).toMatchObject({
      value: ['undefined', 'function'],
    });
    expect(() => sandbox.run({ code, functions: { 'a b': () => 1 } })).toThrow(TypeError);
  });

  test('built-ins rewritten by the code change nothing for the harness', async () => {
    const outcome = await sandbox.run({
      code: `
        JSON.stringify = () => 'x'; JSON.parse = () => 7; String.prototype.slice = () => 'y'.repeat(1e6);
        Promise.prototype.then = () => 8; Reflect.apply = () => 9;
        Object.defineProperty(Object.prototype, '1', { set() { throw new Error('hit') } });
        console.log('hello');
        return await echo({ a: 1 })`,
      functions: { echo: (value) => value },
    });
    expect(outcome).toMatchObject({ ok: true, value: { a: 1 }, console: ['log: hello'] });
  });
});

describe('errors', () => {
  test.each([
    [
      'const a = 1;\nlet b = ;\nreturn a',
      'syntax_error',
      "SyntaxError: Unexpected token ';'",
      2,
      'let b = ;',
    ],
    ['if (true) {\n  return 1', 'syntax_error', "SyntaxError: Unexpected token ')'", 2, '  return 1'],
    ['return 1 })\n(function () {', 'syntax_error', /closes the function/, undefined, /return 1/],
    ['null.x', 'script_error', /Cannot read properties of null/, 1, 'null.x'],
    [
      '\n\nconst f = () => {\n  throw new TypeError("odd")\n};\nf()',
      'script_error',
      'TypeError: odd',
      4,
      /throw/,
    ],
    ['await null;\nJSON.parse("{")', 'script_error', /^SyntaxError: /, 2, 'JSON.parse("{")'],
    ['throw "text"', 'script_error', 'thrown: text', undefined, 'throw "text"'],
    ['throw { reason: 1 }', 'script_error', 'thrown: {"reason":1}', undefined, 'throw { reason: 1 }'],
    ['// comment\r\nnope()', 'script_error', 'ReferenceError: nope is not defined', 2, 'nope()'],
    ['const a = {};\na.a = a;\nreturn a', 'result_not_json', /circular/, undefined, /const a/],
  ])('%j', async (code, errorCode, message, line, failingCode) => {
    const outcome = await sandbox.run({ code });
    const text = (value: string | RegExp): unknown =>
      typeof value === 'string' ? value : expect.stringMatching(value);
    expect(outcome).toMatchObject({
      ok: false,
      error: { code: errorCode, message: text(message), failingCode: text(failingCode) },
    });
    if (!outcome.ok) expect(outcome.error.line).toBe(line);
  });

  test('failing code is cut', async () => {
    const outcome = await sandbox.run({ code: `nope() // ${'x'.repeat(2_000)}` });
    expect(outcome.ok ? '' : outcome.error.failingCode).toHaveLength(500);
  });

  test('code over a megabyte is refused', async () => {
    expect(await sandbox.run({ code: '/'.repeat(2 ** 20 + 1) })).toMatchObject({
      error: { code: 'syntax_error' },
    });
  });
});

describe('console', () => {
  test('is captured at all levels', async () => {
    const code = `console.log('a', 1, { b: [2] }, undefined, null, 3n); console.info('i'); console.warn('w');
      console.error(new TypeError('t')); console.debug(); nope()`;
    expect(await sandbox.run({ code })).toMatchObject({
      ok: false,
      console: ['log: a 1 {"b":[2]} undefined null 3', 'info: i', 'warn: w', 'error: TypeError: t', 'debug:'],
    });
  });

  test('is cut to the limit in bytes', async () => {
    const code = "for (let i = 0; i < 1e4; i++) console.log('ää')";
    const outcome = await sandbox.run({ code, limits: { consoleBytes: 25 } });
    expect(outcome.console).toEqual(['log: ää', 'log: ää', 'log: ä']);
  });

  test('is kept when a limit ends the run', async () => {
    const code = "console.log('before'); let x = 3n; for (;;) x *= x";
    const outcome = await sandbox.run({ code, limits: { cpuMs: 100, memoryMb: 256 } });
    expect(outcome).toMatchObject({ error: { code: 'cpu_limit' }, console: ['log: before'] });
  });

  test('what cannot be read does not fail the run', async () => {
    const code = 'console.log({ get a() { throw 1 } }); return 1';
    expect(await sandbox.run({ code })).toMatchObject({ value: 1, console: ['log: [unreadable]'] });
  });
});

describe('limits', () => {
  test.each([{ cpuMs: 0 }, { wallMs: Number.NaN }, { memoryMb: 4 }, { hostCallMs: 2 ** 40 }, { bogus: 1 }])(
    '%j is refused at once',
    (limits) => {
      expect(() => sandbox.run({ code: '', limits })).toThrow(RangeError);
      expect(() => createSandbox({ limits })).toThrow(RangeError);
    },
  );

  test('those of the run go before those of the sandbox', async () => {
    const strict = createSandbox({ limits: { hostCalls: 0 } });
    const run = { code: 'return await one()', functions: { one: () => 1 } };
    expect(await strict.run(run)).toMatchObject({ error: { code: 'host_call_limit' } });
    expect(await strict.run({ ...run, limits: { hostCalls: 1 } })).toMatchObject({ value: 1 });
    await strict.close();
  });
});
