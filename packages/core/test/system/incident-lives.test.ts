// Incidents over the lives of a service that share a data folder: one that is open when a process ends goes on in the next
// one, or is closed there.
import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter, on, once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import type { StoredHistory } from '../../src/recorder/store/desk.ts';
import { readStoredHistory } from '../../src/recorder/store/reader.ts';
import type { NodelensOptions } from '../../src/system/options.ts';
import type { Nodelens } from '../../src/system.ts';
import type { ToldEventOf } from '../../src/telemetry/events.ts';
import { pulse, startLens } from './kit.ts';

interface Said {
  readonly event?: ToldEventOf<'incident.opened' | 'incident.updated' | 'incident.closed'>;
  readonly history?: StoredHistory;
}

const SERVICE = fileURLToPath(new URL('./fixtures/incident-service.ts', import.meta.url));

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'nl-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

const told = (lens: Nodelens): EventEmitter => {
  const emitter = new EventEmitter();
  lens.on('*', (event) => emitter.emit(event.type, event));
  return emitter;
};

interface Life {
  readonly child: ChildProcess;
  /** The next event of an incident. */
  readonly told: () => Promise<NonNullable<Said['event']>>;
}

function live(dataDir: string, state: 'sick' | 'well' | 'deaf'): Life {
  const { NODE_V8_COVERAGE: _, ...env } = process.env;
  const child = fork(SERVICE, [dataDir, state], { execArgv: ['--conditions=@nodelens/source'], env });
  onTestFinished(() => void child.kill('SIGKILL'));
  const messages = on(child, 'message', { close: ['close'] });
  return {
    child,
    async told() {
      for await (const [message] of messages) {
        const { event } = message as Said;
        if (event !== undefined) return event;
      }
      throw new Error('the service has ended');
    },
  };
}

const ends: readonly (readonly [string, (child: ChildProcess) => void])[] = [
  ['is killed', (child) => child.kill('SIGKILL')],
  ['is stopped in order', (child) => child.send('stop')],
];

test.each(ends)(
  'a service that %s finds its incident open: what shows again is no second alarm',
  {
    timeout: 90_000,
  },
  async (_, end) => {
    const dataDir = folder();
    const first = live(dataDir, 'sick');
    const opened = await first.told();
    expect(opened).toMatchObject({ type: 'incident.opened', incident: { severity: 'warning' } });
    expect(readStoredHistory(dataDir).incidents).toMatchObject([{ id: opened.incident.id }]);
    // This question goes the way that its word went that it has heard of it.
    first.child.send('history');
    await once(first.child, 'message');
    end(first.child);
    await once(first.child, 'close');
    const [left] = readStoredHistory(dataDir).incidents;
    expect(left).toMatchObject({ id: opened.incident.id });
    expect(left).not.toHaveProperty('closed');

    const second = live(dataDir, 'sick');
    const updated = await second.told();
    expect(updated).toMatchObject({ type: 'incident.updated', incident: { id: opened.incident.id } });
    expect(updated.incident.notificationIds).toHaveLength(2);
    second.child.send('history');
    const [{ history }] = (await once(second.child, 'message')) as [Said];
    expect(history?.notifications.map(({ status }) => status)).toEqual(['unread', 'raised_again']);
    const { atMs: _at, ...told } = updated;
    expect(history?.incidents).toEqual([
      {
        ...told.incident,
        updatedAtMs: expect.any(Number),
        process: { hostname: expect.any(String), pid: second.child.pid },
      },
    ]);
  },
);

test('main died before it heard of it: the next life opens it again, under the same id', {
  timeout: 90_000,
}, async () => {
  const dataDir = folder();
  await once(live(dataDir, 'deaf').child, 'close');
  const [left] = readStoredHistory(dataDir).incidents;
  const opened = await live(dataDir, 'sick').told();
  expect(opened).toMatchObject({ type: 'incident.opened', incident: { id: left?.id } });
  expect(opened.incident.notificationIds).toHaveLength(2);
});

test('what does not show again is closed, and the history tells why', { timeout: 90_000 }, async () => {
  const dataDir = folder();
  const first = live(dataDir, 'sick');
  const { incident } = await first.told();
  first.child.kill('SIGKILL');
  await once(first.child, 'close');

  const second = live(dataDir, 'well');
  expect(await second.told()).toMatchObject({
    type: 'incident.closed',
    why: 'restarted',
    incident: { id: incident.id },
  });
  expect(readStoredHistory(dataDir).incidents).toMatchObject([
    { id: incident.id, closed: { why: 'restarted', atMs: expect.any(Number) } },
  ]);
});

test('so does one that is started twice in a process', { timeout: 60_000 }, async () => {
  const options: NodelensOptions = {
    dataDir: folder(),
    anomaly: false,
    operators: [{ skill: pulse(), mode: 'continuous' }],
  };
  const first = await startLens(options);
  const [{ incident }] = (await once(told(first), 'incident.opened')) as [ToldEventOf<'incident.opened'>];
  await first.stop();
  const second = await startLens(options);
  const [updated] = await once(told(second), 'incident.updated');
  expect(updated).toMatchObject({ incident: { id: incident.id } });
});

test('a sibling that lives keeps its own: what it finds is not taken from it', {
  timeout: 90_000,
}, async () => {
  const dataDir = folder();
  const first = live(dataDir, 'sick');
  const own = await first.told();
  const sibling = live(dataDir, 'sick');
  const others = await sibling.told();
  expect(others).toMatchObject({ type: 'incident.opened' });
  expect(others.incident.id).not.toBe(own.incident.id);
});
