// `nodelens attach`: a process that was started without Nodelens, also while it is stuck.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { InvestigationResult } from '@nodelens/core';
import { expect, onTestFinished, test } from 'vitest';
import { listeningPorts } from '../src/process-info.ts';
import { packageFile, startNode } from './processes.ts';
import { command, request, startService } from './services.ts';

test('a plain service stuck in a loop is named while it is stuck; then it goes on, and can end', async () => {
  const service = await startService();
  const { env } = service;
  const pid = `${service.pid}`;
  const blocked = request(service, '/loop?ms=60000');
  await service.seen('blocking');

  const notAttached = await command(['investigate', '--pid', pid, '--json'], { env });
  expect(notAttached).toMatchObject({ code: 3, stdout: '' });
  const attached = await command(['attach', '--pid', pid], { env });
  expect(attached).toMatchObject({ code: 0, stderr: '' });
  expect(listeningPorts(service.pid)).toEqual([service.port]);
  const outcome = await command(
    ['investigate', '--pid', pid, '--json', '--reason', 'requests hang', '--skills', 'runtime'],
    { env },
  );
  expect(service.output().stdout).not.toContain('free');
  expect(outcome.code, outcome.stderr).toBe(0);
  const { insights, notifications } = JSON.parse(outcome.stdout) as InvestigationResult;
  expect([...insights, ...notifications].flatMap(({ subjects }) => subjects)).toContainEqual(
    expect.objectContaining({
      kind: 'function',
      name: 'settleAccounts',
      file: packageFile('test/fixtures/service.mjs'),
      line: expect.any(Number),
    }),
  );

  service.release();
  expect(await blocked).toBe(200);
  expect(await request(service, '/')).toBe(200);
  // SIGUSR1 opens the port a second time when main is free; it is closed again before main serves anybody.
  expect(listeningPorts(service.pid)).toEqual([service.port]);
  expect(await command(['attach', '--pid', pid], { env })).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('attached already'),
  });
  await request(service, '/exit');
  const end = await service.outcome;
  expect(end.code).toBe(7);
  expect(end.stderr).not.toContain('Waiting for the debugger');
});

test('investigate --attach does both', async () => {
  const service = await startService();
  const { code, stdout, stderr } = await command(
    ['investigate', '--attach', '--pid', `${service.pid}`, '--json', '--skills', 'runtime'],
    service,
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({ status: 'completed' });
});

test('a process inside a native call is attached when the call returns, and the command says that it waits', async () => {
  const service = await startService();
  const blocked = request(service, '/native?ms=4000');
  await service.seen('blocking');
  const { code, stderr } = await command(['attach', '--pid', `${service.pid}`], service);
  expect(code).toBe(0);
  expect(stderr).toBe('waiting: its main thread does not answer yet, perhaps it is inside a native call\n');
  expect(await blocked).toBe(200);
  expect(listeningPorts(service.pid)).toEqual([service.port]);
});

test('an inspector that was open before stays open', async () => {
  const service = await startService(['--inspect=0']);
  const before = listeningPorts(service.pid);
  expect((await command(['attach', '--pid', `${service.pid}`], service)).code).toBe(0);
  expect(listeningPorts(service.pid)).toEqual(before);
});

test('two attaches at once both succeed', async () => {
  const service = await startService();
  const args = ['attach', '--pid', `${service.pid}`];
  const outcomes = await Promise.all([command(args, service), command(args, service)]);
  expect(outcomes.map(({ code }) => code)).toEqual([0, 0]);
  expect(service.output().stderr).not.toContain('NodelensWarning');
  await request(service, '/exit');
  expect((await service.outcome).code).toBe(7);
});

test('a taken inspector port is told, without touching the process', async () => {
  const service = await startService();
  const debugged = startNode(['--inspect', '-e', 'setInterval(() => {}, 1000)']);
  await debugged.seen('Debugger listening');
  const { code, stderr } = await command(['attach', '--pid', `${service.pid}`], service);
  expect(code).toBe(1);
  expect(stderr).toContain('another process listens on port 9229');
  expect(service.output().stderr).toBe('');
});

const unfit: readonly [string, string, readonly string[], RegExp][] = [
  ['that is not Node', 'sleep', ['60'], /does not handle SIGUSR1/],
  [
    'with --disable-sigusr1',
    process.execPath,
    ['--disable-sigusr1', '-e', 'setInterval(() => {}, 1000)'],
    /SIGUSR1/,
  ],
];
test.each(unfit)('a process %s is refused and left alive', async (_, file, args, message) => {
  const child = spawn(file, args, { stdio: 'ignore' });
  const exited = once(child, 'exit');
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  await once(child, 'spawn');
  const { code, stderr } = await command(['attach', '--pid', `${child.pid}`]);
  expect(code).toBe(1);
  expect(stderr).toMatch(message);
  expect(child.exitCode ?? child.signalCode).toBeNull();
});

test('a pid that does not exist exits 3', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  expect((await command(['attach', '--pid', `${child.pid}`])).code).toBe(3);
});
