import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fingerprintOf, isControl } from '../../src/postgres/fingerprint.ts';

test.each([
  ['SELECT 1', 'SELECT ?'],
  ["select * from t1 where a = 'it''s' and b=-2.5e3", 'select * from t1 where a = ? and b=-?'],
  ['SELECT  a,\n\tb FROM "my 1st table" WHERE id=$1', 'SELECT a, b FROM "my 1st table" WHERE id=?'],
  ['SELECT * FROM o WHERE id IN ($1, $2,$3)', 'SELECT * FROM o WHERE id IN (?, …)'],
  ['SELECT * FROM o WHERE id IN (7)', 'SELECT * FROM o WHERE id IN (?, …)'],
  ["INSERT INTO o VALUES (1, 'a'), (2, 'b'), (3, 'c')", 'INSERT INTO o VALUES (?, …), …'],
  ['SELECT ARRAY[1,2,3]', 'SELECT ARRAY[?, …]'],
  ["SELECT E'a\\'b', $x$ secret $1 $x$, $$ more $$, X'1f'", 'SELECT ?, ?, ?, ?'],
  ['/* from billing 4711 */ SELECT 1 -- why\nFROM t', 'SELECT ? FROM t'],
  ["SELECT * FROM users WHERE name = 'cut off he", 'SELECT * FROM users WHERE name = ?'],
  ['SELECT $tag$ cut off', 'SELECT ?'],
  ['   ', '(empty)'],
])('%s', (text, fingerprint) => {
  expect(fingerprintOf(text)).toBe(fingerprint);
});

test('no value of a statement is left, whatever it is, in linear time', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z'" $\\-]{0,40}$/), (value) => {
      const secret = `s3cr3t${value}`;
      const text = `SELECT * FROM t WHERE a = '${secret.replaceAll("'", "''")}' AND b = 1`;
      expect(fingerprintOf(text)).toBe('SELECT * FROM t WHERE a = ? AND b = ?');
    }),
  );
  const before = performance.now();
  for (const part of ['(1,', "'", '$a', '/*', '--', '"', '1e', '( ?, ']) fingerprintOf(part.repeat(20_000));
  expect(performance.now() - before).toBeLessThan(2_000);
});

test.each([
  ['BEGIN', true],
  ['commit', true],
  ['SET search_path = ?', true],
  ['(empty)', true],
  ['SELECT ?', false],
  ['ENDPOINT', false],
])('%s is control: %s', (fingerprint, is) => {
  expect(isControl(fingerprint)).toBe(is);
});
