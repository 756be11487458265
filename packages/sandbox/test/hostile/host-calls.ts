// Code that misuses host functions, and host functions that do not answer.
import { type Case, echo, never } from './case.ts';

export const hostCalls: Case[] = [
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
    message: /300 ms/,
  },
];
