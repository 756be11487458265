import { expect, test } from 'vitest';
import { Mailbox } from '../../src/actor/mailbox.ts';

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
  expect([mailbox.offer(1), mailbox.offer(2), mailbox.offer(3)]).toEqual([true, true, false]);
  mailbox.offerControl('ping');
  expect(mailbox.size).toBe(3);
  mailbox.take();
  mailbox.take();
  expect(mailbox.offer(3)).toBe(true);
});

test('one message can be taken out, the others keep their order', () => {
  const mailbox = open();
  for (const n of [1, 2, 3]) mailbox.offer(n);
  expect(mailbox.remove((n) => n === 2)).toBe(2);
  expect(mailbox.remove((n) => n === 2)).toBeUndefined();
  expect(mailbox.drain()).toEqual([1, 3]);
  expect(mailbox.size).toBe(0);
});

test.each([
  ['a user message', (mailbox: Mailbox<string, number>) => mailbox.offer(1)],
  ['a control message', (mailbox: Mailbox<string, number>) => mailbox.offerControl('ping')],
  ['a wake', (mailbox: Mailbox<string, number>) => mailbox.wake()],
])('%s ends the wait', async (_, act) => {
  const mailbox = open();
  let isOver = false;
  const waiting = mailbox.waiting().then(() => {
    isOver = true;
  });
  await Promise.resolve();
  expect(isOver).toBe(false);
  act(mailbox);
  await waiting;
});

test('there is no wait while something is there', async () => {
  const mailbox = open();
  mailbox.offer(1);
  await mailbox.waiting();
  expect(mailbox.take()).toBe(1);
});
