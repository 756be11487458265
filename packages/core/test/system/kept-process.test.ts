// With a data folder, what was acknowledged survives the end of the process, however it comes.
import { type ChildProcess, fork } from 'node:child_process';
import { on, once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import type { Insight } from '../../src/coordinator/insight.ts';
import type { Notification } from '../../src/operator/notification.ts';
import type { StoredHistory } from '../../src/recorder/store/desk.ts';
import { readStoredHistory } from '../../src/recorder/store/reader.ts';

interface Said {
  readonly notification?: Notification;
  readonly insight?: Insight;
  readonly history?: StoredHistory;
}

const SERVICE = fileURLToPath(new URL('./fixtures/kept-service.ts', import.meta.url));

interface Service {
  readonly child: ChildProcess;
  readonly stderr: () => string;
}

async function start(dataDir: string): Promise<Service> {
  const { NODE_V8_COVERAGE: _, ...env } = process.env;
  const child = fork(SERVICE, [dataDir], {
    execArgv: ['--conditions=@nodelens/source'],
    env,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  await once(child, 'message');
  return { child, stderr: () => stderr };
}

/** What it says, up to and with its insight. */
async function untilInsight(child: ChildProcess): Promise<readonly Said[]> {
  const said: Said[] = [];
  child.send('run');
  for await (const [message] of on(child, 'message')) {
    said.push(message as Said);
    if ((message as Said).insight !== undefined) break;
  }
  return said;
}

test('a service that is killed as soon as it has told something finds it in its next life', {
  timeout: 90_000,
}, async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'nl-'));
  onTestFinished(() => rmSync(dataDir, { recursive: true, force: true }));
  writeFileSync(join(dataDir, 'nodelens.db'), 'left by something else. '.repeat(100));
  const { child, stderr } = await start(dataDir);
  const said = await untilInsight(child);
  child.kill('SIGKILL');
  await once(child, 'close');

  const kept = readStoredHistory(dataDir);
  expect(kept.notifications).toMatchObject(said.flatMap(({ notification = [] }) => notification).reverse());
  expect(kept.insights).toEqual(said.flatMap(({ insight = [] }) => insight));
  expect(kept).toMatchObject({ notifications: [{ operator: 'pulse' }], insights: [{}] });
  expect(stderr()).toContain('nodelens.db cannot be used');
  expect(stderr()).not.toContain('ExperimentalWarning');
  expect(readdirSync(dataDir).filter((name) => name.startsWith('nodelens-unreadable-'))).not.toEqual([]);

  const next = await start(dataDir);
  next.child.send('history');
  const [{ history }] = (await once(next.child, 'message')) as [Said];
  expect(history).toMatchObject({ notifications: kept.notifications, insights: kept.insights });
});
