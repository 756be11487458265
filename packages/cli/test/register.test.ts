// `node --import nodelens/register` and `nodelens run`: the app behaves as without, and can be asked while blocked.
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { InvestigationResult } from '@nodelens/core';
import { expect, test } from 'vitest';
import { defaultOperators } from '../src/defaults.ts';
import { packageFile, runtimeFolder, startNode } from './processes.ts';
import {
  appears,
  command,
  registerUrl,
  request,
  startCommand,
  startRegistered,
  startService,
} from './services.ts';

test('a service blocked by a regular expression is diagnosed by name before the block ends', async () => {
  const service = await startRegistered();
  const { env } = service;
  const pid = `${service.pid}`;
  const blocked = request(service, '/regex?ms=60000');
  await service.seen('blocking');

  const status = await command(['status', '--pid', pid], { env });
  expect(status.code, status.stderr).toBe(0);
  const snapshot = await command(['snapshot', 'runtime', '--pid', pid], { env });
  expect(snapshot.code, snapshot.stderr).toBe(0);
  const outcome = await command(
    ['investigate', '--pid', pid, '--json', '--reason', 'requests hang', '--skills', 'runtime'],
    { env },
  );
  expect(service.output().stdout).not.toContain('free');
  expect({ code: outcome.code, stderr: outcome.stderr }).toEqual({ code: 0, stderr: '' });
  const result = JSON.parse(outcome.stdout) as InvestigationResult;
  expect(result).toMatchObject({ schema: 'nodelens.investigation/1', status: 'completed' });
  expect(guilty(result)).toContainEqual(
    expect.objectContaining({
      kind: 'function',
      name: 'checkAddresses',
      file: packageFile('test/fixtures/service.mjs'),
    }),
  );
  service.release();
  expect(await blocked).toBe(200);
});

test('a long native call is told by its kind at once, and by name as soon as it returns', async () => {
  const service = await startRegistered();
  const { env } = service;
  const blocked = request(service, '/native?ms=10000');
  await service.seen('blocking');
  const args = ['investigate', '--pid', `${service.pid}`, '--reason', 'requests hang', '--skills', 'runtime'];
  const investigation = startCommand([...args, '--json'], { env });
  const watched = startCommand(args, { env });
  await watched.seen('inside a native call');
  expect(service.output().stdout).not.toContain('free');
  await service.seen('free');
  const returnedAt = performance.now();
  const { code, stdout } = await investigation.outcome;
  // Waiting that grows with the block, as of one that polls, would be twice as late.
  expect(performance.now() - returnedAt).toBeLessThan(3_000);
  expect(code).toBe(0);
  const { insights, status } = JSON.parse(stdout) as InvestigationResult;
  expect(status).toBe('completed');
  expect(insights[0]?.subjects[0]).toMatchObject({ kind: 'function', name: 'convertImage' });
  expect((await watched.outcome).stdout).toContain('convertImage');
  expect(await blocked).toBe(200);
});

test('two investigations at once both complete', async () => {
  const service = await startRegistered();
  const args = ['investigate', '--pid', `${service.pid}`, '--json', '--skills', 'runtime'];
  const outcomes = await Promise.all([command(args, service), command(args, service)]);
  const results = outcomes.map(({ stdout }) => JSON.parse(stdout) as InvestigationResult);
  expect(results.map(({ status }) => status)).toEqual(['completed', 'completed']);
  expect(results[0]?.id).not.toBe(results[1]?.id);
});

test('a deadline that is too short exits 4 with the result so far', async () => {
  const service = await startRegistered();
  const { code, stdout } = await command(
    ['investigate', '--pid', `${service.pid}`, '--json', '--timeout', '1ms'],
    service,
  );
  expect(code).toBe(4);
  expect(JSON.parse(stdout)).toMatchObject({ status: 'deadline_exceeded' });
});

test('unknown skills are refused with what is available', async () => {
  const service = await startRegistered();
  const pid = `${service.pid}`;
  const wrongSnapshot = await command(['snapshot', 'nope', '--pid', pid], service);
  expect(wrongSnapshot).toMatchObject({ code: 2, stderr: expect.stringContaining('nope') });
  const wrongRun = await command(['investigate', '--pid', pid, '--skills', 'nope', '--json'], service);
  expect(wrongRun.code).not.toBe(0);
  expect(wrongRun.stdout + wrongRun.stderr).toContain('nope');
});

