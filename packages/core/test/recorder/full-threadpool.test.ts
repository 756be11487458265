// While an app has libuv's four threads full, what the recorder needs must not queue behind it.
import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startControlServer } from '../../src/recorder/control/control.ts';
import { readThreads } from '../../src/recorder/kernel/proc.ts';

/** All wait for a pipe that nobody writes to, until the test ends; returns a folder. */
function fillThreads(): string {
  const directory = mkdtempSync(join(tmpdir(), 'full-'));
  const pipe = join(directory, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const readers = Array.from({ length: 8 }, () => open(pipe, 'r'));
  onTestFinished(async () => {
    const writer = openSync(pipe, constants.O_RDWR);
    for (const reader of await Promise.all(readers)) await reader.close();
    closeSync(writer);
    rmSync(directory, { recursive: true });
  });
  return directory;
}

test('the control socket opens and closes', async () => {
  const directory = fillThreads();
  const { close } = await startControlServer({ directory, pid: process.pid, handlers: {} as never });
  await close();
});

test.runIf(process.platform === 'linux')('threads are read', async () => {
  fillThreads();
  expect(await readThreads()).toContainEqual(expect.objectContaining({ name: 'main' }));
});
