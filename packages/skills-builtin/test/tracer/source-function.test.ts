import { expect, test } from 'vitest';
import { readFunction } from '../../src/tracer/source-function.ts';

test.each([
  ['function f(a, b) { return a }', { isAsync: false, isArrow: false }],
  ['async load(id) { return id }', { isAsync: true, isArrow: false }],
  ['*walk(tree) { yield tree }', { isGenerator: true }],
  ['async function* walk() { }', { isAsync: true, isGenerator: true }],
  ['[key("(")](a) { return a }', { isArrow: false }],
  ['x => x + 1', { isArrow: true, parameters: ['x'] }],
  ['async x => { await x }', { isAsync: true, isArrow: true, parameters: ['x'] }],
  ['(a, {b, c}, ...rest) => a', { isArrow: true, parameters: ['a', undefined, 'rest'] }],
  ['(a = ")", b = [1, (2)], /* ) */ c) => a', { isArrow: true, parameters: ['a', 'b', 'c'] }],
  ['() => {}', { isArrow: true, parameters: [] }],
  ['f(n) { while (n--) {} }', { beginsWithLoop: true }],
  ['f(n) { /* all */ do { n-- } while (n) }', { beginsWithLoop: true }],
  ['f(n) { for (;;) { } }', { beginsWithLoop: true }],
  ['f(n) { for (let i = 0; i < n; i++) { } }', { beginsWithLoop: false }],
  ['f(n) { for (const x of n) { } }', { beginsWithLoop: false }],
  ['f(n) { document(n) }', { beginsWithLoop: false }],
])('reads %s', (text, told) => {
  expect(readFunction(text)).toMatchObject(told);
});

test.each(['', 'class A { }', '(a, b', 'const a = 1'])('does not understand %j', (text) => {
  expect(readFunction(text)).toBeUndefined();
});
