import { expect, test } from 'vitest';
import { sourceText } from '../../src/tracer/functions.ts';
import { planTrace, type TracePlan } from '../../src/tracer/plan.ts';

/** Breakable places are marked: `@` a statement, `@c` a call, `@r` the return. */
function plan(marked: string): TracePlan {
  const places: { readonly offset: number; readonly type?: string }[] = [];
  let text = '';
  for (const [at, part] of marked.split('@').entries()) {
    const type = { c: 'call', r: 'return' }[at === 0 ? '' : part.slice(0, 1)];
    if (at > 0) places.push({ offset: text.length, ...(type !== undefined && { type }) });
    text += type === undefined ? part : part.slice(1);
  }
  const source = sourceText(text);
  const locations = places.map(({ offset, ...type }) => ({ ...source.positionOf(offset), ...type }));
  return planTrace({ source, from: 0, to: text.length, locations });
}

const conditions = (told: TracePlan): readonly string[] =>
  told.breakpoints.map(({ condition }) =>
    condition.replace(/^.*\)\]\?\./, '').replaceAll(/globalThis\S+\)\]/g, 'R'),
  );

test.each([
  ['function f(a) {\n @work(a);\n@r}', ['enter(arguments)', 'leave()']],
  ['function f(a = @cfirst()) {\n @work(a);\n@r}', ['enter(arguments)', 'leave()']],
  ['(a, {b}) => { @work(a);@r}', ['enter([a,R.hidden])', 'leave()']],
  ['async x => { @await x;@r}', ['enter([x])']],
  [
    'f(a) {\n @if (a) @throw new my.Oops(a);\n @if (b) @throw b;\n @throw call(@c());\n@r}',
    [
      'enter(arguments)',
      'leave()',
      'throwing("my.Oops",{line:2,column:9})',
      'throwing("an error",{line:3,column:9},b)',
      'throwing("an error",{line:4,column:2})',
    ],
  ],
])('breakpoints of %j', (marked, expected) => {
  expect(conditions(plan(marked))).toEqual(expected);
});

test('the list of a loop is evaluated once, its variable at each turn', () => {
  const { entry } = plan('function f(a) { for (const @cx of @a) { @g(x); } @r}');
  expect(entry).toEqual({ lineNumber: 0, columnNumber: 'function f(a) { for (const x of '.length });
});

test.each([
  ['() => @1', 'none'],
  ['*f() { @yield 1; @r}', 'none'],
  ['async f() { @await 1; @r}', 'promise'],
  ['f() { @g(); @r}', 'return'],
])('what can be timed of %j: %s', (marked, timing) => {
  expect(plan(marked).timing).toBe(timing);
});

test.each([
  ['f() { while (@a) { @g(); } @r}', 'begins with a loop'],
  ['class A { }', 'not understood'],
  ['f() { }', 'no place'],
])('refuses %j', (marked, reason) => {
  expect(() => plan(marked)).toThrow(reason);
});
