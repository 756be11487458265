import { ManualClock } from '@nodelens/testing';
import { expect, test } from 'vitest';
import { createDeadLetterReport } from '../../src/actor/messages/dead-letters.ts';
import type { LensEvent } from '../../src/telemetry/events.ts';

function open() {
  const clock = new ManualClock();
  const events: LensEvent[] = [];
  const report = createDeadLetterReport((event) => events.push(event), clock);
  const bury = (actor: string, type: string): void =>
    report.report({ actor, message: { type, secret: 1 }, why: 'stopped' });
  return { clock, events, report, bury };
}

test('the first is told at once, those that are alike by their number once a second, and never the message', () => {
  const { clock, events, bury } = open();
  for (let count = 0; count < 500; count += 1) bury('a', 'tick');
  bury('b', 'tick');
  const alike = { type: 'actor.dead_letter', actor: 'a', why: 'stopped', messageType: 'tick' };
  expect(events).toEqual([
    { ...alike, count: 1 },
    { ...alike, actor: 'b', count: 1 },
  ]);
  clock.advance(1_000);
  expect(events.slice(2)).toEqual([{ ...alike, count: 499 }]);
  clock.advance(10_000);
  expect([events.length, clock.pending]).toEqual([3, 0]);
});

test('a message without a type is told without one', () => {
  const { events, report } = open();
  report.report({ actor: 'a', message: [1], why: 'poison' });
  expect(events).toEqual([{ type: 'actor.dead_letter', actor: 'a', why: 'poison', count: 1 }]);
});

test('however many kinds there are, few events come of them, and the end tells the rest', () => {
  const { clock, events, report, bury } = open();
  for (let kind = 0; kind < 5_000; kind += 1) bury('a', `kind ${kind}`);
  expect(events).toHaveLength(101);
  report.close();
  expect(events.at(-1)).toMatchObject({ actor: '(many)', count: 4_899 });
  expect(clock.pending).toBe(0);
});
