// The command against a real control socket in another process; whole systems are in system.test.ts.
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { nodelens, packageFile, runtimeFolder, type Started, startNode, startNodelens } from './processes.ts';

const usage: readonly (readonly string[])[] = [
  [],
  ['unknown'],
  ['investigate'],
  ['investigate', '--pid', 'abc'],
  ['investigate', '--pid', '0'],
  ['investigate', '--pid', '1', '--timeout', '12'],
  ['investigate', '--pid', '1', '--timeout', '0s'],
  ['investigate', '--pid', '1', '--skills', ','],
  ['investigate', '--pid', '1', '--strategy', './mine.js'],
  ['investigate', '--pid', '1', '--unknown'],
  ['snapshot', '--pid', '1'],
  ['snapshot', 'gc', '--all', '--pid', '1'],
  ['watch', '--pid', '1', '--type', 'operator.exploded'],
  ['run'],
];
test.each(usage.map((args) => [args]))('wrong use exits 2: nodelens %j', async (args) => {
  const { code, stdout, stderr } = await nodelens(args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).not.toBe('');
});

test('--help and --version exit 0', async () => {
  expect(await nodelens(['--help'])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('investigate'),
  });
  expect(await nodelens(['--version'])).toMatchObject({ code: 0, stdout: '0.1.0\n' });
});

test('help shows defaults as they are written, and none for flags', async () => {
  const { code, stdout } = await nodelens(['investigate', '--help']);
  expect(code).toBe(0);
  expect(stdout).toContain('(default: 2m)');
  expect(stdout).toContain('(choices: "agent-loop", "pipeline")');
  expect(stdout).not.toContain('(default: false)');
});

test('investigate prints the insight with function, place and line of source; progress goes to stderr', async () => {
  const { env, pid } = await startControlled();
  const { code, stdout, stderr } = await nodelens(
    ['investigate', '--pid', pid, '--reason', 'slow', '--skills', 'gc, runtime', '--timeout', '5s'],
    { env },
  );
  expect(code).toBe(0);
  expect(stderr).toContain('investigates: slow');
  expect(stdout).toContain('function insight');
  expect(stdout).toMatch(/results\.ts:5\n\s+5 \| export const insight/);
  expect(stdout).toContain(JSON.stringify({ reason: 'slow', skills: ['gc', 'runtime'], timeoutMs: 5_000 }));
  expect(stdout).not.toContain('investigates');
});

test('--json prints exactly one result on stdout and nothing on stderr', async () => {
  const { env, pid } = await startControlled();
  const { code, stdout, stderr } = await nodelens(['investigate', '--pid', pid, '--json'], { env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout.trimEnd().split('\n')).toHaveLength(1);
  expect(JSON.parse(stdout)).toMatchObject({ schema: 'nodelens.investigation/1', status: 'completed' });
});

test('--json --verbose shows progress on stderr', async () => {
  const { env, pid } = await startControlled();
  const outcome = await nodelens(['investigate', '--pid', pid, '--json', '--verbose', '--reason', 'x'], {
    env,
  });
  expect(outcome.stderr).toContain('investigates: x');
  expect(JSON.parse(outcome.stdout)).toMatchObject({ reason: 'x' });
});

const endings: readonly [string, number, RegExp | ''][] = [
  ['failed', 1, ''],
  ['deadline', 4, ''],
  ['throws', 2, /No skill named "x" is available\. Available: gc/],
  ['dies', 1, /ended before it answered/],
];
test.each(endings)('an investigation that ends as "%s" exits %i', async (reason, expected, message) => {
  const { env, pid } = await startControlled();
  const { code, stdout, stderr } = await nodelens(
    ['investigate', '--pid', pid, '--json', '--reason', reason],
    {
      env,
    },
  );
  expect(code).toBe(expected);
  if (message === '') expect(JSON.parse(stdout)).toMatchObject({ reason });
  else {
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
    expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  }
});

test('Ctrl-C cancels and still prints what was found', async () => {
  const { env, pid } = await startControlled();
  const command = startNodelens(['investigate', '--pid', pid, '--reason', 'waits', '--json', '-v'], { env });
  await command.seen('investigates: waits');
  command.child.kill('SIGINT');
  const { code, stdout } = await command.outcome;
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ status: 'cancelled' });
});

