import { expect, test, vi } from 'vitest';
import { type Diagnosis, type Service, startService } from '../service.ts';

const ROUTES = ['GET /orders/:id', 'GET /stock/:id', 'GET /report', 'GET /users/:id/cart'];

interface Tables {
  readonly routes?: readonly { readonly name: string; readonly usual: object | null }[];
  readonly peers?: readonly { readonly name: string; readonly calls: readonly { readonly name: string }[] }[];
}

const isOf =
  (checkId: string) =>
  (diagnosis: Diagnosis): boolean =>
    diagnosis.checkId === checkId;

/** Until it is known what is usual. */
async function settled(service: Service): Promise<void> {
  const isKnown = async (): Promise<boolean> => {
    const { routes = [] } = await service.call<Tables>('http', 'http_routes', [1]);
    return ROUTES.every((name) => routes.find((route) => route.name === name)?.usual != null);
  };
  await vi.waitUntil(isKnown, { timeout: 60_000, interval: 200 });
}

async function peerOf(service: Service, path: string): Promise<string> {
  const { peers = [] } = await service.call<Tables>('http', 'http_peers', [1]);
  return peers.find(({ calls }) => calls.some(({ name }) => name.endsWith(path)))?.name ?? 'nobody';
}

test('the peer, the route and the pool that misbehave are named, each for what it is; their twin is silent', {
  timeout: 60_000,
}, async () => {
  const [service, twin] = await Promise.all([
    startService('http-shop', [], ['http']),
    startService('http-shop', [], ['http']),
  ]);
  service.start('run');
  twin.start('run');
  await settled(service);
  expect(await service.diagnose('http')).toEqual([]);
  const [prices, stock, mail] = [
    await peerOf(service, '/quote/:id'),
    await peerOf(service, '/stock/:id'),
    await peerOf(service, '/send'),
  ];

  for (const fault of ['prices slow down', 'the report waits', 'stock is wanted']) service.start(fault);
  const { conclusion: slowPeer } = await service.diagnosed('http', isOf('http.slow_peer'));
  expect(slowPeer.subjects).toMatchObject([{ kind: 'peer', name: prices, unit: 'ms' }]);
  const { conclusion: queue } = await service.diagnosed('http', isOf('http.pool_queue'));
  expect(queue).toMatchObject({
    context: expect.stringContaining('all of its 2 connections'),
    subjects: [{ kind: 'peer', name: stock, unit: 'queued requests' }],
  });
  const { conclusion: slowRoute } = await service.diagnosed('http', isOf('http.slow_route'));
  expect(ROUTES).toContain(slowRoute.subjects[0]?.name);

  for (const fault of ['mail fails', 'a route breaks']) service.start(fault);
  const { conclusion: burst } = await service.diagnosed('http', isOf('http.error_burst'));
  expect(burst.subjects).toMatchObject([{ kind: 'endpoint', name: 'GET /broken' }]);
  // Who asks again is known after some stacks.
  const { conclusion: storm } = await service.diagnosed(
    'http',
    ({ checkId, conclusion: { subjects } }) =>
      checkId === 'http.retry_storm' && subjects[0]?.kind === 'function',
  );
  expect(storm.subjects).toMatchObject([
    { name: 'signup', file: expect.stringMatching(/http-shop\.ts$/) },
    { kind: 'peer', name: mail, unit: 'requests/s' },
  ]);

  expect(await twin.diagnose('http')).toEqual([]);
  await tellsAll(service);
});

/** Everything else that may be asked, of a service in trouble. */
async function tellsAll(service: Service): Promise<void> {
  expect(await service.snapshot('http')).toMatchObject({
    servedPerSecond10s: expect.any(Number),
    outgoingWaiting: expect.any(Number),
    unavailable: [],
  });
  const inFlight = await service.call<{ groups: object[] }>('http', 'http_in_flight');
  expect(inFlight.groups).toContainEqual(expect.objectContaining({ side: 'client' }));
  const [slowest] = await service.call<object[]>('http', 'http_slowest', [1]);
  expect(slowest).toMatchObject({ durationMs: expect.any(Number), target: expect.any(String) });
  const errors = await service.call<object[]>('http', 'http_errors', [100]);
  expect(errors).toContainEqual(
    expect.objectContaining({ side: 'server', name: 'GET /broken', code: '500' }),
  );
  const history = await service.call<object[]>('http', 'http_rate_history', [10]);
  expect(history[0]).toMatchObject({ servedPerSecond: expect.any(Number), askedP99Ms: expect.any(Number) });
  await expect(service.call('http', 'http_routes', [0])).rejects.toThrow();
}
