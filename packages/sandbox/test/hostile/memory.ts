// Code that takes all memory.
import { type Case, never } from './case.ts';

export const memory: Case[] = [
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
