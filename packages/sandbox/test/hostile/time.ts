// Code that does not end.
import { type Case, echo } from './case.ts';

const loopingProxy = 'new Proxy({}, { get() { while (true); } })';

export const time: Case[] = [
  { name: 'an endless loop', code: 'while (true);', expected: 'cpu_limit' },
  {
    name: 'an endless loop in finally',
    code: 'for (;;) try { for (;;); } finally { continue; }',
    expected: 'cpu_limit',
  },
  { name: 'an endless promise chain', code: 'for (;;) await null;', expected: 'cpu_limit' },
  {
    name: 'an endless promise chain after the result',
    code: 'const f = () => Promise.resolve().then(f); f(); await null; for (;;) await null;',
    expected: 'cpu_limit',
  },
  {
    name: 'a catastrophic regular expression',
    code: "return /(a+)+$/.test('a'.repeat(40) + 'b')",
    expected: 'cpu_limit',
  },
  { name: 'BigInt squaring', code: 'let x = 3n; for (;;) x *= x;', expected: 'cpu_limit' },
  { name: 'a thrown Proxy with a looping trap', code: `throw ${loopingProxy}`, expected: 'cpu_limit' },
  {
    name: 'a rejected promise with that Proxy',
    code: `await Promise.reject(${loopingProxy})`,
    expected: 'cpu_limit',
  },
  {
    name: 'an unhandled rejection with that Proxy',
    code: `Promise.reject(${loopingProxy}); await new Promise(() => {})`,
    expected: 'cpu_limit',
  },
  { name: 'a returned Proxy with a looping trap', code: `return ${loopingProxy}`, expected: 'cpu_limit' },
  {
    name: 'that Proxy as an argument',
    code: `await echo(${loopingProxy})`,
    expected: 'cpu_limit',
    functions: { echo },
  },
  { name: 'that Proxy on the console', code: `console.log(${loopingProxy})`, expected: 'cpu_limit' },
  { name: 'a looping toJSON', code: 'return { toJSON() { while (true); } }', expected: 'cpu_limit' },
  {
    name: 'a looping message getter',
    code: "throw Object.defineProperty(new Error('x'), 'message', { get() { while (true); } })",
    expected: 'cpu_limit',
  },
  {
    name: 'a looping stack getter',
    code: "throw Object.defineProperty(new Error('x'), 'stack', { get() { while (true); } })",
    expected: 'cpu_limit',
  },
  {
    name: 'a looping Error.prepareStackTrace',
    code: "Error.prepareStackTrace = () => { while (true); }; throw new Error('x')",
    expected: 'cpu_limit',
  },
  {
    name: 'a looping thenable',
    code: 'return { then() { while (true); } }',
    expected: 'cpu_limit',
  },
  {
    name: 'a loop after a host call',
    code: 'await echo(1); while (true);',
    expected: 'cpu_limit',
    functions: { echo },
  },
  {
    name: 'Atomics.wait',
    code: 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)',
    expected: 'wall_limit',
    limits: { wallMs: 400 },
    withinMs: 400,
  },
  {
    name: 'a giant sort',
    code: 'new Float64Array(1e6).map(() => Math.random()).sort((a, b) => a - b); for (;;);',
    expected: 'cpu_limit',
    limits: { memoryMb: 128 },
  },
];
