import { expect, test } from 'vitest';
import { Mailbox } from '../../src/actor/messages/mailbox.ts';

const open = (capacity = 10): Mailbox<string, number> => new Mailbox(capacity);

test('user messages come out in order, control messages before them', () => {
  const mailbox = open();
  mailbox.offer(1);
  mailbox.offer(2);
  mailbox.offerControl('ping');
  expect([mailbox.take(), mailbox.take(), mailbox.take(), mailbox.take()]).toEqual(['ping', 1, 2, undefined]);
});

test('a full user lane refuses, and still takes control messages', () => {
  const mailbox = open(2);
  expect([mailbox.offer(1), mailbox.offer(2), mailbox.offer(3)]).toEqual([undefined, undefined, 3]);
  expect(mailbox.offerControl('ping')).toBe(true);
  expect(mailbox.size).toBe(3);
  mailbox.take();
  mailbox.take();
  expect(mailbox.offer(3)).toBeUndefined();
});

test.each([
  ['reject', 3, [1, 2]],
  ['drop-oldest', 1, [2, 3]],
  ['drop-newest', 2, [1, 3]],
] as const)('%s: what has to go is handed back', (overflow, dropped, left) => {
  const mailbox = new Mailbox<string, number>(2, overflow);
  mailbox.offer(1);
  mailbox.offer(2);
  expect(mailbox.offer(3)).toBe(dropped);
  expect(mailbox.drain()).toEqual(left);
});

test('one message can be taken out, the others keep their order', () => {
  const mailbox = open();
  for (const n of [1, 2, 3]) mailbox.offer(n);
  expect(mailbox.remove((n) => n === 2)).toBe(2);
  expect(mailbox.remove((n) => n === 2)).toBeUndefined();
  expect(mailbox.drain()).toEqual([1, 3]);
  expect(mailbox.size).toBe(0);
});

test('the control lane is bounded too', () => {
  const mailbox = open();
  let taken = 0;
  while (mailbox.offerControl('ping')) taken += 1;
  expect(taken).toBe(1_000);
});
