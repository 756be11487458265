// Code whose result or error is odd, or that reaches for what it must not have.
import { type Case, echo } from './case.ts';

export const values: Case[] = [
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

export const escapes: Case[] = [
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
