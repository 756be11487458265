// Code that means harm: each case ends as its typed error within its limit, the host's event loop keeps turning, and
// the next run works.
import { afterAll, describe, expect, test } from 'vitest';
import { createSandbox, type HostFunction, type SandboxErrorCode, type SandboxLimits } from '../src/index.ts';
import { watchLoop } from './heartbeat.ts';

/** What a case may take beyond the limit that ends it: the kill, and a machine shared with other tests. */
const slackMs = 1_500;
const loopGapMs = 400;
const limits: Partial<SandboxLimits> = { cpuMs: 300, wallMs: 3_000, memoryMb: 32, hostCallMs: 300 };

interface Case {
  readonly name: string;
  readonly code: string;
  readonly expected: SandboxErrorCode;
  readonly limits?: Partial<SandboxLimits>;
  readonly functions?: { readonly [name: string]: HostFunction };
  /** The limit that ends it, in ms. Default: the CPU limit. */
  readonly withinMs?: number;
  readonly message?: RegExp;
}

const loopingProxy = 'new Proxy({}, { get() { while (true); } })';
const echo: HostFunction = (value) => value;
const never: HostFunction = () => new Promise(() => undefined);

const time: Case[] = [
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

const memory: Case[] = [
  {
    name: 'a growing array',
    code: 'const a = []; for (;;) a.push(new Array(1000).fill(1.5));',
    expected: 'memory_limit',
  },
  {
    name: 'growing strings',
    code: "const a = []; for (let i = 0; ; i++) a.push((i + 'x').repeat(5000).split('').join('-'));",
    expected: 'memory_limit',
  },
  {
    name: 'growing typed arrays',
    code: 'const a = []; for (;;) a.push(new Uint8Array(1e6));',
    expected: 'memory_limit',
  },
  { name: 'a giant ArrayBuffer', code: 'return new ArrayBuffer(4e9).byteLength', expected: 'memory_limit' },
  {
    name: 'a giant SharedArrayBuffer',
    code: 'return new SharedArrayBuffer(4e9).byteLength',
    expected: 'memory_limit',
  },
  {
    name: 'a resizable ArrayBuffer',
    code: 'const b = new ArrayBuffer(1, { maxByteLength: 1e9 }); b.resize(1e9); return new Uint8Array(b).fill(1).length',
    expected: 'memory_limit',
  },
  {
    name: 'a growing Map',
    code: 'const m = new Map(); for (let i = 0; ; i++) m.set({}, [i, i]);',
    expected: 'memory_limit',
  },
  {
    name: 'what Intl keeps outside the heap',
    code: "const a = []; for (;;) a.push(new Intl.DateTimeFormat('de'), new Intl.Collator('de'));",
    expected: 'memory_limit',
  },
  {
    name: 'a closure chain',
    code: 'let f = () => 0; for (;;) { const g = f; const pad = new Array(100).fill(g); f = () => pad.length + g(); }',
    expected: 'memory_limit',
  },
  {
    name: 'a huge string as the result',
    code: "return 'x'.repeat(2 ** 28)",
    expected: 'memory_limit',
  },
  {
    name: 'a flood of host calls that do not answer, with 1 MB each',
    code: "const s = 'x'.repeat(1e6); for (let i = 0; ; i++) never(s + i);",
    expected: 'memory_limit',
    functions: { never },
  },
].map((entry) => ({ ...entry, limits: { cpuMs: 10_000, wallMs: 10_000 }, withinMs: 6_000 }) as Case);

const values: Case[] = [
  {
    name: 'deep recursion',
    code: 'const f = () => f(); return f()',
    expected: 'script_error',
    message: /call stack/,
  },
  {
    name: 'a string longer than the engine takes',
    code: "return 'x'.repeat(2 ** 30)",
    expected: 'script_error',
    message: /string length/,
  },
  {
    name: 'a result over the limit',
    code: "return 'x'.repeat(70_000)",
    expected: 'output_limit',
    message: /65536/,
  },
  {
    name: 'a result over the limit in bytes only',
    code: "return 'ä'.repeat(40_000)",
    expected: 'output_limit',
    message: /80002/,
  },
  {
    name: 'a result that throws when read',
    code: "return { get a() { throw new Error('no') } }",
    expected: 'result_not_json',
    message: /Error: no/,
  },
  {
    name: 'a Proxy that throws when read',
    code: "return new Proxy({}, { ownKeys() { throw new Error('no') } })",
    expected: 'result_not_json',
  },
  {
    name: 'a cyclic result',
    code: 'const a = {}; a.a = a; return a',
    expected: 'result_not_json',
    message: /circular/,
  },
  { name: 'a BigInt', code: 'return { n: 1n }', expected: 'result_not_json', message: /BigInt/ },
  { name: 'a function', code: 'return () => 1', expected: 'result_not_json', message: /function/ },
  { name: 'a symbol', code: "return Symbol('x')", expected: 'result_not_json', message: /symbol/ },
  {
    name: 'a deeply nested result',
    code: 'let a = []; for (let i = 0; i < 5000; i++) a = [a]; return a',
    expected: 'result_not_json',
    message: /deeper/,
  },
  {
    name: 'a promise that never resolves',
    code: 'await new Promise(() => {})',
    expected: 'script_error',
    message: /nothing will settle/,
  },
  {
    name: 'a thrown object that throws when read',
    code: 'throw new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 1 } })',
    expected: 'script_error',
    message: /cannot be read/,
  },
  { name: 'thrown null', code: 'throw null', expected: 'script_error', message: /thrown: null/ },
  {
    name: 'a giant message',
    code: "throw new Error('x'.repeat(1e6))",
    expected: 'script_error',
    message: /^.{0,1000}$/,
  },
];

const hostCalls: Case[] = [
  {
    name: 'a host call that hangs',
    code: 'await never()',
    expected: 'host_call_limit',
    functions: { never },
    message: /never\(\) did not answer within 300 ms/,
  },
  {
    name: 'a hanging host call that nobody awaits',
    code: 'never(); await echo(1); await never()',
    expected: 'host_call_limit',
    functions: { never, echo },
  },
  {
    name: 'too many host calls',
    code: 'for (;;) await echo(1);',
    expected: 'host_call_limit',
    functions: { echo },
    limits: { cpuMs: 3_000 },
    message: /200/,
  },
  {
    name: 'a host flood without waiting',
    code: 'for (;;) echo(1);',
    expected: 'host_call_limit',
    functions: { echo },
    limits: { memoryMb: 256 },
  },
  {
    name: 'a host flood with 1 MB strings',
    code: "const s = 'x'.repeat(1e6); for (;;) await echo(s);",
    expected: 'host_call_limit',
    functions: { echo: () => null },
    limits: { cpuMs: 6_000, wallMs: 20_000, memoryMb: 64 },
    withinMs: 15_000,
  },
  {
    name: 'arguments over the limit',
    code: "await echo('x'.repeat(2e6))",
    expected: 'host_call_limit',
    functions: { echo },
    message: /1048576/,
  },
  {
    name: 'arguments over the limit in bytes only',
    code: "await echo('ä'.repeat(6e5))",
    expected: 'host_call_limit',
    functions: { echo },
  },
  {
    name: 'an answer over the limit',
    code: 'return await big()',
    expected: 'host_call_limit',
    functions: { big: () => 'x'.repeat(2e6) },
    message: /big\(\)/,
  },
  {
    name: 'deeply nested arguments',
    code: 'let a = []; for (let i = 0; i < 1000; i++) a = [a]; await echo(a)',
    expected: 'host_call_limit',
    functions: { echo },
  },
  {
    name: 'a host call to outlast the wall clock',
    code: 'await never()',
    expected: 'wall_limit',
    functions: { never },
    limits: { wallMs: 300, hostCallMs: 5_000 },
  },
];

const escapes: Case[] = [
  ['process', 'return process.pid'],
  ['require', "return require('fs')"],
  ['import', "return await import('node:fs')"],
  ['constructor.constructor', "return this.constructor.constructor('return process')().pid"],
  ['the constructor of a host function', "return echo.constructor('return process')().pid"],
  ['the constructor of an answer', "return (await echo({})).constructor.constructor('return process')().pid"],
  ['the constructor of a promise', "return echo(1).constructor.constructor('return process')().pid"],
  ['the caller of a callback', 'return (function f() { return f.caller.caller.arguments[0] })().x'],
  ['WebAssembly', 'return new WebAssembly.Memory({ initial: 1 }).buffer.byteLength'],
  ['timers', 'setTimeout(() => {}, 1)'],
  ['fetch', "return await fetch('http://127.0.0.1')"],
].map(
  ([name, code]) =>
    ({ name: `reaching for ${name}`, code, expected: 'script_error', functions: { echo } }) as Case,
);

const sandbox = createSandbox({ limits });
afterAll(() => sandbox.close());

describe.each([
  ['time', time],
  ['memory', memory],
  ['values', values],
  ['host calls', hostCalls],
  ['escapes', escapes],
])('%s', (_, cases) => {
  test.each(cases)('$name ends as $expected', async (entry) => {
    const stopWatching = watchLoop();
    const outcome = await sandbox.run({
      code: entry.code,
      functions: entry.functions ?? {},
      limits: entry.limits ?? {},
    });
    const gapMs = stopWatching();
    expect(outcome).toMatchObject({ ok: false, error: { code: entry.expected } });
    if (!outcome.ok && entry.message) expect(outcome.error.message).toMatch(entry.message);
    expect(outcome.durationMs).toBeLessThan((entry.withinMs ?? 300) + slackMs);
    expect(gapMs).toBeLessThan(loopGapMs);
    expect(await sandbox.run({ code: 'return 6 * 7' })).toMatchObject({ ok: true, value: 42 });
  });
});
