// Actors never keep a process alive, never change how it ends, and take nothing of the user's into their threads.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { threadExecArgv } from '../../src/actor/hosts/thread-options.ts';
import { fixture } from './fixtures/specs.ts';

interface End {
  readonly exitCode: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

const run = (how: string, flags: readonly string[] = []): Promise<End> =>
  new Promise((resolve) => {
    const argv = ['--conditions=@nodelens/source', ...flags, fileURLToPath(fixture('process')), how];
    execFile(process.execPath, argv, { timeout: 20_000 }, (error, stdout, stderr) => {
      resolve({ exitCode: error === null ? 0 : (error.code ?? String(error.signal)), stdout, stderr });
    });
  });

test.each<[string, End]>([
  ['natural', { exitCode: 0, stdout: '', stderr: '' }],
  ['asking', { exitCode: 0, stdout: 'after a while\n', stderr: '' }],
  ['stopped', { exitCode: 0, stdout: '', stderr: '' }],
  ['exit', { exitCode: 3, stdout: '', stderr: '' }],
  ['throw', { exitCode: 1, stdout: '', stderr: expect.stringContaining('the service failed') }],
])('a process with live actors ends by itself: %s', async (how, expected) => {
  expect(await run(how)).toEqual(expected);
});

test('a preload of the user runs once, on main', async () => {
  const { stdout } = await run('natural', ['--import', fixture('preload')]);
  expect(stdout).toBe('preload on main\n');
});

test.each([
  [
    ['--conditions=a', '--import', 'x', '-C', 'b', '--conditions', 'c', '--cpu-prof'],
    ['a', 'b', 'c'],
  ],
  [['--inspect', '-C'], []],
])('of %j, threads inherit the conditions %j', (execArgv, conditions) => {
  expect(threadExecArgv(execArgv)).toEqual(conditions.map((name) => `--conditions=${name}`));
});
