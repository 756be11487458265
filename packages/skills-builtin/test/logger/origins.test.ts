import { expect, test } from 'vitest';
import { createOrigins } from '../../src/logger/origins.ts';
import { createTakeStack } from '../../src/logger/probe-stacks.ts';
import { thrownBy } from '../../src/logger/thrown-by.ts';

/** `write log.mjs:7` is a frame in /srv/log.mjs. */
const stack = (...frames: readonly string[]): string =>
  frames
    .map((frame) => frame.split(' '))
    .map(([name, at]) => `    at ${name} (file:///srv/${at}:5)`)
    .join('\n');

test('a function through which different code logs is not the origin, nor is the rest of its file', () => {
  const origins = createOrigins();
  origins.add(
    'flood',
    stack('write log.mjs:7', 'debug log.mjs:12', 'cheapest tariffs.mjs:15', 'quote quotes.mjs:9'),
  );
  origins.add(
    'made',
    stack('write log.mjs:7', 'info log.mjs:13', 'quote quotes.mjs:11', 'answer main.mjs:20'),
  );
  expect(origins.of('flood')).toMatchObject({
    place: { name: 'cheapest', file: '/srv/tariffs.mjs', line: 15 },
    through: { name: 'write', file: '/srv/log.mjs' },
  });
  expect(origins.of('made')).toMatchObject({ place: { name: 'quote', line: 11 } });
});

test('in an app of one file the logging function is told from the rest', () => {
  const origins = createOrigins();
  origins.add('a', stack('log main.mjs:3', 'price main.mjs:30', 'answer main.mjs:60'));
  origins.add('b', stack('log main.mjs:3', 'answer main.mjs:61'));
  expect(origins.of('a')?.place.name).toBe('price');
  expect(origins.of('b')?.place.name).toBe('answer');
});

test('who calls the library itself is the origin, whoever calls it', () => {
  const origins = createOrigins();
  const library = '../srv/node_modules/pino/tools.js:40';
  origins.add('a', stack(`asJson ${library}`, 'charge pay.mjs:10', 'checkout shop.mjs:5'));
  origins.add('a', stack(`asJson ${library}`, 'charge pay.mjs:10', 'retry jobs.mjs:8'));
  origins.add('b', stack(`asJson ${library}`, 'charge pay.mjs:14', 'checkout shop.mjs:5'));
  expect(origins.of('a')).toMatchObject({ place: { name: 'charge' }, through: undefined });
  expect(origins.of('unknown')).toBeUndefined();
});

test('lines of one shape take one stack in a second, and all of them ten', () => {
  const take = createTakeStack();
  const taken = (texts: readonly string[]): number =>
    texts.filter((text) => take(text, false) !== undefined).length;
  expect(taken(Array.from({ length: 50 }, (_, id) => `{"time":${id},"msg":"row considered"}`))).toBe(1);
  expect(taken(['quote made'])).toBe(1);
  expect(taken(Array.from({ length: 50 }, (_, id) => 'x'.repeat(id + 1)))).toBe(8);
  expect(take('something severe', true)).toContain('origins.test.ts');
});

test('a single stack is read without the functions that are known to log', () => {
  const origins = createOrigins();
  origins.add('a', stack('write log.mjs:7', 'info log.mjs:13', 'quote quotes.mjs:11'));
  origins.add('b', stack('write log.mjs:7', 'debug log.mjs:12', 'charge pay.mjs:8'));
  expect(origins.placeIn(stack('write log.mjs:7', 'info log.mjs:13', 'price pricing.mjs:3'))?.name).toBe(
    'price',
  );
  expect(origins.placeIn(stack('answer main.mjs:3'))?.name).toBe('answer');
  expect(origins.placeIn('')).toBeUndefined();
});

test.each<[string, string, string | undefined]>([
  ['its own code', '    at total (file:///srv/cart.mjs:5:9)\n    at answer (/srv/main.mjs:9:2)', 'total'],
  [
    'the language, called by its own code',
    '    at JSON.parse (<anonymous>)\n    at read (/srv/feed.mjs:4:8)',
    'read',
  ],
  ['a dependency', '    at parse (/srv/node_modules/x/y.js:1:2)\n    at read (/srv/feed.mjs:4:8)', undefined],
  ['Node', '    at TCPConnectWrap.x (node:net:1:2)\n    at async ask (/srv/feed.mjs:4:8)', undefined],
  ['nobody that is told', 'Error: no stack', undefined],
])('who threw an error that %s has thrown', (_, frames, name) => {
  expect(thrownBy(`TypeError: x\n${frames}`)?.name).toBe(name);
});
