import { expect, test } from 'vitest';
import { runProcess } from './tracer-process.ts';

interface Costs {
  readonly callNs: number;
  readonly awaitNs: number;
}

interface Measured {
  readonly before: Costs;
  readonly after: Costs;
  readonly bareTurns: number;
  readonly hotTurns: number;
  readonly hot: object;
  readonly traces: readonly object[];
  readonly left: readonly string[];
  readonly abandoned: string;
  readonly last: object;
  readonly snapshot: object;
}

test('a hot function is refused, and after its traces a process runs as before them', {
  timeout: 60_000,
}, async () => {
  const { stdout } = await runProcess('measure');
  const told = JSON.parse(stdout) as Measured;
  expect(told.hot).toMatchObject({
    isRefused: true,
    refused: expect.stringMatching(/^hot path: \d+ calls within .* ms/),
  });
  expect(told.traces).toMatchObject([
    { isRefused: false, durations: { until: 'its promise settles' } },
    { isRefused: false, durations: { until: 'it returns' } },
  ]);
  expect(told.abandoned).toContain('did not finish within 800 ms');
  expect(told.last).toMatchObject([{ stoppedBy: 'abort' }]);
  expect(told.snapshot).toMatchObject({ hasBreakpoints: false, traces: 3, refusedTraces: 1 });
  expect(told.left).not.toContain('Symbol(nodelens.tracer)');
  // Debugger on: a call of a function with a breakpoint takes 60 us, an await 10 times as long.
  expect(told.after.callNs).toBeLessThan(3 * told.before.callNs);
  expect(told.after.awaitNs).toBeLessThan(3 * told.before.awaitNs);
  expect(told.hotTurns).toBeGreaterThan(0.6 * told.bareTurns);
});
