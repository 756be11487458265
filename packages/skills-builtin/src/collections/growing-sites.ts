// The dearer evidence, when no name leads to what grows: which functions' allocations stay alive. What is alive at
// one moment says nothing of growth (a catalogue is alive as well), so two readings are compared, and what both
// collections have left of the heap: what is replaced all the time grows in neither.
import {
  type AllocationView,
  type CallContext,
  isError,
  type JsonObject,
  type RecorderContext,
} from '@nodelens/core';
import { type SiteFigures, siteFigures } from '../allocation-sites.ts';
import { pause } from '../pause.ts';
import { megabytes, round } from '../wording.ts';

/** Between two readings, in ms. Growth below the sampler's grain (3 MB) is not seen in that time. */
const APART_MS = 3_000;

interface Reading {
  readonly view: AllocationView;
  readonly atMs: number;
  /** Of the heap, just after the collection that the reading forces. */
  readonly heapMb: number;
}

/**
 * `growingSites` with `grownMb` since the reading before, most first, `heapGrownMb` meanwhile,
 * `heapGrownMbPerMinute` and `heapGrownSeconds`, which are more where no core is free; or `limitation`: why they were not read.
 */
export async function growingSites(context: RecorderContext, call: CallContext): Promise<JsonObject> {
  const later = async (): Promise<Reading> => {
    await pause(APART_MS, call.signal);
    return read(context, call);
  };
  try {
    let before = await read(context, call);
    let after = await later();
    // A sampler that began anew after the first reading has seen nothing of what was alive by then.
    if (after.view.sinceMs !== before.view.sinceMs) [before, after] = [after, await later()];
    if (after.view.sinceMs !== before.view.sinceMs)
      return { growingSites: [], limitation: 'the allocation sampler was needed by others meanwhile' };
    return grownBetween(before, after);
  } catch (error) {
    if (!isError(error)) throw error;
    return { growingSites: [], limitation: error.message };
  }
}

async function read(context: RecorderContext, call: CallContext): Promise<Reading> {
  const view = await context.liveAllocations(call.maxPauseMs);
  const { usedSize } = await context.inspector.post('Runtime.getHeapUsage');
  return { view, atMs: performance.now(), heapMb: megabytes(Number(usedSize)) };
}

function grownBetween(before: Reading, after: Reading): JsonObject {
  const known = siteFigures(before.view);
  const sites = siteFigures(after.view)
    .map((site) => ({ ...site, grownMb: grownOf(site, known) }))
    .filter(({ grownMb }) => grownMb > 0)
    .toSorted((a, b) => b.grownMb - a.grownMb);
  const heapGrownMb = after.heapMb - before.heapMb;
  const apartMs = after.atMs - before.atMs;
  return {
    growingSites: sites,
    heapGrownMb: round(heapGrownMb),
    heapGrownMbPerMinute: round((heapGrownMb / apartMs) * 60_000),
    heapGrownSeconds: round(apartMs / 1_000),
  };
}

function grownOf(site: SiteFigures, before: readonly SiteFigures[]): number {
  const earlier = before.find(
    ({ name, file, line }) => name === site.name && file === site.file && line === site.line,
  );
  return round(site.mb - (earlier?.mb ?? 0), 2);
}