test('two investigations at once do not disturb each other', async () => {
  const { env, pid } = await startControlled();
  const waiting = startNodelens(['investigate', '--pid', pid, '--reason', 'waits', '--json', '-v'], { env });
  await waiting.seen('investigates');
  expect((await nodelens(['investigate', '--pid', pid, '--json', '--reason', 'b'], { env })).code).toBe(0);
  waiting.child.kill('SIGINT');
  expect(JSON.parse((await waiting.outcome).stdout)).toMatchObject({ status: 'cancelled' });
});

test('text from the process cannot control the terminal', async () => {
  const { env, pid } = await startControlled();
  const { stdout } = await nodelens(['investigate', '--pid', pid, '--reason', 'hostile'], { env });
  expect(stdout).toContain('alert');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the point of this test
  expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/);
});

test('status, snapshot and watch --json answer as JSON', async () => {
  const { env, pid, process } = await startControlled();
  expect(JSON.parse((await nodelens(['status', '--pid', pid], { env })).stdout)).toMatchObject({
    uptimeMs: 5,
  });
  expect(JSON.parse((await nodelens(['snapshot', 'gc', '--pid', pid], { env })).stdout)).toEqual({
    skill: 'gc',
    data: { heapUsedMb: 12.5 },
  });
  const watching = startNodelens(['watch', '--pid', pid, '--json'], { env });
  await watching.seen('{"type":"recorder.restarted","atMs":0}\n');
  process.child.kill('SIGKILL');
  expect((await watching.outcome).code).toBe(0);
});

test('watch prints a line per event, of the wanted types alone, and never hides a gap', async () => {
  const { env, pid, process } = await startControlled();
  const watching = startNodelens(['watch', '--pid', pid, '--type', 'recorder,tool.called'], { env });
  await watching.seen('2 events missed');
  process.child.kill('SIGKILL');
  const { code, stdout } = await watching.outcome;
  expect(code).toBe(0);
  expect(stdout).toMatch(
    /^\d\d:00:00\.000 recorder {5}records again\n\d\d:00:00\.000 nodelens {5}2 events missed\n$/,
  );
});

test('tree prints a row per node, and with --json the tree alone', async () => {
  const { env, pid } = await startControlled();
  expect((await nodelens(['tree', '--pid', pid], { env })).stdout).toBe(
    'NAME         STATUS   RESTARTS\nnodelens     running\n└─ recorder  running         2\n',
  );
  const { stdout } = await nodelens(['tree', '--pid', pid, '--json'], { env });
  expect(JSON.parse(stdout)).toMatchObject({ id: 'nodelens', children: [{ id: 'recorder' }] });
});

test('a terminal that does not know its size gets the whole tree', async () => {
  const { env, pid } = await startControlled();
  const sizeless = ['--import', 'data:text/javascript,process.stdout.columns=0'];
  const args = ['--conditions=@nodelens/source', packageFile('src/main.ts'), 'tree', '--pid', pid];
  expect((await startNode([...sizeless, ...args], { env }).outcome).stdout).toContain('└─ recorder  running');
});

