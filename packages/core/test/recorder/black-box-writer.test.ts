// How often the black box is written while all is well.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openBlackBoxFile } from '../../src/recorder/black-box/file.ts';
import { ownIdentity } from '../../src/recorder/black-box/identity.ts';
import { startWriter } from '../../src/recorder/black-box/writer.ts';
import type { RecorderContext, VitalsSample } from '../../src/recorder/context.ts';
import { createRing } from '../../src/recorder/history/ring.ts';

/** A process whose memory never changes. */
function lab(startedAtMs: number) {
  const directory = mkdtempSync(join(tmpdir(), 'nodelens-writer-'));
  const file = openBlackBoxFile({ directory, onMovedAside: (message) => expect.fail(message) });
  const life = { ...ownIdentity(), service: 'shop.js', startedAtMs };
  const timeOf = ({ atMs }: { readonly atMs: number }): number => atMs;
  const vitals = createRing<VitalsSample>({ capacity: 10, timeOf });
  const ticks: (() => void)[] = [];
  let nowMs = startedAtMs;
  const context = {
    now: () => nowMs,
    vitals,
    gc: createRing({ capacity: 1, timeOf }),
    stalls: createRing({ capacity: 1, timeOf }),
    currentStall: () => undefined,
    onStall: () => undefined,
    everySecond: (tick: () => void) => void ticks.push(tick),
    inspector: { evaluate: async () => null },
  } as Partial<Record<keyof RecorderContext, unknown>> as unknown as RecorderContext;
  const onFailure = (error: unknown): void => expect.fail(String(error));
  const writer = startWriter({ context, file, life, nodeOptions: [], onFailure });
  onTestFinished(() => {
    writer.stop();
    file.close();
    rmSync(directory, { recursive: true });
  });
  return (atMs: number): number | undefined => {
    nowMs = atMs;
    vitals.push({ atMs, rssMb: 100, heapUsedMb: 50 } as VitalsSample);
    for (const tick of ticks) tick();
    return file.open('shop.js')[0]?.seenAtMs;
  };
}

test('it is written every five seconds, also after the clock was set back', () => {
  const hour = 3_600_000;
  const seenAt = lab(hour);
  expect(seenAt(hour + 1_000)).toBe(hour + 1_000);
  expect(seenAt(hour + 2_000)).toBe(hour + 1_000);
  expect(seenAt(hour + 6_000)).toBe(hour + 6_000);
  expect(seenAt(7_000)).toBe(7_000);
  expect(seenAt(8_000)).toBe(7_000);
});