test('the socket file is gone when the process has ended, however it ended', async () => {
  const service = await startRegistered();
  await request(service, '/exit');
  expect(await service.outcome).toMatchObject({ code: 7, stderr: '' });
  expect(existsSync(service.socket)).toBe(false);
  expect((await command(['status', '--pid', `${service.pid}`], service)).code).toBe(3);
});

test('all snapshots come while main is blocked, and say that it is', async () => {
  const service = await startRegistered();
  const blocked = request(service, '/loop?ms=60000');
  await service.seen('blocking');
  const { code, stdout } = await command(['snapshot', '--all', '--pid', `${service.pid}`], service);
  expect(service.output().stdout).not.toContain('free');
  expect(code).toBe(0);
  const { mainBlockedMs, snapshots } = JSON.parse(stdout) as {
    mainBlockedMs: number;
    snapshots: { skill: string; data: object; error?: string }[];
  };
  expect(mainBlockedMs).toBeGreaterThan(0);
  expect(snapshots.map(({ skill }) => skill)).toEqual(defaultOperators().map(({ skill }) => skill.id));
  expect(snapshots.length).toBeGreaterThanOrEqual(14);
  expect(snapshots.filter(({ error }) => error !== undefined)).toEqual([]);
  service.release();
  expect(await blocked).toBe(200);
});

test('a process that is just being attached is waited for', async () => {
  const service = await startService(['--import', registerUrl]);
  const { code, stderr } = await command(['status', '--pid', `${service.pid}`], service);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

test('ps lists it', async () => {
  const service = await startRegistered();
  const { stdout } = await command(['ps'], service);
  expect(stdout).toMatch(new RegExp(`${service.pid}  attached .*service\\.mjs`));
});

test('it does not keep a process alive, nor print anything', async () => {
  const app = startNode(['--import', registerUrl, '-e', 'console.log("done")'], await ownFolder());
  expect(await app.outcome).toEqual({ code: 0, signal: null, stdout: 'done\n', stderr: '' });
});

test('NODELENS_DISABLED=1 leaves the process alone', async () => {
  const { env } = await ownFolder();
  const app = startNode(
    ['--import', registerUrl, '-e', 'console.log(process.getActiveResourcesInfo().includes("MessagePort"))'],
    { env: { ...env, NODELENS_DISABLED: '1' } },
  );
  expect(await app.outcome).toMatchObject({ code: 0, stdout: 'false\n', stderr: '' });
});

const badConfigs: readonly [string, string, string][] = [
  ['throws', 'throw new Error("broken config")', 'broken config'],
  ['has no default export', 'export const x = 1', 'it must export an object'],
  ['exports a function', 'export default () => ({})', 'it must export an object'],
  ['has an unknown option', 'export default { colour: 1 }', 'colour'],
  ['has a wrong option, and is named,', 'export default { colour: 1 }', 'Options were read from'],
  ['waits', 'await 1; export default {}', 'nodelens.config.mjs'],
];
test.each(badConfigs)('a config that %s is a warning, and the app runs', async (_, source, message) => {
  const { env } = await ownFolder();
  const cwd = env.NODELENS_RUNTIME_DIR;
  await writeFile(join(cwd, 'nodelens.config.mjs'), source);
  const app = startNode(['--import', registerUrl, '-e', 'console.log("runs")'], { env, cwd });
  const { code, stdout, stderr } = await app.outcome;
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'runs\n' });
  expect(stderr).toContain('NodelensWarning: Nodelens is not attached');
  expect(stderr).toContain(message);
});

test.for<[string, string, string]>([
  ['TypeScript', 'nodelens.config.ts', 'export default { control: FOLDER as string }'],
  ['CommonJS', 'nodelens.config.js', 'module.exports = { control: FOLDER }'],
  ['transpiled', 'nodelens.config.js', 'exports.__esModule = true; exports.default = { control: FOLDER }'],
])('a %s config takes effect', async ([, name, source]) => {
  const { env } = await ownFolder();
  const cwd = env.NODELENS_RUNTIME_DIR;
  const folder = await runtimeFolder();
  await writeFile(join(cwd, 'package.json'), '{}');
  await writeFile(join(cwd, name), source.replace('FOLDER', JSON.stringify(folder)));
  const app = startNode(['--import', registerUrl, '-e', 'setInterval(() => {}, 1000)'], { env, cwd });
  await appears(join(folder, `${app.pid}.sock`));
});

