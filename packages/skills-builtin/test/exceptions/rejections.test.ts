import { execFile } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test, vi } from 'vitest';
import { NUMBERS } from '../../src/exceptions/counters.ts';
import { createOutlet } from '../../src/exceptions/probe-outlet.ts';
import { watchRejections } from '../../src/exceptions/probe-process.ts';

function rejections(isAlwaysSafe = false) {
  const target = new EventEmitter();
  const tell = vi.fn<(...args: unknown[]) => void>();
  const outlet = { ...createOutlet({ numbers: new Float64Array(NUMBERS), answer() {}, emit() {} }), tell };
  const undo = watchRejections(outlet, target, isAlwaysSafe);
  /** What Node asks: does anybody handle it? */
  const reject = (): boolean => target.emit('unhandledRejection', new Error('no'), Promise.resolve());
  return { target, tell, undo, reject };
}

test('a rejection that the app does not listen for is left to Node', () => {
  const { target, tell, reject } = rejections();
  expect(reject()).toBe(false);
  const listener = (): void => {};
  target.on('unhandledRejection', listener);
  expect(reject()).toBe(true);
  target.off('unhandledRejection', listener);
  expect(reject()).toBe(false);
  target.once('unhandledRejection', listener);
  expect([reject(), reject()]).toEqual([true, false]);
  target.on('unhandledRejection', listener);
  target.removeAllListeners('unhandledRejection');
  expect([reject(), target.listenerCount('unhandledRejection')]).toEqual([false, 0]);
  expect(tell).toHaveBeenCalledTimes(2);
});

test('a listener from before is seen, and nothing is left behind', () => {
  const { target, tell, undo, reject } = rejections();
  target.on('unhandledRejection', () => {});
  reject();
  undo();
  reject();
  expect(tell).toHaveBeenCalledTimes(1);
  expect(target.listenerCount('unhandledRejection')).toBe(1);
  expect(target.eventNames()).toEqual(['unhandledRejection']);
});

test('two of us do not take each other for a listener of the app', () => {
  const { target, reject, undo } = rejections();
  const outlet = createOutlet({ numbers: new Float64Array(NUMBERS), answer() {}, emit() {} });
  const undoOther = watchRejections(outlet, target, false);
  const listener = (): void => {};
  target.on('unhandledRejection', listener);
  target.off('unhandledRejection', listener);
  expect(reject()).toBe(false);
  undo();
  undoOther();
});

test('where the mode makes no difference it always listens', () => {
  const { tell, reject } = rejections(true);
  expect(reject()).toBe(true);
  expect(tell).toHaveBeenCalledTimes(1);
});

const SCRIPT = `
  const { watchExceptions } = await import(process.env.PROBE);
  watchExceptions({ numbers: new Float64Array(9), answer() {}, emit: ({ kind, message }) => console.log(kind, message) }, {});
  const own = () => console.log('own');
`;

/** Runs a script with the probe; how it ended, and what was told. */
async function run(script: string, execArgv: readonly string[] = []): Promise<[number, string]> {
  const argv = ['--conditions=@nodelens/source', ...execArgv, '--input-type=module', '-e', SCRIPT + script];
  const PROBE = fileURLToPath(new URL('../../src/exceptions/probe.ts', import.meta.url));
  const { NODE_V8_COVERAGE: _, ...env } = process.env;
  try {
    const { stdout } = await promisify(execFile)(process.execPath, argv, { env: { ...env, PROBE } });
    return [0, stdout.trim()];
  } catch (error) {
    const { code, stdout } = error as { code: number; stdout: string };
    return [code, stdout.trim()];
  }
}

const wait = `await new Promise((resolve) => setImmediate(resolve)); console.log('lives');`;

test.concurrent.each<[string, string, string[], [number, string]]>([
  ['a rejection ends the process', 'Promise.reject(new Error("no"));', [], [1, 'rejection no']],
  ['an exception ends it', 'setImmediate(() => { throw new Error("no"); });', [], [1, 'uncaught no']],
  [
    'a listener of the app goes on',
    'process.on("unhandledRejection", own); Promise.reject("no");',
    [],
    [0, 'rejection no\nown\nlives'],
  ],
  [
    'a listener that is gone does not',
    'process.on("unhandledRejection", own); process.off("unhandledRejection", own); Promise.reject(new Error("no"));',
    [],
    [1, 'rejection no'],
  ],
  [
    'nor one that went together with our watch',
    'process.on("unhandledRejection", own); process.removeAllListeners("removeListener"); process.off("unhandledRejection", own); Promise.reject(new Error("no"));',
    [],
    [1, 'rejection no'],
  ],
  [
    'the mode warn goes on',
    'Promise.reject(new Error("no"));',
    ['--unhandled-rejections=warn'],
    [0, 'rejection no\nlives'],
  ],
])('Node does what it would have done: %s', { timeout: 15_000 }, async (_, script, execArgv, expected) => {
  expect(await run(script + wait, execArgv)).toEqual(expected);
});
