// The dearer evidence, when no name leads to what grows: which functions' allocations stay alive. What is alive at
// one moment says nothing of growth (a catalogue is alive as well), so two readings are compared.
import { type CallContext, isError, type JsonObject, type RecorderContext } from '@nodelens/core';
import { type SiteFigures, siteFigures } from '../allocation-sites.ts';
import { pause } from '../pause.ts';
import { round } from '../wording.ts';

/** Between two readings, in ms. Growth below the sampler's grain (3 MB) is not seen in that time. */
const APART_MS = 3_000;

/** `growingSites` with `grownMb` since the reading before, most first; or `limitation`: why they were not read. */
export async function growingSites(context: RecorderContext, call: CallContext): Promise<JsonObject> {
  try {
    const first = await context.liveAllocations(call.maxPauseMs);
    await pause(APART_MS, call.signal);
    const second = await context.liveAllocations(call.maxPauseMs);
    // A sampler that began anew after the first reading has counted nothing but growth.
    const before = second.sinceMs > first.sinceMs ? [] : siteFigures(first);
    const sites = siteFigures(second)
      .map((site) => ({ ...site, grownMb: grownOf(site, before) }))
      .filter(({ grownMb }) => grownMb > 0)
      .toSorted((a, b) => b.grownMb - a.grownMb);
    return { growingSites: sites };
  } catch (error) {
    if (!isError(error)) throw error;
    return { growingSites: [], limitation: error.message };
  }
}

function grownOf(site: SiteFigures, before: readonly SiteFigures[]): number {
  const earlier = before.find(
    ({ name, file, line }) => name === site.name && file === site.file && line === site.line,
  );
  return round(site.mb - (earlier?.mb ?? 0), 2);
}
