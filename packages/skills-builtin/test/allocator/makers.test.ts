import { expect, test } from 'vitest';
import { helpersOf, makersIn } from '../../src/allocator/makers.ts';
import { sourceOf } from '../../src/allocator/source-text.ts';

const SOURCE = sourceOf(`import { readFile } from 'node:fs/promises';
function scan(page: { readonly id: string }): { pixels: Buffer } {
  const label = 'Buffer.alloc(1)'; // new Uint8Array(1)
  return { pixels: Buffer.alloc(9) };
}
const total = (items) => items.reduce((sum, { cents }) => sum + cents, 0);
const frame = (size) => new Uint8Array(size), other = Buffer.from('x');
async function load(name) {
  const text = await readFile(name);
  return text;
}
class Camera {
  shoot() {
    return this.develop(12);
  }
  develop(size) {
    return new Float32Array(size);
  }
}
function handle(id) {
  const { pixels } = scan({ id });
  return total([pixels]);
}
`);

test.each<[string, { line: number; column?: number }, readonly { what: string; line: number }[]]>([
  ['a function with a type of what it returns', { line: 2 }, [{ what: 'Buffer.alloc', line: 4 }]],
  ['an arrow function that makes none', { line: 6, column: 15 }, []],
  ['one of two arrow functions in a line', { line: 7, column: 15 }, [{ what: 'new Uint8Array', line: 7 }]],
  ['what is read from a file', { line: 8 }, [{ what: 'readFile', line: 9 }]],
  ['a method', { line: 16 }, [{ what: 'new Float32Array', line: 17 }]],
  ['a place beyond the file', { line: 99 }, []],
])('%s', (_, place, makes) => {
  expect(makersIn(SOURCE, place)).toMatchObject(makes);
  expect(makersIn(SOURCE, place)).toHaveLength(makes.length);
});

test.each<[number, string, number]>([
  [20, 'scan', 2],
  [13, 'develop', 16],
])('the function in line %i has a helper that makes Buffers: %s', (line, name, helperLine) => {
  expect(helpersOf(SOURCE, { line })).toMatchObject([{ name, line: helperLine }]);
});

test.each<[string, string, boolean]>([
  ['returned at once', 'return Buffer.alloc(1);', true],
  ['a field of what is returned', 'const a = Buffer.alloc(1);\n return { a };', true],
  ['passed on', 'const a: Buffer = Buffer.from(b);\n queue.push(a);', true],
  ['stored', 'this.last = new Uint8Array(4);', true],
  ['only read', 'const a = Buffer.from(b);\n return a.length + a[0];', false],
  ['turned into a text', "return Buffer.from(b).toString('hex');", false],
  ['read from a file and passed on', 'const a = await fs.readFile(b);\n send(a);', true],
])('a Buffer that is %s is handed on or not', (_, body, isHandedOn) => {
  const source = sourceOf(`\nasync function run(b) {\n${body}\n}`);
  expect(makersIn(source, { line: 2 })).toMatchObject([{ isHandedOn }]);
});

test('a helper is found through other functions, as far as V8 inlines', () => {
  const source = sourceOf(
    '\nfunction a() { b(); }\nfunction b() { c(); }\nfunction c() { return Buffer.alloc(1); }',
  );
  expect(helpersOf(source, { line: 2 })).toMatchObject([{ name: 'c', line: 4 }]);
});

test('a keyword in front of a parenthesis is no function', () => {
  const source = sourceOf(
    '\nfunction a(b) {\n  if (b) {\n  }\n}\nfunction c(d) {\n  if (d) {\n    Buffer.alloc(1);\n  }\n}',
  );
  expect(helpersOf(source, { line: 2 })).toEqual([]);
});
