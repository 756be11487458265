import { expect, onTestFinished, test } from 'vitest';
import { takeStack, textOf } from '../src/raw-stack.ts';

function withPrepare(prepare: NonNullable<typeof Error.prepareStackTrace>): void {
  const before = Error.prepareStackTrace;
  Error.prepareStackTrace = prepare;
  onTestFinished(() => {
    if (before === undefined) Reflect.deleteProperty(Error, 'prepareStackTrace');
    else Error.prepareStackTrace = before;
  });
}

test('the frames begin under the function that is given', () => {
  function probe(): string | undefined {
    return textOf(takeStack(probe, 5));
  }
  function caller(): string | undefined {
    return probe();
  }
  const frames = caller()?.match(/^\s+at .*$/gm);
  expect(frames?.[0]).toContain('caller');
  expect(frames).toHaveLength(5);
});

test("an app's own prepareStackTrace that throws is not noticed, and its limit stays", () => {
  const limit = Error.stackTraceLimit;
  withPrepare(() => {
    throw new Error("the app's own");
  });
  expect(textOf(takeStack(withPrepare, 50))).toBeUndefined();
  expect(Error.stackTraceLimit).toBe(limit);
});

test('what is no text is no stack', () => {
  withPrepare((_, sites) => sites);
  expect(textOf(takeStack(withPrepare, 5))).toBeUndefined();
});
