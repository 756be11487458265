// What scripts may ask of the memory of the process. Figures come from the ring; what reads more says what it costs.
import type { Callback, CallContext, JsonObject, RecorderContext } from '@nodelens/core';
import * as v from 'valibot';
import { round } from '../wording.ts';
import { freshSamples, growthByWindow, mainFiguresAgeMs, nativeMbOf } from './accounts.ts';
import { readBufferMakers } from './buffer-makers.ts';
import type { MappingKind } from './mappings.ts';
import { type MappingsReading, readMappings } from './read-mappings.ts';
import type { SpacesReader } from './spaces.ts';

const MINUTE_MS = 60_000;
const POINTS = 60;
/** A callback may wait longer for main than the snapshot. */
const SPACES_WAIT_MS = 1_000;

export function allocatorCallbacks(
  context: RecorderContext,
  spaces: SpacesReader,
): { readonly [name: string]: Callback } {
  return { ...figures(context, spaces), ...instruments(context) };
}

function figures(context: RecorderContext, spaces: SpacesReader): { readonly [name: string]: Callback } {
  return {
    allocator_growth: {
      description:
        'How rss, heapTotal, external and native (rss - heapTotal - external) moved within 1, 5, 15 and 60 minutes, by their lowest readings: floorMb, risenMb, mbPerMinute, onlyGrows; null where the process is too young. mainFiguresAgeMs: how old all but rss is.',
      run: () => ({
        mainFiguresAgeMs: mainFiguresAgeMs(context),
        rss: growthByWindow(context, 'rss'),
        heapTotal: growthByWindow(context, 'heapTotal'),
        external: growthByWindow(context, 'external'),
        native: growthByWindow(context, 'native'),
      }),
    },
    allocator_history: {
      description:
        'The last minutes (60 at most) as up to 60 samples, newest first: secondsAgo and, in MB, rssMb, heapTotalMb, heapUsedMb, externalMb, arrayBuffersMb, nativeMb. Samples from while main was blocked are left out.',
      params: { minutes: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(60)), 15) },
      run: (minutes: number) => historyOf(context, minutes),
    },
    allocator_heap_spaces: {
      description:
        "The spaces of main's heap, the one with most unused memory first: name, sizeMb, usedMb, unusedMb, usedPercent; ageMs: how old they are, while main does not answer. Asks main: 1 ms.",
      run: async () => {
        const reading = await spaces.read(SPACES_WAIT_MS);
        return reading === undefined
          ? { spaces: [], unavailable: ['main has not answered yet'] }
          : { ageMs: context.now() - reading.atMs, spaces: reading.spaces };
      },
    },
  };
}

function historyOf(context: RecorderContext, minutes: number): readonly JsonObject[] {
  const samples = freshSamples(context, minutes * MINUTE_MS).toReversed();
  const step = Math.max(1, Math.ceil(samples.length / POINTS));
  return samples
    .filter((_, index) => index % step === 0)
    .map((sample) => ({
      secondsAgo: Math.round((context.now() - sample.atMs) / 1000),
      rssMb: round(sample.rssMb),
      heapTotalMb: round(sample.heapTotalMb),
      heapUsedMb: round(sample.heapUsedMb),
      externalMb: round(sample.externalMb),
      arrayBuffersMb: round(sample.arrayBuffersMb),
      nativeMb: round(nativeMbOf(sample)),
    }));
}

function instruments(context: RecorderContext): { readonly [name: string]: Callback } {
  let lastMappings: MappingsReading | undefined;
  return {
    allocator_buffer_makers: {
      description:
        'Functions of the app that make Buffers, typed arrays or ArrayBuffers (by their source) and were measured, the likeliest to keep them first: makes (how, line), callers, aliveHeapMb (small objects of theirs that are alive; the memory of Buffers itself is booked on nobody), samples (of CPU in the last minute). Forces one collection (0.5 to 1.5 ms per MB of heap); externalAfterGcMb is what it left.',
      timeoutMs: 20_000,
      run: async (call: CallContext) => {
        const { makers, ...reading } = await readBufferMakers(context, call);
        return {
          ...reading,
          makers: makers.map((maker) => ({ ...maker, aliveHeapMb: round(maker.aliveHeapMb, 2) })),
        };
      },
    },
    allocator_mappings: {
      description:
        'The mappings of the process by kind (mallocHeap, mallocArenas, threadStacks, anonymous, code, files, shared, reserved) with count, reservedMb, rssMb, swapMb; the largest ones; grownMb by kind since the last call, if any. Reads /proc/self/smaps: some 10 ms per GB, none of it on main.',
      timeoutMs: 15_000,
      run: async ({ signal }: CallContext) => {
        const reading = await readMappings(context.now(), signal);
        if ('unavailable' in reading) return { unavailable: [reading.unavailable] };
        const before = lastMappings;
        lastMappings = reading;
        return describeMappings(reading, before);
      },
    },
  };
}

function describeMappings(reading: MappingsReading, before: MappingsReading | undefined): object {
  const { figures: now, isComplete, proportionalMb } = reading;
  return {
    ...now,
    proportionalMb,
    isComplete,
    ...(before !== undefined && {
      secondsSinceLastCall: Math.round((reading.atMs - before.atMs) / 1000),
      grownMb: Object.fromEntries(
        Object.entries(now.kinds).map(([kind, { rssMb }]) => [
          kind,
          round(rssMb - (before.figures.kinds[kind as MappingKind]?.rssMb ?? 0)),
        ]),
      ),
    }),
  };
}
