// What becomes of messages that do not simply arrive: no room, poison, a dead thread, what cannot be sent, floods.
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Cell } from '../../src/actor/cell.ts';
import { systemClock } from '../../src/actor/clock.ts';
import { PortLine } from '../../src/actor/messages/port-line.ts';
import { type DeadLetter, PortRef } from '../../src/actor/messages/port-ref.ts';
import type { ActorRef } from '../../src/actor/messages/ref.ts';
import type { ChildSpec, OverflowPolicy } from '../../src/actor/supervision/child-spec.ts';
import { asJson, type JsonValue } from '../../src/json.ts';
import type { Order } from './fixtures/obedient.ts';
import { fixture, talkerSpec } from './fixtures/specs.ts';
import { type HostName, openHost } from './hosts.ts';

const timeoutMs = 20_000;

const obedient = (overrides: Partial<ChildSpec> = {}): ChildSpec =>
  talkerSpec({ module: fixture('obedient'), exportName: 'createObedient', shutdownMs: 10, ...overrides });

const order = (id: number, how: Order['how'] = 'now'): JsonValue => asJson({ id, how } satisfies Order);

interface Subject {
  readonly actor: ActorRef;
  readonly letters: DeadLetter[];
  /** What it has begun to handle. */
  readonly begun: JsonValue[];
  /** Resolves when it has begun to handle the message. */
  hasBegun(id: number): Promise<void>;
  readonly firstLetter: Promise<void>;
  kill(): Promise<void>;
}

async function startOn(name: HostName, overrides: Partial<ChildSpec> = {}): Promise<Subject> {
  const letters: DeadLetter[] = [];
  const { promise: firstLetter, resolve } = Promise.withResolvers<void>();
  const onDeadLetter = (letter: DeadLetter): void => {
    letters.push(letter);
    resolve();
  };
  const host = openHost(name, { onDeadLetter });
  const actor = await host.start(obedient(overrides));
  const begun: JsonValue[] = [];
  actor.onEvent((event) => begun.push(event));
  const hasBegun = (id: number): Promise<void> =>
    new Promise((resolve) => {
      if (begun.includes(id)) resolve();
      actor.onEvent((event) => event === id && resolve());
    });
  return { actor, letters, begun, hasBegun, firstLetter, kill: () => host.kill(actor) };
}

const brief = (letters: readonly DeadLetter[]): string[] =>
  letters.map(({ message, why }) => `${(message as unknown as Order).id} ${why}`);

describe.each(['in-process', 'thread'] satisfies HostName[])('%s host', (name) => {
  test.each<[OverflowPolicy, letters: string[]]>([
    ['reject', ['4 mailbox_full', '2 stopped', '3 stopped']],
    ['drop-oldest', ['2 mailbox_full', '3 stopped', '4 stopped']],
    ['drop-newest', ['3 mailbox_full', '2 stopped', '4 stopped']],
  ])('a full mailbox with %s, and a kill: %s', async (overflow, expected) => {
    const { actor, letters, hasBegun, firstLetter, kill } = await startOn(name, {
      overflow,
      mailboxCapacity: 2,
    });
    actor.tell(order(1, 'at release'));
    await hasBegun(1);
    for (const id of [2, 3, 4]) actor.tell(order(id));
    await firstLetter;
    await kill();
    expect(brief(letters)).toEqual(expected);
  });

  test('an ask that makes room for another rejects', async () => {
    const { actor, hasBegun } = await startOn(name, { overflow: 'drop-oldest', mailboxCapacity: 1 });
    actor.tell(order(1, 'at release'));
    await hasBegun(1);
    const answer = actor.ask(order(2), { timeoutMs });
    actor.tell(order(3));
    await expect(answer).rejects.toMatchObject({ code: 'mailbox_full', data: { capacity: 1 } });
  });

  test('the tell that an actor dies of is poison, those behind it were not handled', async () => {
    const { actor, letters, begun } = await startOn(name);
    for (const id of [1, 2]) actor.tell(order(id));
    actor.tell(order(3, 'throw'));
    actor.tell(order(4));
    const answer = actor.ask(order(5), { timeoutMs });
    await expect(answer).rejects.toMatchObject({ code: 'actor_exited' });
    expect(begun).toEqual([1, 2, 3]);
    expect(brief(letters)).toEqual(['3 poison', '4 stopped']);
  });

  test('the ask that an actor dies of is poison too', async () => {
    const { actor, letters } = await startOn(name);
    await expect(actor.ask(order(1, 'throw'), { timeoutMs })).rejects.toMatchObject({ name: 'RangeError' });
    await actor.exited;
    expect(brief(letters)).toEqual(['1 poison']);
  });

  test('what cannot be sent is an error at its sender, and nothing else is lost', async () => {
    const { actor, begun } = await startOn(name);
    const bad = { id: 9, call: () => 1 } as unknown as JsonValue;
    const invalid = { code: 'message_invalid', message: expect.stringContaining('could not be cloned') };
    for (const id of [1, 2]) {
      // First in its turn, and behind another.
      expect(() => actor.tell(bad)).toThrow(expect.objectContaining(invalid));
      actor.tell(order(id));
      await expect(actor.ask(bad, { timeoutMs })).rejects.toMatchObject(invalid);
    }
    await expect(actor.ask(order(3, 'answer a function'), { timeoutMs })).rejects.toMatchObject(invalid);
    await expect(actor.ask(order(4, 'emit a function'), { timeoutMs })).rejects.toMatchObject(invalid);
    expect(await actor.ask(order(5), { timeoutMs })).toBe('now');
    expect(begun).toEqual([1, 2, 3, 4, 5]);
  });

  test('an actor gets what its sender had when it was sent, and shares nothing', async () => {
    const { actor } = await startOn(name);
    const sent = { id: 1, how: 'now', deep: { list: [{ n: 1 }] } };
    actor.tell(order(0));
    const answer = actor.ask({ ...sent, how: 'change' }, { timeoutMs });
    const mutable = { id: 2, how: 'change', deep: sent.deep };
    const second = actor.ask(mutable, { timeoutMs });
    sent.deep.list[0] = { n: 2 };
    expect(await answer).toEqual({ id: 1, how: 'changed', deep: { list: [{ n: 1 }] } });
    expect(await second).toMatchObject({ deep: { list: [{ n: 1 }] } });
    expect(mutable.how).toBe('change');
  });

  test('a flood is handled whole and in order', async () => {
    const { actor, begun } = await startOn(name, { mailboxCapacity: 10_000 });
    const ids = Array.from({ length: 3_000 }, (_, at) => at);
    for (const id of ids) actor.tell(order(id, id % 2 === 0 ? 'now' : 'soon'));
    await actor.ask(order(-1), { timeoutMs });
    expect(begun).toEqual([...ids, -1]);
  });
});

