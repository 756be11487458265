import { expect, test } from 'vitest';
import { idsAhead, randomId } from '../src/ids.ts';

test('an id is 16 lowercase hex characters, and none comes twice', () => {
  const ahead = idsAhead();
  const ids = Array.from({ length: 100 }, (_, index) => (index % 2 === 0 ? randomId() : ahead()));
  expect(ids.filter((id) => !/^[0-9a-f]{16}$/.test(id))).toEqual([]);
  expect(new Set(ids).size).toBe(ids.length);
});
