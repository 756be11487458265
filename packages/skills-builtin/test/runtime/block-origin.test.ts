import { expect, test } from 'vitest';
import { originOf } from '../../src/runtime/block-origin.ts';

const frames = (...names: readonly string[]) =>
  names.map((name) => ({ name, file: name === 'work' ? '/srv/app.mjs' : 'node:internal/x' }));

test.each([
  ['a timer', frames('work', 'listOnTimeout', 'processTimers'), 'timer'],
  ['an immediate', frames('work', 'processImmediate'), 'immediate'],
  ['a request', frames('work', 'emit', 'parserOnIncoming', 'parserOnHeadersComplete'), 'request'],
  ['a promise', frames('work', 'processTicksAndRejections'), undefined],
  ['a timer of which only the inner part was kept', frames('listOnTimeout', 'a', 'b', 'work'), undefined],
  ['nothing', [], undefined],
])('%s is told by the outermost frames', (_name, stack, origin) => {
  expect(originOf(stack)).toBe(origin);
});
