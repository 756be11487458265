// `nodelens history`: of a process that answers, and of the folder of one that no longer runs.
import { join } from 'node:path';
import type { Notification, StoredIncident } from '@nodelens/core';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startControlServer } from '../../core/src/recorder/control/control.ts';
import { createStore } from '../../core/src/recorder/store/store.ts';
import { createVaults } from '../../core/src/recorder/store/vaults.ts';
import { colorsFor } from '../src/colors.ts';
import { history } from '../src/commands/history.ts';
import { renderHistory } from '../src/render-history.ts';
import { insight } from './fixtures/results.ts';
import { nodelens, packageFile, runtimeFolder, startNode } from './processes.ts';
import { registerUrl } from './services.ts';

const notification: Notification = {
  id: 'c'.repeat(16),
  investigationId: 'a'.repeat(16),
  operator: 'runtime',
  type: 'runtime.blocked',
  severity: 'warning',
  context: 'The loop was measured.',
  observation: 'Main was blocked for 900 ms.',
  subjects: [],
  snapshots: [],
  detectedAt: '2026-11-23T00:00:00.000Z',
  process: { hostname: 'web-1', pid: 12 },
};

const incident: StoredIncident = {
  id: 'd'.repeat(16),
  severity: 'critical',
  title: 'parse() blocks\nthe loop',
  startedAtMs: Date.UTC(2026, 11, 4),
  updatedAtMs: Date.UTC(2026, 11, 4, 1),
  subjects: [],
  notificationIds: [],
  investigationIds: [],
  process: { hostname: 'web-1', pid: 12 },
};

test('the folder of a service that does not run is read: newest first, as text and as JSON', async () => {
  const dataDir = join(await runtimeFolder(), 'data');
  const store = createStore({
    dataDir,
    vaults: createVaults(),
    service: '/srv/shop/server.js',
    processStartedAtMs: 0,
    onWarning: () => undefined,
  });
  await store.keep({ kind: 'notification', notification });
  await store.keep({ kind: 'insight', insight: insight('parse() blocks') });
  await store.keep({
    kind: 'statuses',
    notificationIds: [notification.id],
    status: 'acknowledged',
    atMs: Date.UTC(2026, 11, 1),
  });
  store.incidents.put({ incident });
  store.close();
  const json = await nodelens(['history', '--data-dir', dataDir, '--json', '--limit', '5']);
  expect(json.code, json.stderr).toBe(0);
  expect(JSON.parse(json.stdout)).toEqual({
    incidents: [incident],
    notifications: [{ ...notification, status: 'acknowledged', statusAt: '2026-12-01T00:00:00.000Z' }],
    insights: [insight('parse() blocks')],
    previousLives: [],
  });
});

test('a process is asked over its control socket', async () => {
  const directory = await runtimeFolder();
  vi.stubEnv('NODELENS_RUNTIME_DIR', directory);
  const queries: unknown[] = [];
  const refused = (): never => {
    throw new Error('not asked for');
  };
  const server = await startControlServer({
    directory,
    pid: process.pid,
    handlers: {
      status: refused,
      snapshot: refused,
      tree: refused,
      investigate: refused,
      watch: refused,
      usage: refused,
      history: async (query) => {
        queries.push(query);
        return { incidents: [], notifications: [], insights: [], previousLives: [] };
      },
    },
  });
  let output = '';
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    output += text;
    return true;
  });
  onTestFinished(async () => {
    vi.unstubAllEnvs();
    stdout.mockRestore();
    await server.close();
  });
  expect(await history({ pid: process.pid, json: false, limit: 7 })).toBe(0);
  expect({ output, queries }).toEqual({ output: 'Nothing was found yet.\n', queries: [{ limit: 7 }] });
});

test('it wants a process or a folder, and says so when there is nothing', async () => {
  const asked = { json: false, limit: 1 };
  await expect(history(asked)).rejects.toThrow('give one of the two');
  await expect(history({ ...asked, pid: 1, dataDir: 'x' })).rejects.toThrow('give one of the two');
  const empty = await runtimeFolder();
  await expect(history({ ...asked, dataDir: empty })).rejects.toThrow(/there is no nodelens\.db in/);
});

test('an insight tells the severity of its notifications, all others how they stand, and no text moves the cursor', () => {
  const worst = { ...notification, severity: 'critical', status: 'raised_again' } as const;
  const closed = { atMs: incident.updatedAtMs, why: 'over', lastedMs: 90_000 } as const;
  const text = renderHistory(
    {
      incidents: [incident, { ...incident, startedAtMs: Date.UTC(2026, 10, 1), closed }],
      notifications: [worst],
      insights: [{ ...insight('red \u001b[31m alert'), createdAt: '2026-12-02T03:04:05.678Z' }],
      previousLives: [
        {
          service: '/srv/shop/server.js',
          pid: 12,
          hostname: 'web-1',
          startedAt: '2026-12-03T00:00:00.000Z',
          lastSeenAt: '2026-12-03T01:00:00.000Z',
          end: 'blocked',
          summary: 'Main was in match() for 20 s.',
          subjects: [{ kind: 'function', name: 'match', file: '/gone/app.js', line: 7 }],
          stalls: [],
          vitals: [],
        },
      ],
    },
    colorsFor({}),
  );
  const lines = text.split('\n');
  expect(lines.slice(0, 2)).toEqual([
    '2026-12-04 00:00:00Z  incident  critical, open',
    '  parse() blocks the loop',
  ]);
  expect(text).toContain('2026-11-01 00:00:00Z  incident  critical, over after 1 min 30 s');
  expect(text).toContain('runtime  critical, raised again');
  expect(text).toContain('2026-12-03 01:00:00Z  previous life  blocked');
  expect(text).toContain('/srv/shop/server.js, pid 12 on web-1: Main was in match() for 20 s.');
  expect(text).toContain('function match  /gone/app.js:7');
  expect(text).toMatch(/2026-12-02 03:04:05Z {2}insight {2}critical\n {2}red {2}?\[31m alert/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the point of this test
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
});

test('a folder that cannot be used costs an app that is registered a warning, and no more', async () => {
  const app = startNode(
    [
      ...['--import', registerUrl],
      ...['--eval', "console.log('attached:', process[Symbol.for('nodelens.current')] !== undefined)"],
    ],
    {
      env: {
        NODELENS_DATA_DIR: join(packageFile('package.json'), 'data'),
        NODELENS_RUNTIME_DIR: await runtimeFolder(),
      },
    },
  );
  const { code, stdout, stderr } = await app.outcome;
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'attached: true\n' });
  expect(stderr).toContain('NODELENS_STORE');
  expect(stderr).toContain(packageFile('package.json'));
});

test('a folder without a history, and one that cannot be read, are told apart', async () => {
  const folder = await runtimeFolder();
  expect(await nodelens(['history', '--data-dir', folder])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/there is no nodelens\.db in .*told when its service starts again/),
  });
  // A file stands where the folder should be; without permission it is the same, but for root.
  expect(await nodelens(['history', '--data-dir', packageFile('package.json')])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('it cannot be read: ENOTDIR'),
  });
});
