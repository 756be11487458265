import { expect, test } from 'vitest';
import { matchOperators } from '../../../src/llm/triage/match.ts';
import { skillNamed } from './briefings.ts';

const candidates = [
  {
    name: 'runtime',
    skill: skillNamed('runtime', {
      title: 'Node runtime',
      description: 'Event loop, CPU and memory of the process',
      keywords: ['memory', 'latency', 'cpu', 'event loop', 'slow', 'blocked'],
    }),
  },
  {
    name: 'gc',
    skill: skillNamed('gc', {
      title: 'Garbage collection',
      description: 'Pauses of the garbage collector, heap pressure and what allocates',
      keywords: ['memory', 'gc', 'latency', 'heap'],
    }),
  },
  {
    name: 'big-things',
    skill: skillNamed('collections', {
      title: 'Collections',
      description: 'The largest and fastest growing Maps and arrays on the heap',
      keywords: ['memory', 'leak', 'growth'],
    }),
  },
];
const all = ['runtime', 'gc', 'big-things'];

test.each([
  ['memory alert', all],
  ['p99 latency is high', ['runtime', 'gc']],
  ['CPU at 100 %', ['runtime']],
  ['the event loop is stuck', ['runtime']],
  ['an event was lost in a loop', all],
  ['main blocks for seconds', ['runtime']],
  ['we are leaking', ['big-things']],
  ['garbage everywhere', ['gc']],
  ['look at big-things', ['big-things']],
  ['collections', ['gc', 'big-things']],
  ['heap grows', ['gc', 'big-things']],
  ['something is wrong', all],
  ['please check the process', all],
  ['arrays', all],
  ['', all],
])('"%s" calls for %j', (reason, expected) => {
  expect(matchOperators(reason, candidates)).toEqual(expected);
});

test('no operators, no match', () => {
  expect(matchOperators('memory', [])).toEqual([]);
});
