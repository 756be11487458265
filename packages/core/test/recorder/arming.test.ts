import { expect, test } from 'vitest';
import { armingObstacle } from '../../src/recorder/instruments/arming.ts';

test.for<[string, readonly string[], NodeJS.ProcessEnv, string | undefined]>([
  ['nothing', [], {}, undefined],
  [
    'other options',
    ['--import', 'x', '--max-old-space-size=99'],
    { NODE_OPTIONS: '--enable-source-maps' },
    undefined,
  ],
  ['a CPU profile', ['--cpu-prof'], {}, '--cpu-prof'],
  ['a heap profile by NODE_OPTIONS', [], { NODE_OPTIONS: '--trace-gc --heap-prof' }, '--heap-prof'],
  ['a debugger with port', ['--inspect=0.0.0.0:9229'], {}, '--inspect'],
  ['a waiting debugger', ['--inspect-brk'], {}, '--inspect-brk'],
  ['coverage', [], { NODE_V8_COVERAGE: '/tmp/coverage' }, 'NODE_V8_COVERAGE'],
])('%s', ([, execArgv, env, expected]) => {
  expect(armingObstacle(execArgv, env)).toBe(expected);
});
