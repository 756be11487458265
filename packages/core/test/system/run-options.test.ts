// Options of one run: what is wrong is named, and told in words.
import { expect, test } from 'vitest';
import { pipeline } from '../../src/coordinator/strategy-ref.ts';
import { isError } from '../../src/errors.ts';
import {
  type CoordinatorRunOptions,
  type RunContext,
  validateContext,
  validateCoordinatorOptions,
} from '../../src/system/run-options.ts';

const complaintOf = (check: () => unknown): unknown => {
  try {
    check();
    return 'fine';
  } catch (error) {
    return isError(error, 'option_invalid') ? [error.data.option, error.data.reason] : error;
  }
};

test.for<[string, unknown, string, string]>([
  ['nothing', undefined, 'context', "it must be an object: write { reason: 'requests hang' }."],
  ['a text', 'requests hang', 'context', 'it must be an object: write { reason'],
  ['no reason', {}, 'reason', 'it is missing'],
  ['an empty reason', { reason: '' }, 'reason', 'it must be a text that is not empty.'],
  ['what is not JSON', { reason: 'x', big: 1n }, 'context', 'it is not JSON.'],
])('a context of %s is refused in words', ([, context, option, reason]) => {
  expect(complaintOf(() => validateContext(context as RunContext))).toEqual([
    option,
    expect.stringContaining(reason),
  ]);
});

test.for<[unknown, string, string]>([
  [{ timeout: 5 }, 'timeout', 'there is no such option; known: timeoutMs, signal, maxPauseMs, skills'],
  [{ timeoutMs: 0 }, 'timeoutMs', 'it must be a number from 1 on.'],
  [{ maxPauseMs: -1 }, 'maxPauseMs', 'it must be a number from 0 on.'],
  [{ signal: {} }, 'signal', 'it must be an AbortSignal.'],
  [{ skills: 'gc' }, 'skills', 'it must be a list of names that is not empty.'],
  [{ skills: [] }, 'skills', 'it must be a list of names that is not empty.'],
  [{ skills: [1] }, 'skills', 'it must be a list of names that is not empty.'],
  [{ maxIterations: 1_001 }, 'maxIterations', 'it must be a whole number from 1 to 1000.'],
  [{ strategy: 'pipeline' }, 'strategy', 'it must be a strategy or a function: write pipeline().'],
  [{ strategy: null }, 'strategy', 'it must be a strategy or a function'],
])('%j is refused in words', ([options, option, reason]) => {
  expect(complaintOf(() => validateCoordinatorOptions(options as CoordinatorRunOptions))).toEqual([
    option,
    expect.stringContaining(reason),
  ]);
});

test('what a run may be given passes', () => {
  const { signal } = new AbortController();
  const options = { timeoutMs: 1, signal, maxPauseMs: 0, skills: ['gc'], maxIterations: 1000 };
  expect(complaintOf(() => validateCoordinatorOptions({ ...options, strategy: pipeline() }))).toBe('fine');
  expect(complaintOf(() => validateCoordinatorOptions({ strategy: async () => undefined }))).toBe('fine');
  expect(validateContext({ reason: 'x', more: { of: ['it'] } })).toEqual({
    reason: 'x',
    more: { of: ['it'] },
  });
});
