import { expect, test } from 'vitest';
import { bucket, HIDDEN, shapeOfArguments } from '../../src/tracer/shape.ts';

class Order {
  readonly id = 7;
  readonly lines = ['a', 'b', 'c'];
  get total(): number {
    throw new Error('a getter of the app was called');
  }
}

const trap = (): never => {
  throw new Error('a trap of the app was called');
};
const proxy = new Proxy(
  {},
  { get: trap, ownKeys: trap, getPrototypeOf: trap, getOwnPropertyDescriptor: trap },
);
const withGetter = Object.defineProperty({}, 'lazy', { get: trap, enumerable: true });
const odd = { constructor: proxy, 'bob@example.org': 1, tok3n4f9a8: 2, ok: true };
const many = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`key${at}`, at]));

test.each([
  [[], '()'],
  [
    ['secret', 1, null, undefined, true, 5n, Symbol('x')],
    '(string(5..8), number, null, undefined, boolean, bigint, symbol)',
  ],
  [[() => 1, new Date(), new Map([[1, 2]]), new Set()], '(function, Date{}, Map(1), Set(0))'],
  [[new Order()], '(Order{id: number, lines: Array(3..4)})'],
  [[[new Order(), 1], []], '(Array(2) of Order, Array(0))'],
  [[Buffer.alloc(100), new Float64Array(2)], '(Buffer(65..128 bytes), Float64Array(9..16 bytes))'],
  [[proxy, withGetter], '(Proxy, Object{lazy: accessor})'],
  [[odd], '(Object{constructor: Proxy, ok: boolean, +2 keys})'],
  [[many], `(Object{${Array.from({ length: 8 }, (_, at) => `key${at}: number`).join(', ')}, +4 keys})`],
  [[Object.create(null), HIDDEN], '(Object{}, destructured)'],
  [Array.from({ length: 10 }, () => 1), `(${'number, '.repeat(8)}+2 more)`],
])('shapes of %#', (values, shape) => {
  expect(shapeOfArguments(values)).toBe(shape);
});

test('lengths are told as powers of two', () => {
  expect([0, 1, 2, 3, 4, 5, 16, 17, 1_000].map(bucket)).toEqual([
    '0',
    '1',
    '2',
    '3..4',
    '3..4',
    '5..8',
    '9..16',
    '17..32',
    '513..1024',
  ]);
});
