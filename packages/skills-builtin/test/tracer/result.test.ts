import { expect, test } from 'vitest';
import type { Recorded } from '../../src/tracer/protocol.ts';
import { byNearest, describeTrace } from '../../src/tracer/result.ts';
import type { Traced } from '../../src/tracer/tracing.ts';

const frame = (name: string, line: number) => ({ name, file: '/srv/app.js', line, column: 1 });
const place = { name: 'f', file: '/srv/app.js', line: 7 };
const listed = { name: 'f', scriptId: '1', url: '/srv/app.js', from: 0, to: 9, hasRun: true };
const candidate = { listed, location: place, toLine: 9 };
const counted = { candidate, calls: 120, elapsedMs: 20, isHot: false };

const recorded: Recorded = {
  calls: 4,
  elapsedMs: 2_000,
  limit: null,
  durations: [4, 1, 3, 2],
  open: 0,
  recursiveCalls: 0,
  shapes: [{ arguments: '(number)', calls: 4 }],
  otherShapes: 0,
  callers: [
    { frames: [frame('a', 1), frame('x', 9)], calls: 2 },
    { frames: [], calls: 1 },
    { frames: [frame('a', 1), frame('y', 8)], calls: 1 },
  ],
  otherCallers: 0,
  errors: [{ name: 'Oops', at: { line: 8, column: 3 }, calls: 1 }],
  failures: 0,
};

const described = (traced: Partial<Traced>): Promise<object> =>
  describeTrace(
    {
      candidate,
      counted,
      recorded,
      plan: {
        entry: { lineNumber: 0, columnNumber: 0 },
        kind: 'function',
        timing: 'return',
        breakpoints: [],
        notes: [],
      },
      isAborted: false,
      longestPauseMs: 12.34,
      ...traced,
    },
    async (one) => one,
  );

test('a trace is told by figures and places', async () => {
  expect(await described({})).toEqual({
    target: place,
    kind: 'function',
    longestPauseMs: 12.3,
    isRefused: false,
    calls: 4,
    elapsedMs: 2_000,
    callsPerSecond: 2,
    stoppedBy: 'time',
    durations: { until: 'it returns', calls: 4, minMs: 1, p50Ms: 2, p99Ms: 4, maxMs: 4 },
    openCalls: 0,
    recursiveCalls: 0,
    arguments: [{ shape: '(number)', calls: 4 }],
    callers: [
      {
        name: 'a',
        file: '/srv/app.js',
        line: 1,
        calls: 3,
        calledFrom: [{ name: 'x', file: '/srv/app.js', line: 9 }],
      },
      { name: '(event loop)', file: '', line: 0, calls: 1, calledFrom: [] },
    ],
    errors: [{ name: 'Oops', thrownAt: { file: '/srv/app.js', line: 8 }, calls: 1 }],
    notTold: [],
  });
});

test.each([
  [
    { recorded: undefined, counted: { ...counted, isHot: true } },
    { isRefused: true, refused: expect.stringContaining('120 calls within 20 ms'), callsPerSecond: 6_000 },
  ],
  [
    { recorded: undefined, isAborted: true },
    { isRefused: true, refused: expect.stringContaining('given up') },
  ],
  [{ isAborted: true }, { stoppedBy: 'abort' }],
  [
    { recorded: { ...recorded, limit: 'rate', otherShapes: 3, durations: [] } },
    { stoppedBy: 'rate', callsOfOtherShapes: 3, durations: { calls: 0, minMs: null } },
  ],
] as const)('told of %#', async (traced, told) => {
  expect(await described(traced)).toMatchObject(told);
});

test('no callers are none', () => {
  expect(byNearest([])).toEqual([]);
});