test('a child that inherits NODE_OPTIONS attaches as its own process, a worker thread does not', async () => {
  const { env } = await ownFolder();
  const idle = 'console.log("child " + process.pid + ";"); setInterval(() => {}, 1000)';
  const code = `
    new (require('node:worker_threads').Worker)('setInterval(() => {}, 1000)', { eval: true });
    require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(idle)}], { stdio: 'inherit' });`;
  const app = startNode(['-e', code], { env: { ...env, NODE_OPTIONS: `--import=${registerUrl}` } });
  const childPid = Number((await app.seen(/child (\d+);/))[1]);
  try {
    for (const pid of [app.pid, childPid]) await appears(join(env.NODELENS_RUNTIME_DIR, `${pid}.sock`));
    const { stdout } = await command(['ps', '--json'], { env });
    const pids = (JSON.parse(stdout) as { pid: number }[]).map(({ pid }) => pid);
    expect(pids).toEqual([app.pid, childPid].sort((a, b) => a - b));
  } finally {
    process.kill(childPid, 'SIGKILL');
  }
});

test('every worker of a cluster has a socket of its own, which the primary does not take over', async () => {
  const { env } = await ownFolder();
  const code = `
    const cluster = require('node:cluster');
    if (cluster.isPrimary) cluster.fork();
    else console.log('worker ' + process.pid + ';');
    setInterval(() => {}, 1000);`;
  const file = join(env.NODELENS_RUNTIME_DIR, 'cluster.cjs');
  await writeFile(file, code);
  const app = startNode([file], { env: { ...env, NODE_OPTIONS: `--import=${registerUrl}` } });
  const workerPid = Number((await app.seen(/worker (\d+);/))[1]);
  for (const pid of [app.pid, workerPid]) {
    await appears(join(env.NODELENS_RUNTIME_DIR, `${pid}.sock`));
    const { stdout } = await command(['status', '--pid', `${pid}`], { env });
    expect(JSON.parse(stdout)).toMatchObject({ pid });
  }
});

test('run passes options, arguments and the exit code through', async () => {
  const { env } = await ownFolder();
  const script = join(env.NODELENS_RUNTIME_DIR, 'app.mjs');
  await writeFile(
    script,
    'console.log(JSON.stringify([process.execArgv, process.argv.slice(2)])); process.exitCode = 9',
  );
  const { code, stdout } = await command(['run', '--stack-size=900', script, '--json', '-x', '--', 'a'], {
    env,
  });
  expect(code).toBe(9);
  const [execArgv, args] = JSON.parse(stdout) as [string[], string[]];
  expect(execArgv).toContain('--stack-size=900');
  expect(args).toEqual(['--json', '-x', '--', 'a']);
});

test.for(['--help', '-h'])('run %s tells of the command, not of Node', async (flag) => {
  const { code, stdout } = await command(['run', flag]);
  expect(code).toBe(0);
  expect(stdout).toContain('nodelens run [node options] app.js');
});

test('run forwards a signal and ends by it like the app', async () => {
  const { env } = await ownFolder();
  const idle = ['-e', 'console.log("idle"); setInterval(() => {}, 1000)'];
  const killed = startCommand(['run', ...idle], { env });
  await killed.seen('idle');
  killed.child.kill('SIGTERM');
  expect(await killed.outcome).toMatchObject({ code: null, signal: 'SIGTERM' });

  const graceful = startCommand(['run', '-e', `process.on('SIGINT', () => process.exit(5)); ${idle[1]}`], {
    env,
  });
  await graceful.seen('idle');
  graceful.child.kill('SIGINT');
  expect(await graceful.outcome).toMatchObject({ code: 5, signal: null });
});

async function ownFolder(): Promise<{ env: { NODELENS_RUNTIME_DIR: string } }> {
  return { env: { NODELENS_RUNTIME_DIR: await runtimeFolder() } };
}

function guilty(result: InvestigationResult): readonly unknown[] {
  return [...result.insights, ...result.notifications].flatMap(({ subjects }) => subjects);
}
