// What is recorded of main each second and whenever it is read: vitals and collections, in bounded rings.
import type { GcEvent, RecorderContext, VitalsSample } from '../context.ts';
import type { Heartbeat } from '../heartbeat.ts';
import type { OwnPauses } from '../instruments/own-pause.ts';
import type { Pulse } from '../pulse.ts';
import { readGc } from './gc.ts';
import { createRing } from './ring.ts';
import { createVitalsSampler } from './vitals.ts';

const VITALS_KEPT = 3_600;
const GC_KEPT = 2_000;
/** So many young generations (16 MB each) filled in 5 s are 80 MB/s. */
const HEAVY_MINORS = 25;
const HEAVY_WINDOW_MS = 5_000;

export type Rings = Pick<RecorderContext, 'vitals' | 'gc'>;

export interface RingsOptions {
  readonly pulse: Pulse;
  readonly isProfiled: () => boolean;
  readonly pauses: OwnPauses;
  /** Called each second while main allocates 80 MB/s and more. */
  readonly onHeavyAllocation: () => void;
}

export function startRings(heartbeat: Heartbeat, options: RingsOptions): Rings {
  const { pulse, isProfiled, pauses, onHeavyAllocation } = options;
  const vitals = createRing<VitalsSample>({ capacity: VITALS_KEPT, timeOf: ({ atMs }) => atMs });
  const gc = createRing<GcEvent>({ capacity: GC_KEPT, timeOf: ({ atMs }) => atMs });
  const sample = createVitalsSampler(heartbeat, isProfiled);
  let collected = 0;
  const drain = (): void => {
    for (const event of heartbeat.gcSince(collected)) gc.push(readGc(event, pauses.hasCollected));
    collected = heartbeat.gcCount();
  };
  pulse.everySecond(() => {
    vitals.push(sample());
    drain();
    const minors = gc.since(HEAVY_WINDOW_MS).filter(({ kind }) => kind === 'minor').length;
    if (minors >= HEAVY_MINORS) onHeavyAllocation();
  });
  return {
    vitals,
    gc: {
      newest(limit) {
        drain();
        return gc.newest(limit);
      },
      since(windowMs) {
        drain();
        return gc.since(windowMs);
      },
    },
  };
}
