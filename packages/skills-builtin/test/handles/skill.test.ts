import type { JsonObject } from '@nodelens/core';
import { expect, test, vi } from 'vitest';
import { type Diagnosis, type Service, startService } from '../service.ts';

const start = async (ask: string): Promise<Service> => {
  const service = await startService('handles-open', [], ['handles']);
  service.start(ask);
  return service;
};

const FIXTURE = expect.stringMatching(/handles-open\.ts$/);
const named = (name: string): unknown =>
  expect.objectContaining({ kind: 'function', name, file: FIXTURE, line: expect.any(Number) });
const of = (diagnoses: readonly Diagnosis[], checkId: string): Diagnosis['conclusion'] | undefined =>
  diagnoses.find((one) => one.checkId === checkId)?.conclusion;

interface Openers {
  readonly openers: readonly {
    readonly frame: { readonly name: string } | null;
    readonly stillOpen: number;
  }[];
}

test('a client that opens connections and says nothing is named; one that keeps them for later is not', {
  timeout: 60_000,
}, async () => {
  const [silent, keeping] = await Promise.all(
    ['visited by the silent', 'visited by who keeps connections'].map(start),
  );
  if (silent === undefined || keeping === undefined) throw new Error('no service');
  const grows = ({ growingClient }: JsonObject): boolean => growingClient === '127.0.0.1';
  await Promise.all([silent, keeping].map((service) => service.until('handles', grows)));
  const [named, none] = await Promise.all([silent, keeping].map((service) => service.diagnose('handles')));
  expect(of(named ?? [], 'handles.silent_client')).toMatchObject({
    observation: expect.stringContaining('from 127.0.0.1 that were watched, 100 %'),
    subjects: [{ kind: 'peer', name: '127.0.0.1', unit: 'sockets' }],
  });
  expect(none).toEqual([]);
});

/** Side by side: each has to grow for seconds before anything can be said. */
test('what leaks is named with who opens it; the healthy twin is silent', { timeout: 90_000 }, async () => {
  const [leaking, closing, healthy] = await Promise.all(['leak', 'closed by peers', 'healthy'].map(start));
  if (leaking === undefined || closing === undefined || healthy === undefined) throw new Error('no service');
  await Promise.all([leaks(leaking), closes(closing), isSilent(healthy)]);
});

async function leaks(service: Service): Promise<void> {
  const snapshot = await service.until(
    'handles',
    ({ growingPath, growingPeer, growingTimers, bufferedWritesMb }) =>
      growingPath !== null && growingPeer !== null && growingTimers !== 0 && Number(bufferedWritesMb) > 8,
  );
  expect(snapshot).toMatchObject({ growingPath: FIXTURE, unavailable: [], mainBlocked: false });
  expect(Number(snapshot.minutesToFdLimit)).toBeGreaterThan(0);
  const diagnoses = await service.diagnose('handles');
  expect(of(diagnoses, 'handles.fd_leak')).toMatchObject({
    context: expect.stringContaining('handles-open.ts'),
    subjects: expect.arrayContaining([expect.objectContaining({ kind: 'resource', name: FIXTURE })]),
  });
  expect(of(diagnoses, 'handles.socket_leak')).toMatchObject({
    observation: expect.stringContaining('leakConnection'),
    subjects: expect.arrayContaining([
      named('leakConnection'),
      expect.objectContaining({ kind: 'peer', name: String(snapshot.growingPeer) }),
    ]),
  });
  expect(of(diagnoses, 'handles.timer_leak')).toMatchObject({
    observation: expect.stringContaining('intervals of 60,000 ms'),
    subjects: [named('leakInterval')],
  });
  expect(of(diagnoses, 'handles.write_backlog')).toMatchObject({
    subjects: [
      { kind: 'function', file: FIXTURE },
      { kind: 'peer', name: '127.0.0.1', unit: 'MB' },
    ],
  });
  await namesAllWays(service);
}

async function namesAllWays(service: Service): Promise<void> {
  const { openers } = await service.call<Openers>('handles', 'handles_watch_openings', [1, 'files']);
  const staying = openers.filter(({ stillOpen }) => stillOpen > 0).map(({ frame }) => frame?.name);
  expect(staying).toEqual(expect.arrayContaining(['leakSync', 'leakCallback', 'leakStream', 'leakPromise']));
}

async function closes(service: Service): Promise<void> {
  const stuck = await service.until(
    'handles',
    ({ closeWaitStuck, fdUsedPercent }) => Number(closeWaitStuck) >= 20 && Number(fdUsedPercent) > 80,
  );
  expect(stuck).toMatchObject({ closeWait: 30, growingPeer: null, growingPath: null });
  const diagnoses = await service.diagnose('handles');
  expect(of(diagnoses, 'handles.socket_leak')).toMatchObject({
    context: expect.stringContaining('CLOSE_WAIT'),
    subjects: [
      named('openUnread'),
      { kind: 'peer', name: String(stuck.closeWaitPeer), value: 30, unit: 'sockets' },
    ],
  });
  expect(of(diagnoses, 'handles.near_limit')).toMatchObject({
    severity: 'warning',
    observation: expect.stringContaining(`connections to ${stuck.closeWaitPeer}`),
  });
  service.start('block');
  const blocked = await service.until('handles', ({ mainBlocked }) => mainBlocked === true);
  expect(blocked).toMatchObject({ closeWait: 30, sockets: expect.any(Number) });
  const peers = await service.call('handles', 'handles_by_peer');
  expect(peers.peers).toEqual(
    expect.arrayContaining([expect.objectContaining({ peer: String(stuck.closeWaitPeer), closeWait: 30 })]),
  );
}

async function isSilent(service: Service): Promise<void> {
  const startedAt = Date.now();
  const isWatched = async (): Promise<boolean> => {
    expect(await service.diagnose('handles')).toEqual([]);
    const growth = await service.call('handles', 'handles_growth', [1]);
    return Date.now() - startedAt > 12_000 && Number(growth.readings) >= 5;
  };
  await vi.waitUntil(isWatched, { timeout: 60_000, interval: 500 });
  const snapshot = await service.snapshot('handles');
  expect(snapshot).toMatchObject({ closeWait: 0, growingPath: null, growingPeer: null, growingTimers: 0 });
  expect(Number(snapshot.outgoingConnections)).toBeGreaterThanOrEqual(40);
  const { agents } = await service.call('handles', 'handles_limits');
  expect(agents).toEqual(expect.arrayContaining([expect.objectContaining({ maxSockets: 60 })]));
}
