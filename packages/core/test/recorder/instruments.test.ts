import { expect, test } from 'vitest';
import type {
  AllocationView,
  GcEvent,
  ProfileView,
  Stall,
  ThreadSample,
  VitalsSample,
} from '../../src/recorder/context.ts';
import { lineOf, startLab } from './lab.ts';

const isSpin = ({ culprit }: Stall): boolean => culprit?.name === 'spin';

test('vitals go on while main is blocked, with full utilisation', async () => {
  const lab = await startLab();
  // Its end comes with the process's.
  void lab.main('spin', 20_000);
  const [sample] = await lab.until<VitalsSample[]>(
    'vitals',
    ([last]) => (last?.eventLoopDelayMaxMs ?? 0) > 1_000,
  );
  expect(sample?.eventLoopUtilization).toBe(1);
  expect(sample?.rssMb).toBeGreaterThan(20);
  expect(sample?.heapUsedMb).toBeGreaterThan(1);
  expect(sample?.mainCpuPercent).toBeGreaterThan(10);
});

test.for([{ profile: true }, { profile: false }])(
  'an idle process is seen as idle, armed: $profile',
  async (armed) => {
    const lab = await startLab({ settings: { armed } });
    const samples = await lab.until<VitalsSample[]>('vitals', ({ length }) => length >= 4);
    const [lowest] = samples.map((sample) => sample.eventLoopUtilization).sort((a, b) => a - b);
    expect(lowest).toBeLessThan(0.2);
    expect(samples[0]?.eventLoopDelayP50Ms).toBeLessThan(20);
  },
);

test('collections are recorded with kind and duration', async () => {
  const lab = await startLab({ execArgv: ['--expose-gc'] });
  const from = Date.now();
  await lab.ask('evaluate', 'gc()', 5_000);
  const to = Date.now();
  // V8 may collect on its own account before and after ours.
  const isOurs = ({ kind, forced, atMs }: GcEvent): boolean =>
    kind === 'major' && forced && atMs >= from - 1 && atMs <= to + 1;
  const events = await lab.until<GcEvent[]>('gc', (all) => all.some(isOurs));
  expect(events.find(isOurs)?.durationMs).toBeGreaterThan(0);
});

test("the collections that our own readings force are not taken for the app's, nor for stalls", async () => {
  const lab = await startLab();
  await lab.main('keepObjects', 600_000);
  const majors = (all: GcEvent[]): GcEvent[] => all.filter(({ kind }) => kind === 'major');
  const before = majors(await lab.ask<GcEvent[]>('gc'));
  const from = Date.now();
  await lab.ask('live', 10_000);
  // A machine without a free core takes seconds for what takes 60 ms else.
  await lab.ask('collect', 20_000);
  const to = Date.now();
  const isOurs = ({ atMs }: GcEvent): boolean => atMs >= from - 1 && atMs <= to + 1;
  const after = await lab.until<GcEvent[]>(
    'gc',
    (all) => majors(all).filter(({ forced, atMs }) => forced && isOurs({ atMs } as GcEvent)).length >= 2,
  );
  expect(majors(after).length).toBeGreaterThan(before.length);
  const stalls = await lab.ask<Stall[]>('stalls');
  expect(stalls.filter(({ gcMs, startedAtMs }) => gcMs > 0 && startedAtMs > from)).toEqual([]);
});

test('the armed profile names the hot function and its callers', async () => {
  const lab = await startLab();
  for (let i = 0; i < 5; i++) await lab.main('spin', 200);
  const profile = await lab.ask<ProfileView>('profile', 10_000);
  const hot = profile.functions.find(({ name }) => name === 'spin');
  expect(hot?.file).toMatch(/blocks\.ts$/);
  expect(hot?.line).toBe(lineOf('function spin'));
  expect(hot?.totalShare).toBeGreaterThan(0.3);
  // 100 on a quiet machine; a busy one loses some.
  expect(hot?.samples).toBeGreaterThan(20);
  expect(profile.idleShare).toBeLessThan(1);
});

test("the armed profile tells what of Node's own a function calls", async () => {
  const lab = await startLab();
  for (let i = 0; i < 3; i++) await lab.main('runChild');
  const { functions } = await lab.ask<ProfileView>('profile', 10_000);
  const { nodeCall } = functions.find(({ name }) => name === 'runChild') ?? {};
  expect(nodeCall).toMatchObject({ name: 'execFileSync', file: 'node:child_process' });
  expect(nodeCall?.samples).toBeGreaterThan(0);
});

test("the app's own console profile does not disturb ours", async () => {
  const lab = await startLab();
  await lab.main('foreignProfile');
  await lab.main('spin', 200);
  const profile = await lab.ask<ProfileView>('profile', 10_000);
  expect(profile.functions.map(({ name }) => name)).toContain('spin');
});

test('a replaced console.profile is told as a limitation, and stalls are still named live', async () => {
  const lab = await startLab({ settings: { attach: false }, isReady: false });
  await lab.main('replaceProfile');
  await lab.main('start');
  await lab.main('ready');
  expect(await lab.ask<string[]>('limitations')).toEqual([expect.stringContaining('console.profile')]);
  await expect(lab.ask('profile', 1_000)).rejects.toMatchObject({ code: 'recorder_unavailable' });
  await lab.seen(isSpin, 'spin', 600);
});

test('the site of live allocations is named', async () => {
  const lab = await startLab();
  await lab.main('keepObjects', 200_000);
  const view = await lab.ask<AllocationView>('live', 10_000);
  const site = view.sites.find(({ name }) => name === 'keepObjects');
  expect(site?.bytes).toBeGreaterThan(8 * 1024 * 1024);
  expect(site?.file).toMatch(/blocks\.ts$/);
});

