// How a chaos run is judged: latency like with like, findings by what the history says, comebacks by their time.
import { expect, test } from 'vitest';
import { judgeLatency, type Phase } from '../../src/chaos/latency.ts';
import { Ledger } from '../../src/chaos/ledger.ts';
import { Recoveries } from '../../src/chaos/recoveries.ts';
import { leftBehind } from '../../src/chaos/resources.ts';
import type { LoadWindow, Resources } from '../../src/chaos/wire.ts';

const windowMs = 1_000;
const alone = { rssMb: 0, mainBusyMs: 30, mainStarvedMs: 1 };
const phases: readonly Phase[] = [
  { name: 'calm', fromMs: 0, toMs: 4_000 },
  { name: 'chaos', fromMs: 4_000, toMs: 8_000 },
];
const windowsOf = (latencies: readonly number[]): LoadWindow[] =>
  latencies.map((latency, index) => ({ startedAtMs: index * windowMs, latencies: [latency] }));

test('the chaos phase is compared with the calm one', () => {
  const verdict = judgeLatency(windowsOf([2, 2, 2, 2, 3, 3, 3, 9]), phases, { machine: [], windowMs });
  expect(verdict.ratio).toBe(4.5);
  expect(verdict.verdict).toBe('broken');
});

test('windows in which others used the machine do not count', () => {
  const machine = [{ ...alone, atMs: 7_500, foreignCores: 1.2 }];
  const verdict = judgeLatency(windowsOf([2, 2, 2, 2, 3, 3, 3, 9]), phases, { machine, windowMs });
  expect(verdict.chaos).toMatchObject({ windows: 3, disturbed: 1, p99Ms: 3 });
  expect(verdict.verdict).toBe('kept');
});

test('too few windows are no judgement', () => {
  const machine = [5_500, 6_500].map((atMs) => ({ ...alone, atMs, foreignCores: 2 }));
  const verdict = judgeLatency(windowsOf([2, 2, 2, 2, 90, 3, 3, 90]), phases, { machine, windowMs });
  expect(verdict.verdict).toMatch(/^not judged/);
});

test('a finding that was acknowledged and is not in the history is lost', () => {
  const ledger = new Ledger();
  ledger.acknowledged('notification', 'a', 0);
  ledger.acknowledged('insight', 'b', 0);
  ledger.told('b', 'of-b');
  ledger.seenIds(['a']);
  expect(ledger.investigationsOfUnseen()).toEqual(['of-b']);
  expect(ledger.figures(60_000)).toEqual({ acknowledged: 2, kept: 1, lost: ['insight b'] });
  expect(ledger.figures(1_000).lost).toEqual([]);
});

test('who does not come back in time is told', () => {
  const recoveries = new Recoveries(['watch-a', 'watch-b']);
  recoveries.begun({ place: 'launcher', fault: 'terminated' }, 0);
  recoveries.isAlive('watch-a', 100);
  recoveries.isAlive('watch-a', 2_000);
  expect(recoveries.missed(10_000)).toEqual([]);
  expect(recoveries.missed(60_000)).toEqual(['watch-b after "terminated" of launcher: not back']);
  expect(recoveries.figures()).toEqual({ continuous: { count: 1, medianMs: 2_000, maxMs: 2_000 } });
});

test('what is left behind is told by kind', () => {
  const before: Resources = {
    threads: 9,
    children: 0,
    zombies: 0,
    files: { socket: 3 },
    handles: {},
    listeners: {},
  };
  const after: Resources = { ...before, threads: 10, files: { socket: 2, '/tmp/x': 1 } };
  expect(leftBehind(before, after)).toEqual([
    'threads (all): 9 before, 10 after',
    'file descriptors (/tmp/x): 0 before, 1 after',
  ]);
});
