import { expect, test } from 'vitest';
import type { Stall } from '../../src/recorder/context.ts';
import { canPin, starve } from './hogs.ts';
import { startLab } from './lab.ts';

const HOGS = 12;

test.skipIf(!canPin)(
  'a main that gets no core is told as such, nobody is blamed; a real block beside it is still named',
  { timeout: 60_000 },
  async () => {
    const lab = await startLab();
    await starve(lab.child.pid ?? 0, HOGS);
    const from = Date.now();
    // Each turn takes more than ten times as long while the others have the core.
    await lab.main('computeInTurns', 2_000);
    await lab.ask('ended', 5_000);
    const starved = (await lab.ask<Stall[]>('stalls')).filter(({ startedAtMs }) => startedAtMs >= from);
    expect(starved.length).toBeGreaterThan(0);
    expect(starved.filter(({ culprit }) => culprit !== undefined)).toEqual([]);
    for (const { kind, starvedMs } of starved) {
      expect(kind).toBe('not-scheduled');
      expect(starvedMs).toBeGreaterThan(0);
    }

    const seen = await lab.seen(({ culprit }) => culprit?.name === 'compute', 'compute', 250);
    const ended = await lab.until<Stall[]>('stalls', (all) => all.some(({ id }) => id === seen.id));
    const block = ended.find(({ id }) => id === seen.id);
    expect(block).toMatchObject({ kind: 'javascript', ongoing: false });
    expect(block?.starvedMs).toBeGreaterThan((block?.durationMs ?? 0) / 2);
  },
);
