import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { type Diagnosis, type Service, startService } from '../service.ts';

const start = (): Promise<Service> => startService('overload-shop', [], ['overload']);

/** With its culprit, which is known a little later. */
const diagnosed = (service: Service, id: string, subjects = 1): Promise<Diagnosis> =>
  service.diagnosed(
    'overload',
    ({ checkId, conclusion }) => checkId === id && conclusion.subjects.length >= subjects,
  );

interface Named {
  readonly queue: string;
  readonly where: string;
  readonly behind: string | null;
}

/** Open requests first; then a service that it needs no longer answers. */
async function waitsForPeer(service: Service): Promise<void> {
  // Its clients are threads of it: held up at first, they would send more later.
  service.favour();
  service.start('healthy');
  for (let grown = null; grown === null; ) {
    expect(await service.diagnose('overload')).toEqual([]);
    ({ inFlightGrowthPerMinute: grown = null } = (await service.snapshot('overload')) as {
      [key: string]: null;
    });
    await pause(200);
  }
  service.start('slow');
  const { conclusion } = await diagnosed(service, 'overload.in_flight_growth');
  const peer = expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(conclusion).toMatchObject({
    observation: expect.stringContaining('The service became slower; the load did not rise'),
    hypothesis: expect.stringContaining('answers too slowly'),
    subjects: [{ kind: 'peer', name: peer, unit: 'requests' }],
  });
  const places = await service.call<Named[]>('overload', 'overload_bottleneck');
  expect(places).toContainEqual(expect.objectContaining({ where: 'outgoing', behind: null }));
  const rises = await service.call<Named[]>('overload', 'overload_cascade', [1]);
  expect(rises.map(({ queue }) => queue)).toEqual(
    expect.arrayContaining(['outgoing requests in flight', 'requests in flight']),
  );
  const forecast = await service.call<Named[]>('overload', 'overload_forecast');
  expect(forecast).toContainEqual(
    expect.objectContaining({ queue: 'requests in flight', secondsToLimit: null }),
  );
  const groups = await service.call<object[]>('overload', 'overload_in_flight');
  expect(groups).toContainEqual(expect.objectContaining({ route: 'GET /events', count: 60, isStuck: false }));
  expect(groups).toContainEqual(expect.objectContaining({ side: 'client', peer, isStuck: true }));
  const parts = await service.call<object[]>('overload', 'overload_history', ['requests in flight', 1]);
  expect(parts[0]).toMatchObject({ agoSeconds: 0, highest: expect.any(Number) });
  expect(await service.call('overload', 'overload_sockets')).toMatchObject({ isPartial: false });
}

/** Connections that nobody accepts; then more work than the loop and than libuv's threads can do. */
async function isTooSlow(service: Service): Promise<void> {
  service.favour();
  service.start('accept');
  const { conclusion } = await diagnosed(service, 'overload.accept_queue', 2);
  const file = expect.stringMatching(/overload-shop\.ts$/);
  expect(conclusion).toMatchObject({
    observation: expect.stringMatching(/its limit is 4 \(given to listen\)/),
    subjects: [
      { kind: 'endpoint', name: expect.stringMatching(/^127\.0\.0\.1:\d+$/), unit: 'connections' },
      { kind: 'function', name: 'importCatalogue', file, unit: 'ms' },
    ],
  });
  const [first] = await service.call<Named[]>('overload', 'overload_bottleneck');
  expect(first).toMatchObject({ where: 'loop', behind: null });
  service.start('full');
  const full = await diagnosed(service, 'overload.loop_saturated');
  expect(full.conclusion).toMatchObject({
    observation: expect.stringContaining('renderInvoice'),
    subjects: [{ kind: 'function', name: 'renderInvoice', file, unit: '%' }],
  });
  service.start('hash');
  const hashing = await diagnosed(service, 'overload.threadpool_saturated', 2);
  expect(hashing.conclusion).toMatchObject({
    hypothesis: expect.stringContaining('full of crypto work'),
    subjects: [
      { kind: 'function', name: 'hashPassword', file },
      { kind: 'resource', name: 'threadpool', unit: 'ms' },
    ],
  });
  expect(await service.snapshot('overload')).toMatchObject({ threadpoolThreads: 4 });
}

/** Bursts, open requests, a burst of hashing and a busy loop, for as long as the others need to be found ill. */
async function staysWell(service: Service, end: Promise<unknown>): Promise<void> {
  service.favour();
  service.start('busy');
  let isOver = false;
  const over = (): void => {
    isOver = true;
  };
  void end.then(over, over);
  while (!isOver) {
    expect(await service.diagnose('overload')).toEqual([]);
    await pause(500);
  }
  const { inFlight, eventLoopUtilization10s } = await service.snapshot('overload');
  expect(inFlight).toBeGreaterThanOrEqual(60);
  expect(eventLoopUtilization10s).toBeGreaterThan(0.2);
}

test('queues that fill are told with what fills them, and a busy service is silent', {
  timeout: 60_000,
  // Three services on two cores that others use too: now and then one is not given the time to be ill.
  retry: 3,
}, async () => {
  const [well, slow, ill] = await Promise.all([start(), start(), start()]);
  const told = Promise.all([waitsForPeer(slow), isTooSlow(ill)]);
  await Promise.all([told, staysWell(well, told)]);
});
