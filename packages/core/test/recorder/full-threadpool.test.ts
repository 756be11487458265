// While an app has libuv's four threads full, what the recorder needs must not queue behind it.
import { pbkdf2 } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { startControlServer } from '../../src/recorder/control.ts';
import { readThreads } from '../../src/recorder/proc.ts';

/** Resolves with false when the threads are free again. */
function fillThreads(): Promise<false> {
  const tasks = Array.from({ length: 8 }, () => promisify(pbkdf2)('a', 'b', 600_000, 64, 'sha512'));
  return Promise.all(tasks).then(() => false);
}

test('the control socket opens and closes', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'full-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const free = fillThreads();
  const opened = startControlServer({ directory, pid: process.pid, handlers: {} as never }).then(
    ({ close }) => close(),
  );
  expect(await Promise.race([opened.then(() => true), free])).toBe(true);
  await free;
});

test.runIf(process.platform === 'linux')('threads are read', async () => {
  const free = fillThreads();
  const threads = await Promise.race([readThreads(), free]);
  expect(threads).toContainEqual(expect.objectContaining({ name: 'main' }));
  await free;
});