test('a process that allocates heavily is sampled coarsely, until somebody reads', {
  timeout: 60_000,
}, async () => {
  const lab = await startLab();
  // Its end comes with the process's.
  void lab.main('makeMuchGarbage', 60_000);
  const minors = (events: readonly GcEvent[]): number =>
    events.filter(({ kind, atMs }) => kind === 'minor' && Date.now() - atMs < 4_000).length;
  await lab.until<readonly GcEvent[]>('gc', (events) => minors(events) >= 25);
  const from = Date.now();
  await lab.until<readonly VitalsSample[]>('vitals', ([newest]) => (newest?.atMs ?? 0) > from + 2_000);

  await lab.main('keepObjects', 400_000);
  const first = await lab.ask<AllocationView>('live', 10_000);
  expect(grainMb(first)).toBeGreaterThan(2);
  await lab.main('keepObjects', 200_000);
  const second = await lab.ask<AllocationView>('live', 10_000);
  expect(second.sinceMs).toBeGreaterThan(first.sinceMs);
  expect(grainMb(second)).toBeLessThan(1);
});

/** MB that one sample stands for: of small objects the interval of the sampler. */
function grainMb({ sites }: AllocationView): number {
  const site = sites.find(({ name }) => name === 'keepObjects');
  return (site?.bytes ?? Number.NaN) / (site?.count ?? 1) / 1_048_576;
}

test('a reading that would pause main for longer than granted is refused with the figure', async () => {
  const lab = await startLab();
  await expect(lab.ask('live', 1)).rejects.toMatchObject({ code: 'pause_refused', data: { grantedMs: 1 } });
  await expect(lab.ask('churn', 100, 1)).rejects.toMatchObject({ code: 'pause_refused' });
});

test('churn names who makes garbage, and plain sampling goes on afterwards', async () => {
  const lab = await startLab();
  const made = lab.main('makeGarbage', 2_500);
  const view = await lab.ask<AllocationView>('churn', 1_500, 10_000);
  // V8 may have inlined the one into the other.
  const waste = view.sites.filter(({ name, callers }) =>
    [name, ...callers.map((caller) => caller.name)].some((n) => n === 'wasteObjects' || n === 'makeGarbage'),
  );
  expect(waste.reduce((sum, { bytes }) => sum + bytes, 0)).toBeGreaterThan(0.5 * view.totalBytes);
  expect(view.totalBytes).toBeGreaterThan(1024 * 1024);
  await made;
  await expect(lab.ask('live', 10_000)).resolves.toMatchObject({ sites: expect.any(Array) });
});

test('threads are listed with main among them', async () => {
  const lab = await startLab();
  const threads = await lab.ask<ThreadSample[]>('threads');
  expect(threads.map(({ name }) => name)).toContain('main');
  expect(threads.find(({ name }) => name === 'main')?.tid).toBe(lab.child.pid);
  // Nobody has more than one core, however quickly the readings follow each other.
  const again = await Promise.all([1, 2, 3].map(() => lab.ask<ThreadSample[]>('threads')));
  for (const { cpuPercent } of [...threads, ...again.flat()]) {
    expect(cpuPercent).toBeGreaterThanOrEqual(0);
    expect(cpuPercent).toBeLessThan(115);
  }
});

test.for([
  ["of Node's", 'process.getBuiltinModule("node:events").prototype.emit', /^node:events$/],
  ["of the app's", 'process.listeners("message").at(-1)', /fixtures\/main\.ts$/],
] as const)(
  'a function %s is located by its script id without the debugger',
  async ([, expression, file]) => {
    const lab = await startLab();
    const { result } = await lab.ask<{ result: { objectId: string } }>('post', 'Runtime.evaluate', {
      expression,
    });
    const properties = await lab.ask<{ internalProperties: { name: string; value: { value?: Place } }[] }>(
      'post',
      'Runtime.getProperties',
      { objectId: result.objectId },
    );
    const place = properties.internalProperties.find(({ name }) => name === '[[FunctionLocation]]')?.value
      .value;
    const location = await lab.ask('locate', place?.scriptId, place?.lineNumber);
    expect(location).toMatchObject({ file: expect.stringMatching(file), line: (place?.lineNumber ?? 0) + 1 });
  },
);

interface Place {
  readonly scriptId: string;
  readonly lineNumber: number;
}

test('an inspector request that main cannot serve ends by its deadline', async () => {
  const lab = await startLab();
  const done = lab.main('hashPassword', 1_500_000);
  await lab.until('current', (stall) => stall !== null);
  await expect(lab.ask('evaluate', '1 + 1', 30)).rejects.toMatchObject({ code: 'inspector_no_answer' });
  await done;
  await expect(lab.ask('evaluate', '1 + 1', 5_000)).resolves.toBe(2);
  await expect(lab.ask('evaluate', 'missing()', 5_000)).rejects.toMatchObject({ code: 'inspector_failed' });
});

test.for([
  { by: '--cpu-prof', execArgv: ['--cpu-prof', '--cpu-prof-dir=/tmp/nodelens-test-prof'] },
  { by: '--inspect', execArgv: ['--inspect=127.0.0.1:0'] },
])('nothing is armed under $by, and that is told', async ({ by, execArgv }) => {
  const lab = await startLab({ execArgv });
  expect(await lab.ask<string[]>('limitations')).toEqual([expect.stringContaining(by)]);
  await expect(lab.ask('profile', 1_000)).rejects.toMatchObject({ code: 'inspector_in_use' });
  await expect(lab.ask('live', 10_000)).rejects.toMatchObject({ code: 'inspector_in_use' });
  // Stalls are still seen and named live.
  await lab.seen(isSpin, 'spin', 400);
});
