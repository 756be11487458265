import { expect, test } from 'vitest';
import type { Stall } from '../../src/recorder/context.ts';
import { lineOf, startLab } from './lab.ts';

const named = ({ culprit }: Stall): boolean => culprit !== undefined;

test('a JavaScript loop is named with file and line while it blocks', async () => {
  const lab = await startLab();
  const stall = await lab.seen(named, 'spin', 1_000);
  expect(stall).toMatchObject({
    ongoing: true,
    kind: 'javascript',
    evidence: 'live-stack',
    culprit: { name: 'spin' },
  });
  expect(stall.culprit?.file).toMatch(/fixtures\/blocks\.ts$/);
  expect([lineOf('const until'), lineOf('const until') + 1]).toContain(stall.culprit?.line);
  expect(stall.durationMs).toBeLessThan(900);
  const stalls = await lab.until<Stall[]>('stalls', (all) => all.some(({ id }) => id === stall.id));
  const ended = stalls.find(({ id }) => id === stall.id);
  expect(ended).toMatchObject({ ongoing: false, culprit: { name: 'spin' } });
  expect(ended?.durationMs).toBeGreaterThanOrEqual(900);
});

test('a regular expression is named while it blocks', async () => {
  const lab = await startLab();
  const stall = await lab.seen(named, 'matchEvil', 25);
  expect(stall).toMatchObject({
    ongoing: true,
    kind: 'javascript',
    culprit: { name: 'matchEvil', line: lineOf('.test(') },
  });
});

test('the kind of a native call is told at once and its caller as soon as it returns', async () => {
  const lab = await startLab();
  const during = await lab.seen(({ kind }) => kind === 'native-cpu', 'hashPassword', 1_000_000);
  expect(during).toMatchObject({ ongoing: true, kind: 'native-cpu', stack: [], evidence: 'none' });
  await lab.ask('ended', 20_000);
  const stall = (await lab.ask<Stall[]>('stalls')).find(({ id }) => id === during.id);
  expect(stall).toMatchObject({ ongoing: false, kind: 'native-cpu', evidence: 'armed-profile' });
  expect(stall?.culprit).toMatchObject({ name: 'hashPassword', file: expect.stringMatching(/blocks\.ts$/) });
  expect(stall?.stack.map(({ name }) => name)).toContain('pbkdf2Sync');
});

test('the end of a stall is told when it has its name, also when the next one has begun by then', async () => {
  const lab = await startLab();
  let isDone = false;
  void lab.main('hashOften', 10, 1_000_000, 60).then(() => {
    isDone = true;
  });
  const first = await lab.until<Stall | null>('current', (stall) => stall !== null);
  await lab.ask('ended', 60_000);
  expect(isDone).toBe(false);
  const stalls = await lab.ask<Stall[]>('stalls');
  expect(stalls.find(({ id }) => id === first?.id)).toMatchObject({ culprit: { name: 'hashPassword' } });
});

test('JSON.parse is named by its caller when it has returned', async () => {
  const lab = await startLab();
  await lab.main('write', 400_000);
  await lab.main('parseBig', 6);
  await lab.until<Stall[]>('stalls', (all) => all.some(({ culprit }) => culprit?.name === 'parseBig'));
});

test('a lock is told apart from computing', async () => {
  const lab = await startLab();
  // The verdict, not the first hint: a look may fall into the instant in which the profiler's signal wakes main.
  const isLock = (stall: Stall): boolean => stall.kind === 'lock' && named(stall);
  const stall = await lab.seen(isLock, 'waitForLock', 800);
  expect(stall).toMatchObject({ culprit: { name: 'waitForLock' } });
  await lab.ask('ended', 20_000);
  const ended = (await lab.ask<Stall[]>('stalls')).find(({ id }) => id === stall.id);
  expect(ended).toMatchObject({ kind: 'lock', culprit: { name: 'waitForLock' }, native: { state: 'S' } });
});

test('a block that is garbage collection is told as such when it has ended', async () => {
  const lab = await startLab({ execArgv: ['--expose-gc'] });
  await lab.main('keepObjects', 200_000);
  // Enough of its own for a busy machine too.
  await lab.main('collectOften', 40);
  const isCollected = ({ gcMs }: Stall): boolean => gcMs > 200;
  const stall = (await lab.until<Stall[]>('stalls', (all) => all.some(isCollected))).find(isCollected);
  expect(stall).toMatchObject({ kind: 'garbage-collection', ongoing: false });
  expect(stall?.gcMs).toBeGreaterThan((stall?.durationMs ?? 0) / 2);
});

test('a busy process that turns its loop has no stall', async () => {
  const lab = await startLab();
  const longestSilenceMs = await lab.main<number>('workHard', 2_000);
  const stalls = await lab.ask<Stall[]>('stalls');
  // On a machine that does not schedule main for 60 ms there may be one: main's own timer is the judge.
  if (longestSilenceMs < 60) expect(stalls).toEqual([]);
  else for (const { durationMs } of stalls) expect(durationMs).toBeLessThan(longestSilenceMs + 60);
});

test('where the stack cannot be taken live, the armed profile names the function', async () => {
  const lab = await startLab();
  await lab.main('breakProcess');
  const isNamed = ({ culprit, evidence }: Stall): boolean =>
    culprit?.name === 'spin' && evidence === 'armed-profile';
  // Of a main without a core there may be too few samples for a name.
  do await lab.main('spin', 400);
  while (!(await lab.ask<Stall[]>('stalls')).some(isNamed));
});

test('of many short native calls the function that makes them is named, not the one that is seen between them', async () => {
  const lab = await startLab();
  await lab.main('write', 20_000);
  await lab.main('parseOften', 400);
  await lab.until<Stall[]>('stalls', (all) =>
    all.some(({ culprit, evidence }) => culprit?.name === 'parseOnce' && evidence === 'armed-profile'),
  );
});

test('many short blocks are counted one by one', async () => {
  const lab = await startLab();
  // By main's own time: on a busy machine there may be others, of a main thread that was not scheduled.
  const blocks = (all: Stall[]): Stall[] =>
    all.filter(({ stack }) => stack.some(({ name }) => name === 'compute'));
  for (let i = 1; i <= 3; i++) {
    await lab.main('compute', 300);
    await lab.until<Stall[]>('stalls', (all) => blocks(all).length === i);
  }
  expect(new Set(blocks(await lab.ask<Stall[]>('stalls')).map(({ id }) => id)).size).toBe(3);
});
