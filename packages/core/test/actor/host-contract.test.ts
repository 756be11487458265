// What every host owes to its actors and their owners, wherever it runs them.
import { MessageChannel } from 'node:worker_threads';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { DeadLetter } from '../../src/actor/messages/port-ref.ts';
import type { JsonValue } from '../../src/json.ts';
import { badSpec, talkerSpec } from './fixtures/specs.ts';
import { type HostName, hosts, openHost } from './hosts.ts';

const timeoutMs = 20_000;

describe.each(Object.keys(hosts) as HostName[])('%s host', (name) => {
  test('an actor gets its input and its ports, and answers asks', async () => {
    const { port1, port2 } = new MessageChannel();
    onTestFinished(() => port1.close());
    const actor = await openHost(name).start(talkerSpec(), { skills: port2 });
    expect(await actor.ask('input', { timeoutMs })).toEqual({ greeting: 'hello', ports: ['skills'] });
    expect(await actor.ask('kind', { timeoutMs })).toBe('ask');
  });

  test('tells arrive in order and before a later ask', async () => {
    const actor = await openHost(name).start(talkerSpec());
    for (const n of [1, 2, 3]) actor.tell(n);
    expect(await actor.ask('seen', { timeoutMs })).toEqual([1, 2, 3]);
  });

  test('events before the first listener are kept, and all come in order', async () => {
    const actor = await openHost(name).start(talkerSpec());
    await actor.ask('emit', { timeoutMs });
    const events: JsonValue[] = [];
    const undo = actor.onEvent((event) => events.push(event));
    expect(events).toEqual([{ started: 'talker' }, 1, 2, 3]);
    undo();
    await actor.ask('emit', { timeoutMs });
    expect(events).toHaveLength(4);
  });

  test('a NodelensError answers an ask with code, data and cause, and the actor lives on', async () => {
    const actor = await openHost(name).start(talkerSpec());
    await expect(actor.ask('fail', { timeoutMs })).rejects.toMatchObject({
      code: 'skill_unknown',
      data: { skill: 'x' },
      cause: { message: 'why' },
    });
    expect(await actor.ask('still here', { timeoutMs })).toBe('still here');
  });

  test('any other throw answers the ask and ends the actor as failed', async () => {
    const actor = await openHost(name).start(talkerSpec());
    await expect(actor.ask('throw', { timeoutMs })).rejects.toMatchObject({ name: 'RangeError' });
    expect(await actor.exited).toMatchObject({ kind: 'failed', error: { name: 'RangeError' } });
    await expect(actor.ask('input', { timeoutMs })).rejects.toMatchObject({ code: 'actor_exited' });
  });

  test('a throw on a tell ends the actor and rejects the questions that wait', async () => {
    const actor = await openHost(name).start(talkerSpec());
    const waiting = actor.ask('hang', { timeoutMs });
    actor.tell('throw');
    await expect(waiting).rejects.toMatchObject({ code: 'actor_exited' });
    expect(await actor.exited).toMatchObject({ kind: 'failed' });
  });

  test('an ask that misses its deadline rejects, and the actor learns of it', async () => {
    const actor = await openHost(name).start(talkerSpec());
    const givenUp = new Promise((resolve) =>
      actor.onEvent((event) => event === 'given up' && resolve(event)),
    );
    await expect(actor.ask('hang', { timeoutMs: 20 })).rejects.toMatchObject({ code: 'ask_timeout' });
    await givenUp;
    expect(await actor.ask('next', { timeoutMs })).toBe('next');
  });

  test('an aborted ask rejects, and the actor learns of it', async () => {
    const actor = await openHost(name).start(talkerSpec());
    const givenUp = new Promise((resolve) =>
      actor.onEvent((event) => event === 'given up' && resolve(event)),
    );
    const controller = new AbortController();
    const answer = actor.ask('hang', { timeoutMs, signal: controller.signal });
    await actor.ask('so it has begun', { timeoutMs });
    controller.abort();
    await expect(answer).rejects.toMatchObject({ code: 'ask_aborted' });
    await givenUp;
    await expect(actor.ask('x', { timeoutMs, signal: controller.signal })).rejects.toMatchObject({
      code: 'ask_aborted',
    });
  });

  test('a full mailbox rejects asks and turns tells into dead letters', async () => {
    const letters: DeadLetter[] = [];
    const host = openHost(name, { onDeadLetter: (letter) => letters.push(letter) });
    const actor = await host.start(badSpec('createBusy', { mailboxCapacity: 2, shutdownMs: 10 }));
    actor.tell('block');
    await new Promise((resolve) => setImmediate(resolve));
    for (const n of [1, 2, 3]) actor.tell(n);
    await expect(actor.ask('more', { timeoutMs })).rejects.toMatchObject({ code: 'mailbox_full' });
    expect(letters).toContainEqual({ actor: 'createBusy', message: 3, why: 'mailbox_full' });
  });

  test('a stop lets the actor say goodbye and ends it as shutdown', async () => {
    const letters: DeadLetter[] = [];
    const host = openHost(name, { onDeadLetter: (letter) => letters.push(letter) });
    const actor = await host.start(talkerSpec());
    const events: JsonValue[] = [];
    actor.onEvent((event) => events.push(event));
    await host.stop(actor);
    expect(events.at(-1)).toEqual({ stopping: 'shutdown', aborted: true });
    expect(await actor.exited).toMatchObject({ kind: 'shutdown' });
    actor.tell('too late');
    expect(letters).toEqual([{ actor: 'talker', message: 'too late', why: 'stopped' }]);
    await host.stop(actor);
  });

  test('a stop lets asks that settle until its end be answered', async () => {
    const host = openHost(name);
    const actor = await host.start(talkerSpec());
    const answer = actor.ask('until the end', { timeoutMs });
    await host.stop(actor);
    expect(await answer).toBe('until the end');
  });

  test('a tell that was still waiting at the end becomes a dead letter', async () => {
    const letters: DeadLetter[] = [];
    const host = openHost(name, { onDeadLetter: (letter) => letters.push(letter) });
    const actor = await host.start(talkerSpec());
    actor.tell('leave');
    actor.tell('unread');
    await actor.exited;
    expect(letters).toEqual([{ actor: 'talker', message: 'unread', why: 'stopped' }]);
  });

  test('an actor that does not stop is killed at its deadline', async () => {
    const host = openHost(name);
    const actor = await host.start(badSpec('createStubborn', { shutdownMs: 50 }));
    await host.stop(actor);
    expect(await actor.exited).toEqual({ kind: 'killed', why: 'shutdown-deadline' });
  });

  test('kill ends it at once and rejects what waits', async () => {
    const host = openHost(name);
    const actor = await host.start(talkerSpec());
    const waiting = actor.ask('hang', { timeoutMs });
    waiting.catch(() => {});
    await host.kill(actor);
    await expect(waiting).rejects.toMatchObject({ code: 'actor_exited' });
    expect(await actor.exited).toMatchObject({ kind: 'killed' });
  });

  test('an actor that leaves by itself ends as normal, after its answer', async () => {
    const actor = await openHost(name).start(talkerSpec());
    expect(await actor.ask('leave', { timeoutMs })).toBe('leave');
    expect(await actor.exited).toEqual({ kind: 'normal' });
  });

  test.each([
    ['throws', badSpec('throwsAtStart'), 'no start'],
    ['has no such export', badSpec('nothing'), 'must export a function "nothing"'],
    ['exports no function', badSpec('isNoFunction'), 'must export a function "isNoFunction"'],
    ['is never ready', badSpec('neverReady', { startMs: 30 }), 'not ready within 30 ms'],
    ['does not exist', talkerSpec({ module: 'file:///nowhere.ts' }), 'nowhere'],
    [
      'cannot get its input',
      talkerSpec({ input: { call: (() => 1) as unknown as string } }),
      'could not be cloned',
    ],
  ])('a module that %s is a failed start', async (_, spec, text) => {
    const host = openHost(name);
    await expect(host.start(spec)).rejects.toMatchObject({
      code: 'actor_start_failed',
      message: expect.stringContaining(text),
    });
    const next = await host.start(talkerSpec());
    expect(await next.ask('fine', { timeoutMs })).toBe('fine');
  });

  test('a closed host has stopped its actors and refuses new ones, with their ports closed', async () => {
    const host = openHost(name);
    const actor = await host.start(talkerSpec());
    await Promise.all([host.close(), host.close()]);
    expect((await actor.exited).kind).toBe('shutdown');
    const { port1, port2 } = new MessageChannel();
    const closed = new Promise((resolve) => port1.once('close', resolve));
    await expect(host.start(talkerSpec(), { skills: port2 })).rejects.toMatchObject({ code: 'host_closed' });
    await closed;
  });
});
