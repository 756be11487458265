import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ERRORS } from '../src/error-table.ts';
import { type ErrorCode, fail, fromWire, isError, reasonOf, toWire } from '../src/errors.ts';

const page = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8');
const documented = [...page.matchAll(/^- `(\w+)`( \(retryable\))?: `(.*)`$/gm)].map(
  ([, code, retryable, message]) => ({ code, message, retryable: retryable !== undefined }),
);
const codes = Object.keys(ERRORS) as ErrorCode[];

describe('docs/errors.md', () => {
  test('lists every code once, with its message and whether it is retryable, in the order of the table', () => {
    const table = codes.map((code) => {
      const row: { message: string; retryable?: boolean } = ERRORS[code];
      return { code, message: row.message, retryable: row.retryable === true };
    });
    expect(documented, 'out of step: run `npm run docs:errors`').toEqual(table);
  });
});

describe.each(codes)('%s', (code) => {
  const keys = [...ERRORS[code].message.matchAll(/\{(\w+)\}/g)].map(([, key]) => key as string);

  test('fills its message from its data, says something and ends as a sentence', () => {
    const error = fail(code, Object.fromEntries(keys.map((key) => [key, `<${key}>`])));
    expect(error.message).not.toMatch(/\{\w+\}/);
    for (const key of keys) expect(error.message).toContain(`<${key}>`);
    expect(ERRORS[code].message).toMatch(/^[A-Z"'{].*[.}]$/s);
  });

  test('keeps code, data, cause and retryable across a wire', () => {
    const sent = fail(code, { id: 'a' }, { cause: new TypeError('below') });
    const received = fromWire(JSON.parse(JSON.stringify(toWire(sent))));
    expect(isError(received, code)).toBe(true);
    expect(received).toMatchObject({
      name: 'NodelensError',
      code,
      data: { id: 'a' },
      retryable: sent.retryable,
      message: sent.message,
      stack: sent.stack,
      cause: { name: 'TypeError', message: 'below' },
    });
  });
});

test('a foreign error crosses a wire with its own name and code, and is none of ours', () => {
  const foreign = Object.assign(new RangeError('too far'), { code: 'ERR_FAR' });
  const received = fromWire(toWire(foreign));
  expect(received).toMatchObject({ name: 'RangeError', message: 'too far', code: 'ERR_FAR' });
  expect(isError(received)).toBe(false);
});

test('an unknown code of a newer version arrives as a plain error that still tells its code', () => {
  const received = fromWire({ name: 'NodelensError', code: 'from_the_future', message: 'new' });
  expect(isError(received)).toBe(false);
  expect(received).toMatchObject({ code: 'from_the_future', message: 'new' });
});

test.each([
  ['an error', new Error('said'), 'said'],
  ['an error without words', new TypeError(), 'TypeError'],
  ['a text', 'thrown text', 'thrown text'],
  ['an object', { a: 1 }, '{"a":1}'],
  ['nothing', undefined, 'undefined'],
])('reasonOf reads %s', (_, thrown, said) => {
  expect(reasonOf(thrown)).toBe(said);
});

test('reasonOf survives values that cannot be read', () => {
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  const hostile = {
    toJSON() {
      throw new Error('no');
    },
  };
  for (const thrown of [cycle, hostile]) expect(reasonOf(thrown)).toBe('a value that cannot be read');
});
