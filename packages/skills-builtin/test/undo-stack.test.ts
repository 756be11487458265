import { expect, test } from 'vitest';
import { undoable } from '../src/undo-stack.ts';

test('all that has begun ends once, newest first', () => {
  const ended: string[] = [];
  const undo = undoable((keep) => {
    for (const name of ['first', 'second']) keep(() => ended.push(name));
  });
  expect(ended).toEqual([]);
  undo();
  undo();
  expect(ended).toEqual(['second', 'first']);
});

test('what cannot begin ends what has begun before it', () => {
  const ended: string[] = [];
  const begin = (): unknown =>
    undoable((keep) => {
      keep(() => ended.push('first'));
      throw new Error('no second');
    });
  expect(begin).toThrow('no second');
  expect(ended).toEqual(['first']);
});

test('what fails to end keeps nothing else from ending', () => {
  const ended: string[] = [];
  const undo = undoable((keep) => {
    keep(() => ended.push('first'));
    keep(() => {
      throw new Error('stuck');
    });
  });
  expect(undo).toThrow('stuck');
  expect(ended).toEqual(['first']);
});
