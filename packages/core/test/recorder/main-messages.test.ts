import { expect, test } from 'vitest';
import type { JsonValue } from '../../src/json.ts';
import { createMainMessages } from '../../src/recorder/main-messages.ts';

test('what comes before anybody listens reaches all that begin to in the same turn, once and in order', async () => {
  const messages = createMainMessages();
  messages.deliver(1);
  messages.deliver(2);
  const seen: JsonValue[][] = [[], [], []];
  messages.listen((message) => seen[0]?.push(message));
  const undo = messages.listen((message) => seen[1]?.push(message));
  await Promise.resolve();
  messages.listen((message) => seen[2]?.push(message));
  messages.deliver(3);
  undo();
  messages.deliver(4);
  expect(seen).toEqual([
    [1, 2, 3, 4],
    [1, 2, 3],
    [3, 4],
  ]);
});

test('only the newest are kept for those that listen late', async () => {
  const messages = createMainMessages();
  for (let n = 0; n < 1_000; n += 1) messages.deliver(n);
  const seen: JsonValue[] = [];
  messages.listen((message) => seen.push(message));
  await Promise.resolve();
  expect(seen).toEqual(Array.from({ length: 64 }, (_, n) => 936 + n));
});
