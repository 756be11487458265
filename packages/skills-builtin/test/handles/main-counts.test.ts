import { expect, test } from 'vitest';
import { isSteady } from '../../src/handles/main-counts.ts';

type ByType = Readonly<Record<string, number>>;

test.for<[string, readonly ByType[], boolean]>([
  ['one answer tells nothing', [{ Timeout: 3 }], false],
  [
    'the same as before',
    [
      { Timeout: 3, Pipe: 1 },
      { Timeout: 3, Pipe: 1 },
    ],
    true,
  ],
  ['one more', [{ Timeout: 3 }, { Timeout: 4 }], false],
  ['one less', [{ Timeout: 3, Pipe: 1 }, { Timeout: 3 }], false],
  ['something new', [{ Timeout: 3 }, { Timeout: 3, FSEventWrap: 1 }], false],
  ['as long as the last two are the same', [{ Timeout: 1 }, { Timeout: 3 }, { Timeout: 3 }], true],
])('main may be asked less often at rest: %s', ([, counts, expected]) => {
  expect(isSteady(counts.map((byType) => ({ byType })))).toBe(expected);
});
