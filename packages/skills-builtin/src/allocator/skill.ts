// The skill `allocator` on the recorder thread: where the memory of the process lies. The ring and /proc tell most of
// it; main is asked for its heap spaces only, and never waited for longer than a few ms.
import type { JsonObject, RecorderContext, Skill } from '@nodelens/core';
import { round } from '../wording.ts';
import { growthsOf, heapUsageOf, mainFiguresAgeMs, nativeMbOf } from './accounts.ts';
import { allocatorCallbacks } from './callbacks.ts';
import type { Growth } from './growth.ts';
import { allocatorChecks, allocatorKeywords, allocatorPrompt } from './knowledge.ts';
import { type Resident, readResident } from './resident.ts';
import { createSpacesReader, type SpacesReading } from './spaces.ts';

const MB = 1_048_576;
const SPACES_WAIT_MS = 4;

export function createAllocatorSkill(context: RecorderContext): Skill {
  const spaces = createSpacesReader(context);
  return {
    id: 'allocator',
    title: 'Memory by owner',
    description:
      'Where the memory of the process lies: V8 heap spaces and fragmentation, Buffers and external memory, native memory beyond V8; names the functions whose Buffers are kept',
    systemPrompt: allocatorPrompt,
    keywords: allocatorKeywords,
    snapshot: () => snapshotOf(context, spaces.read(SPACES_WAIT_MS)),
    callbacks: allocatorCallbacks(context, spaces),
    checks: allocatorChecks,
  };
}

/** Main answers while the ring is looked through. */
async function snapshotOf(
  context: RecorderContext,
  asked: Promise<SpacesReading | undefined>,
): Promise<JsonObject> {
  const resident = readResident();
  const figures = {
    ...vitalsNow(context),
    ...residentNow(resident),
    ...growthNow(context),
    ...usageNow(context),
  };
  const spaces = await asked;
  return {
    ...figures,
    ...spacesNow(context, spaces),
    unavailable: [
      ...(resident === undefined ? ['residentByKind: there is no /proc/self/status here'] : []),
      ...(spaces === undefined ? ['heapSpaces: main has not answered yet'] : []),
    ],
  };
}

function vitalsNow(context: RecorderContext): JsonObject {
  const newest = context.vitals.newest(1)[0];
  // Of the whole process, so it needs no main.
  const rssMb = round(process.memoryUsage.rss() / MB);
  return {
    rssMb,
    heapTotalMb: newest && round(newest.heapTotalMb),
    heapUsedMb: newest && round(newest.heapUsedMb),
    heapUsagePercent:
      newest && newest.heapTotalMb > 0 ? round((100 * newest.heapUsedMb) / newest.heapTotalMb) : undefined,
    externalMb: newest && round(newest.externalMb),
    arrayBuffersMb: newest && round(newest.arrayBuffersMb),
    nativeMb: newest && round(nativeMbOf({ ...newest, rssMb })),
    mainFiguresAgeMs: mainFiguresAgeMs(context),
  };
}

const residentNow = (resident: Resident | undefined): JsonObject => ({
  rssAnonymousMb: resident?.anonymousMb,
  rssFileMb: resident?.fileMb,
  rssSharedMb: resident?.sharedMb,
  threads: resident?.threads,
});

function spacesNow(context: RecorderContext, reading: SpacesReading | undefined): JsonObject {
  const old = reading?.spaces.find(({ name }) => name === 'old_space');
  const worst = reading?.spaces[0];
  return {
    oldSpaceMb: old?.sizeMb,
    oldSpaceUsedPercent: old?.usedPercent,
    worstSpace: worst?.name,
    worstSpaceUnusedMb: worst?.unusedMb,
    heapSpacesAgeMs: reading === undefined ? undefined : context.now() - reading.atMs,
  };
}

function growthNow(context: RecorderContext): JsonObject {
  const { external, native, besideNative } = growthsOf(context);
  return {
    ...prefixed('external', external),
    ...prefixed('native', native),
    nativeRssRisenMb: besideNative.rssMb,
    nativeHeapRisenMb: besideNative.heapTotalMb,
    nativeExternalRisenMb: besideNative.externalMb,
  };
}

const prefixed = (name: 'external' | 'native', growth: Growth | undefined): JsonObject => ({
  [`${name}FloorMb`]: growth?.floorMb,
  [`${name}RisenMb`]: growth?.risenMb,
  [`${name}MbPerMinute`]: growth?.mbPerMinute,
  [`${name}WindowSeconds`]: growth?.windowSeconds,
  [`${name}OnlyGrows`]: growth?.onlyGrows,
});

function usageNow(context: RecorderContext): JsonObject {
  const usage = heapUsageOf(context);
  return {
    heapUsageMax5mPercent: usage?.maxPercent,
    heapUnusedMin5mMb: usage?.unusedMinMb,
    heapUsageWindowSeconds: usage?.windowSeconds,
  };
}
