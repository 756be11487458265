import { expect, test } from 'vitest';
import type { Stall } from '../../src/recorder/context.ts';
import { bareInit } from './fixtures/bare-init.ts';
import { lineOf, startLab } from './lab.ts';

test('a stop leaves no thread, handle, listener or wrapper, and the process ends by itself', async () => {
  const lab = await startLab({ settings: { attach: false }, isReady: false });
  const before = await lab.main('traces');
  await lab.main('start');
  await lab.main('ready');
  expect(await lab.main('traces')).not.toEqual(before);
  await lab.main('stopTwice');
  expect(await lab.main('traces')).toEqual(before);
  void lab.main('leave');
  expect(await lab.ended).toEqual({ code: 0, signal: null, stderr: '' });
});

test('a process with a running recorder ends by itself', async () => {
  const lab = await startLab();
  void lab.main('leave');
  expect(await lab.ended).toEqual({ code: 0, signal: null, stderr: '' });
});

test('process.exit keeps its code and prints nothing', async () => {
  const lab = await startLab();
  void lab.main('exit', 7);
  expect(await lab.ended).toEqual({ code: 7, signal: null, stderr: '' });
});

test('a second recorder in the same process is refused until the first is stopped', async () => {
  const lab = await startLab();
  await expect(lab.main('start')).rejects.toMatchObject({ code: 'lens_already_started' });
  await lab.main('stop');
  await lab.main('start');
  await lab.main('ready');
});

test('a wrapper that someone else put over ours survives the stop', async () => {
  const lab = await startLab();
  const theirs = await lab.main('replaceKill');
  await lab.main('stop');
  expect(await lab.main('killSource')).toBe(theirs);
});

test('a recorder that fails is told to its owner, the process lives and can start another', async () => {
  const lab = await startLab();
  const exited = lab.main('exited');
  // Main listens by now.
  await lab.main('echo', 'listening');
  await lab.ask('crash');
  expect(await exited).toBe('failed');
  expect(await lab.main('echo', 'alive')).toBe('alive');
  await lab.main('start');
  await lab.main('ready');
});

test('a skill that cannot be loaded rejects the start with the reason', async () => {
  const lab = await startLab({ settings: { skillExport: 'missing' }, isReady: false });
  await expect(lab.main('ready')).rejects.toMatchObject({
    code: 'skill_invalid',
    message: expect.stringContaining('missing'),
  });
  lab.child.kill();
});

test('a start that stands without computing is waited for, one that computes for ever is ended', {
  // On a full machine, 10 s of CPU take their time.
  timeout: 120_000,
}, async () => {
  const [starved, looping] = await Promise.all(
    ['createStarvedLab', 'createLoopingLab'].map((skillExport) =>
      startLab({ settings: { skillExport }, isReady: false }),
    ),
  );
  await Promise.all([
    starved?.main('ready'),
    expect(looping?.main('ready')).rejects.toMatchObject({ code: 'recorder_unavailable' }),
  ]);
  expect(await starved?.main('echo', 'alive')).toBe('alive');
});

test('it starts inside a main thread that is stuck, and names the loop while it is', async () => {
  const lab = await startLab({ settings: { attach: false }, isReady: false });
  const module = new URL('./fixtures/lab-skill.ts', import.meta.url).href;
  const skill = {
    kind: 'skill-spec',
    id: 'lab',
    module,
    exportName: 'createLab',
    options: { port: lab.port },
  };
  const done = lab.main('attachWhileSpinning', 4_000, { skills: [skill], init: bareInit });
  const stall = await lab.until<Stall>('current', (current) => current?.culprit !== undefined);
  expect(stall).toMatchObject({ ongoing: true, culprit: { name: 'spin' } });
  await done;
  await lab.ask('ended', 20_000);
  const ended = (await lab.ask<Stall[]>('stalls')).find(({ id }) => id === stall.id);
  // A profile that began inside of the loop knows neither its name nor its line.
  expect(ended).toMatchObject({ ongoing: false, evidence: 'live-stack', culprit: { name: 'spin' } });
  expect([lineOf('const until'), lineOf('const until') + 1]).toContain(ended?.culprit?.line);
});

test('a preload of the user runs once, not in the recorder thread', async () => {
  const preload = `data:text/javascript,process.stderr.write("preloaded ")`;
  const lab = await startLab({ execArgv: ['--import', preload] });
  void lab.main('leave');
  expect((await lab.ended).stderr).toBe('preloaded ');
});
