import { expect, test } from 'vitest';
import { nodeCallOf } from '../../src/runtime/node-call.ts';

const frame = (name: string, file: string) => ({ name, file, line: 1, column: 1 });
const culprit = frame('derive', '/srv/passwords.mjs');

test.each([
  [
    'a synchronous child',
    [frame('spawnSync', 'node:internal/child_process'), frame('execFileSync', 'node:child_process'), culprit],
    'child_process.execFileSync',
  ],
  ['a function of Node under an inner name', [frame('syncBufferWrapper', 'node:zlib'), culprit], 'zlib'],
  ['a module that this Node has not', [frame('work', 'node:none'), culprit], 'none'],
  ['code of its own', [culprit, frame('login', '/srv/main.mjs')], undefined],
  ["Node's inner code", [frame('tryOnImmediate', 'node:internal/timers'), culprit], undefined],
  ['a dependency', [frame('hash', '/srv/node_modules/hash/index.js'), culprit], undefined],
  ['a stack without it', [frame('readSync', 'node:fs')], undefined],
])('a function in %s', (_name, stack, call) => {
  expect(nodeCallOf({ culprit, stack })).toBe(call);
});
