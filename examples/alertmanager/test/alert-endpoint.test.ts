import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gc, type InvestigationResult, Nodelens, type RunContext, runtime, triage } from 'nodelens';
import { expect, onTestFinished, test } from 'vitest';
import { type AlertEndpointOptions, createAlertEndpoint } from '../src/alert-endpoint.ts';
import { investigationOf, readAlertGroup } from '../src/alert-group.ts';

const alert = (changes: object = {}) => ({
  status: 'firing',
  labels: { alertname: 'EventLoopBlocked', severity: 'critical', instance: 'shop-1:9090' },
  annotations: { summary: 'The event loop is 900 ms late', nodelens_skills: 'runtime, gx' },
  startsAt: '2026-03-02T12:00:00.000Z',
  endsAt: '0001-01-01T00:00:00Z',
  generatorURL: 'http://prometheus:9090/graph',
  fingerprint: '9c2a3f1d5e7b8a60',
  ...changes,
});

/** As Alertmanager 0.28 sends it. */
const group = (changes: object = {}) => ({
  receiver: 'nodelens',
  status: 'firing',
  alerts: [alert()],
  groupLabels: { alertname: 'EventLoopBlocked' },
  commonLabels: alert().labels,
  commonAnnotations: alert().annotations,
  externalURL: 'http://alertmanager:9093',
  version: '4',
  groupKey: '{}:{alertname="EventLoopBlocked"}',
  truncatedAlerts: 0,
  ...changes,
});

async function startEndpoint(options: Omit<AlertEndpointOptions, 'token' | 'skills'>) {
  const server = createServer(
    createAlertEndpoint({ token: 'open sesame', skills: ['runtime', 'gc'], ...options }),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return async (body: unknown, token = 'open sesame'): Promise<{ status: number; started?: boolean }> => {
    const response = await fetch(`http://127.0.0.1:${port}/`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    return { status: response.status, ...((await response.json()) as object) };
  };
}

test('an alert that fires starts an investigation in a real system, by those whom it names', async () => {
  const lens = await Nodelens.start({
    model: triage(),
    control: false,
    operators: [{ skill: runtime() }, { skill: gc() }],
  });
  onTestFinished(() => lens.stop());
  const { promise, resolve, reject } = Promise.withResolvers<InvestigationResult>();
  const post = await startEndpoint({ coordinator: lens.coordinator, onResult: resolve, onError: reject });
  expect(await post(group())).toEqual({ status: 202, started: true });
  const result = await promise;
  expect(result).toMatchObject({
    status: 'completed',
    reason: 'Alertmanager: EventLoopBlocked (critical) fires: The event loop is 900 ms late',
  });
  expect(result.operators.map(({ operator }) => operator)).toEqual(['runtime']);
});

test('a group is looked at once while it fires; again when it was over, when it was quiet, or when it failed', async () => {
  let [nowMs, failure] = [0, undefined as Error | undefined];
  const runs: RunContext[] = [];
  const errors: unknown[] = [];
  const post = await startEndpoint({
    coordinator: {
      async run(context) {
        runs.push(context);
        if (failure !== undefined) throw failure;
        return {} as InvestigationResult;
      },
    },
    onError: (error) => errors.push(error),
    now: () => nowMs,
  });
  const started = async (changes: object = {}) => (await post(group(changes))).started;
  expect(await started()).toBe(true);
  expect(await started()).toBe(false);
  expect(await started({ groupKey: 'another' })).toBe(true);
  expect(await started({ status: 'resolved' })).toBe(false);
  expect(await started(), 'over, and there again').toBe(true);
  nowMs += 1_800_000;
  failure = new Error('too many wait');
  expect(await started(), 'half an hour later').toBe(true);
  failure = undefined;
  expect(await started(), 'it failed before').toBe(true);
  expect(runs).toHaveLength(5);
  expect(errors).toHaveLength(1);
});

test.for<[string, unknown, string, number]>([
  ['a wrong token', group(), 'open', 401],
  ['another version', group({ version: '5' }), 'open sesame', 400],
  ['no JSON', '{', 'open sesame', 400],
  ['a body of 2 MB', 'x'.repeat(2_097_152), 'open sesame', 413],
])('%s starts nothing', async ([, body, token, status]) => {
  const post = await startEndpoint({
    coordinator: { run: () => Promise.reject(new Error('it was started')) },
    onError: (error) => expect.fail(String(error)),
  });
  expect((await post(body, token)).status).toBe(status);
});

test('the reason is made of what the alerts share, and is bounded', () => {
  const alerts = [alert(), alert({ status: 'resolved' }), alert({ annotations: {} })];
  const read = readAlertGroup(JSON.stringify(group({ alerts, commonAnnotations: {} })));
  const { context, options } = investigationOf(read ?? expect.fail('not read'), ['gc']);
  expect(context.reason).toBe(
    'Alertmanager: EventLoopBlocked (critical) fires, 2 times: The event loop is 900 ms late',
  );
  expect(context.alerts).toHaveLength(2);
  expect(options, 'nobody of whom it names is there: all look').toEqual({});
  const long = readAlertGroup(JSON.stringify(group({ commonAnnotations: { summary: 'x'.repeat(9_000) } })));
  expect(investigationOf(long ?? expect.fail('not read'), []).context.reason).toHaveLength(500);
});
