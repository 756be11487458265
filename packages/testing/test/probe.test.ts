import { MessageChannel } from 'node:worker_threads';
import type { Actor, ActorContext, JsonValue } from '@nodelens/core';
import { expect, onTestFinished, test } from 'vitest';
import { ManualClock } from '../src/manual-clock.ts';
import { createProbe, probeSpec } from '../src/probe.ts';

/** A probe as a host would make it, with what it emits. */
function openProbe(): { probe: Actor; events: JsonValue[]; context: ActorContext } {
  const events: JsonValue[] = [];
  const { port1 } = new MessageChannel();
  onTestFinished(() => port1.close());
  const context: ActorContext = {
    id: 'probe',
    clock: new ManualClock(),
    ports: { skills: port1 },
    signal: new AbortController().signal,
    emit: (event) => events.push(event),
    exit: (reason) => events.push({ exit: reason.kind }),
  };
  return { probe: createProbe({ n: 1 }, context), events, context };
}

const delivery = (kind: 'tell' | 'ask') => ({ kind, signal: new AbortController().signal });

test('it emits what it gets and answers with what it recorded', async () => {
  const { probe, events } = openProbe();
  probe.receive('one', delivery('tell'));
  expect(await probe.receive({ two: 2 }, delivery('ask'))).toEqual({ two: 2 });
  expect(await probe.receive({ type: 'probe.messages' }, delivery('ask'))).toEqual(['one', { two: 2 }]);
  expect(events).toEqual([
    { type: 'probe.started', input: { n: 1 }, ports: ['skills'] },
    { type: 'probe.received', kind: 'tell', message: 'one' },
    { type: 'probe.received', kind: 'ask', message: { two: 2 } },
  ]);
});

test('it ends as it is told', async () => {
  const { probe, events } = openProbe();
  expect(() => probe.receive({ type: 'probe.fail', message: 'boom' }, delivery('tell'))).toThrow('boom');
  await probe.receive({ type: 'probe.leave' }, delivery('tell'));
  await probe.stop?.({ kind: 'shutdown' });
  expect(events.slice(1)).toEqual([{ exit: 'normal' }, { type: 'probe.stopped', reason: 'shutdown' }]);
});

test('its spec names its own module', async () => {
  const spec = probeSpec('p', { placement: 'thread' });
  expect(spec).toMatchObject({ id: 'p', placement: 'thread', restart: 'temporary' });
  expect(await import(spec.module)).toHaveProperty(spec.exportName);
});