describe('a thread that ends without a word', () => {
  test('what it had to say in its last turn arrives, and its messages are accounted for', async () => {
    const { actor, letters, begun } = await startOn('thread');
    for (const id of [1, 2]) actor.tell(order(id));
    actor.tell(order(3, 'exit'));
    for (const id of [4, 5]) actor.tell(order(id));
    expect(await actor.exited).toEqual({ kind: 'thread-ended', exitCode: 7 });
    expect(begun).toEqual([1, 2, 3]);
    expect(brief(letters)).toEqual(['3 poison', '4 stopped', '5 stopped']);
  });

  test('killed in a loop: what it looped in was delivered, the others were not', async () => {
    const { actor, letters, hasBegun, kill } = await startOn('thread');
    actor.tell(order(1));
    actor.tell(order(2, 'loop'));
    // What it says first in a turn leaves although it loops ever after.
    await hasBegun(2);
    for (const id of [3, 4]) actor.tell(order(id));
    await kill();
    expect(brief(letters)).toEqual(['3 stopped', '4 stopped']);
  });

  test.each([0, 1, 127])('a message behind %i others leaves although its sender blocks', async (before) => {
    const { actor } = await startOn('thread');
    const word = new Int32Array(new SharedArrayBuffer(4));
    for (let id = 1; id <= before; id += 1) actor.tell(order(id));
    actor.tell(asJson({ id: 0, how: 'notify', word } satisfies Order));
    // A packet that is long enough does not wait for the end of the turn; nor does the first message.
    if (before > 0) for (let id = 1; id < 128; id += 1) actor.tell(order(id));
    expect(Atomics.wait(word, 0, 0, timeoutMs)).not.toBe('timed-out');
  });
});

test('an end whose reason cannot be sent is told as failed', async () => {
  const { actor } = await startOn('in-process');
  actor.tell(order(1, 'leave with a function'));
  expect(await actor.exited).toMatchObject({ kind: 'failed', error: { code: 'message_invalid' } });
});

test('the event loop has its turns during a flood', async () => {
  const { actor, begun } = await startOn('in-process', { mailboxCapacity: 10_000 });
  for (let id = 0; id < 3_000; id += 1) actor.tell(order(id));
  await new Promise((resolve) => setImmediate(resolve));
  expect(begun.length).toBeGreaterThan(0);
  expect(begun.length).toBeLessThan(3_000);
});

test.each(['in-process', 'thread'] satisfies HostName[])(
  '%s host: a listener that throws takes no other event along',
  async (name) => {
    const { actor, begun, hasBegun } = await startOn(name);
    const thrown = new Promise((resolve) => process.setUncaughtExceptionCaptureCallback(resolve));
    onTestFinished(() => process.setUncaughtExceptionCaptureCallback(null));
    actor.onEvent((event) => {
      if (event === 2) throw new Error('of the listener');
    });
    for (const id of [1, 2, 3, 4]) actor.tell(order(id));
    await hasBegun(4);
    expect(await thrown).toMatchObject({ message: 'of the listener' });
    expect(begun).toEqual([1, 2, 3, 4]);
  },
);

describe('strangers on the port', () => {
  const junk = [
    42,
    null,
    {},
    ['x'],
    [-1, null],
    [-1, { type: 'nonsense' }],
    [0.5, 1],
    [-7, 1],
    [7],
    [1, 'never asked'],
  ];

  test('an actor lives through what it does not understand', async () => {
    const { port1, port2 } = new MessageChannel();
    const line = new PortLine(port2);
    const cell = new Cell({ spec: obedient(), line, ports: {}, clock: systemClock });
    for (const message of junk.slice(0, -1)) port1.postMessage(message);
    const options = { id: 'x', line: new PortLine(port1), clock: systemClock, onDeadLetter: undefined };
    const actor = new PortRef(options);
    expect(await actor.ask(order(1), { timeoutMs })).toBe('now');
    actor.requestStop('done');
    expect(await cell.ended).toMatchObject({ kind: 'shutdown' });
  });

  test('so does its owner', async () => {
    const { port1, port2 } = new MessageChannel();
    onTestFinished(() => port2.close());
    const line = new PortLine(port1);
    const actor = new PortRef({ id: 'x', line, clock: systemClock, onDeadLetter: undefined });
    const answer = actor.ask('hello', { timeoutMs });
    expect(receiveMessageOnPort(port2)).toEqual({ message: [1, 'hello'] });
    for (const message of junk.slice(0, -1)) port2.postMessage(message);
    port2.postMessage([1, 'answered', 5, 'never asked']);
    expect(await answer).toBe('answered');
    actor.finish({ kind: 'normal' });
  });
});