test('ps lists live processes, says who does not answer, and removes the sockets of dead ones', async () => {
  const { env, pid, folder } = await startControlled();
  const dead = startNode(['-e', '']);
  await dead.outcome;
  const stale = join(folder, `${dead.pid}.sock`);
  await writeFile(stale, '');
  await writeFile(join(folder, 'note.txt'), '');
  const silent = createServer().listen(join(folder, `${process.pid}.sock`));
  onTestFinished(() => void silent.close());
  const { code, stdout } = await nodelens(['ps', '--json'], { env });
  expect(code).toBe(0);
  const rows = JSON.parse(stdout) as { pid: number; error?: string }[];
  expect(rows.find((row) => row.pid === Number(pid))).toMatchObject({
    command: expect.stringContaining('control-process.ts'),
    status: { uptimeMs: 5 },
  });
  expect(rows.find((row) => row.pid === process.pid)?.error).toContain('did not answer');
  expect(rows).toHaveLength(2);
  expect(existsSync(stale)).toBe(false);
  expect((await nodelens(['ps'], { env })).stdout).toMatch(new RegExp(`${pid}  attached`));
});

test('ps says so when nothing is attached', async () => {
  const { code, stdout } = await nodelens(['ps'], { env: { NODELENS_RUNTIME_DIR: await runtimeFolder() } });
  expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('No attached process') });
});

const commands = [['investigate', '--json'], ['status'], ['tree'], ['snapshot', 'gc'], ['watch']] as const;
test.each(commands.map((args) => [args]))('%j exits 3 for a process that is gone', async (args) => {
  const dead = startNode(['-e', '']);
  await dead.outcome;
  const { code, stdout, stderr } = await nodelens([...args, '--pid', `${dead.pid}`]);
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  expect(stderr).toContain(`There is no process with pid ${dead.pid}`);
});

test('exits 3 for a process that is not attached, and says how to attach', async () => {
  const { code, stdout, stderr } = await nodelens(['investigate', '--json', '--pid', `${process.pid}`], {
    env: { NODELENS_RUNTIME_DIR: await runtimeFolder() },
  });
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  expect(stderr).toContain(`nodelens attach --pid ${process.pid}`);
  expect(stderr).toContain('--attach');
});

test('a process of another user is told as such, and not to be attached', async () => {
  const forbid = "process.kill = () => { throw Object.assign(new Error('no'), { code: 'EPERM' }); }";
  const args = [
    '--conditions=@nodelens/source',
    packageFile('src/main.ts'),
    'status',
    '--pid',
    `${process.pid}`,
  ];
  const { code, stderr } = await startNode(['--import', `data:text/javascript,${forbid}`, ...args], {
    env: { NODELENS_RUNTIME_DIR: await runtimeFolder() },
  }).outcome;
  expect({ code, stderr }).toEqual({
    code: 3,
    stderr: `nodelens: Process ${process.pid} belongs to another user: run the command as that user.\n`,
  });
});

test('exits 3 for a socket that nobody answers', async () => {
  const folder = await runtimeFolder();
  await writeFile(join(folder, `${process.pid}.sock`), '');
  const { code, stderr } = await nodelens(['status', '--pid', `${process.pid}`], {
    env: { NODELENS_RUNTIME_DIR: folder },
  });
  expect(code).toBe(3);
  expect(stderr).toContain('nobody answers');
});

test('the socket is found where the process put it, even from another environment', async () => {
  const { pid } = await startControlled();
  const env = { NODELENS_RUNTIME_DIR: await runtimeFolder() };
  expect((await nodelens(['status', '--pid', pid], { env })).code).toBe(0);
});

test('a reader that goes away ends the command quietly', async () => {
  const { env, pid } = await startControlled();
  const command = startNodelens(['investigate', '--pid', pid, '--reason', 'x'], { env });
  command.child.stdout?.destroy();
  expect((await command.outcome).stderr).not.toContain('EPIPE');
});

async function startControlled(): Promise<{
  env: { NODELENS_RUNTIME_DIR: string };
  folder: string;
  pid: string;
  process: Started;
}> {
  const folder = await runtimeFolder();
  const env = { NODELENS_RUNTIME_DIR: folder };
  const started = startNode(
    ['--conditions=@nodelens/source', packageFile('test/fixtures/control-process.ts')],
    { env },
  );
  await started.seen('ready');
  return { env, folder, pid: `${started.pid}`, process: started };
}
