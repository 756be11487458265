// Allocation sampling of main, every 512 KB, or 4 MB where so much is allocated that 512 KB would be felt. Every reading
// forces a full collection on main, so each is weighed against the pause that the caller granted. It sees no Buffers and
// no big external strings.
import { fail } from '../../errors.ts';
import type { JsonObject } from '../../json.ts';
import type { AllocationSite, AllocationView } from '../context.ts';
import { readUse } from '../kernel/proc.ts';
import { createCollectionEstimate } from './collection-estimate.ts';
import type { MainSession } from './inspector.ts';
import type { OwnPauses } from './own-pause.ts';
import type { Locator, RawFrame } from './source-map.ts';
import { isUserCode } from './stack.ts';

/** A leak of 3 MB has six samples. */
const INTERVAL_BYTES = 512 * 1024;
/** At 300 MB/s a sample every 512 KB costs 3 to 4 % of main's CPU, this one less than 1 % (decision 006). */
const RELAXED_INTERVAL_BYTES = 4 * 1024 * 1024;
/** For a short window; still no more than a few per cent of the cost of an allocation. */
const CHURN_INTERVAL_BYTES = 128 * 1024;
const MAX_CHURN_MS = 10_000;
/** Whoever has read reads again soon, to see what grows, in ms. */
const SHARP_AFTER_READING_MS = 60_000;
const READ_TIMEOUT_MS = 30_000;
/** The requests that return what lives, and collect the heap for it. */
const COLLECTING: ReadonlySet<string> = new Set(['getSamplingProfile', 'stopSampling']);
const SITES = 50;
const CALLERS = 8;

export interface Allocations {
  arm(): Promise<void>;
  /**
   * From now on at 4 MB, until the next reading of what lives; nothing within a minute of the last one. What was
   * counted until then is forgotten. Collects nothing.
   */
  relax(): Promise<void>;
  /** What lives now; see RecorderContext.liveAllocations. */
  live(maxPauseMs: number): Promise<AllocationView>;
  /** What is allocated during the next window; see RecorderContext.churn. */
  churn(windowMs: number, maxPauseMs: number): Promise<AllocationView>;
  /**
   * Runs something else that uses the profiler of the heap. It takes turns with the readings, and afterwards V8 forgets
   * the ids that it gave to objects (it would follow them through every collection); so all is counted anew.
   */
  aside<T>(run: () => Promise<T>): Promise<T>;
}

export interface AllocationsOptions {
  readonly session: MainSession;
  readonly locator: Locator;
  /** Main's used heap in MB, as last known. */
  readonly heapUsedMb: () => number;
  readonly pauses: OwnPauses;
}

export function createAllocations(options: AllocationsOptions): Allocations {
  const { session, locator, pauses } = options;
  let sinceMs = 0;
  let intervalBytes = INTERVAL_BYTES;
  let readAtMs = Number.NEGATIVE_INFINITY;
  // One sampler per isolate: readings and windows take turns.
  let turn: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    const next = turn.then(run, run);
    turn = next.catch(() => undefined);
    return next;
  };
  const estimate = createCollectionEstimate();
  const request = async (method: string, params: JsonObject = {}): Promise<JsonObject> => {
    const collects = COLLECTING.has(method);
    const heapMb = options.heapUsedMb();
    const startedMs = performance.now();
    const before = readUse(process.pid);
    const answer = await pauses.run(
      () => session.post(`HeapProfiler.${method}`, params, { timeoutMs: READ_TIMEOUT_MS }),
      { collects },
    );
    // What main waited for a core is the machine's doing: learnt, it would refuse the next reading on a full one.
    const waitedMs = (readUse(process.pid)?.queuedMs ?? 0) - (before?.queuedMs ?? 0);
    if (collects) estimate.learn(heapMb, performance.now() - startedMs - waitedMs);
    return answer;
  };
  const refuseAbove = (grantedMs: number, what: string): void => {
    const estimatedMs = estimate.pauseMs(options.heapUsedMb());
    if (estimatedMs > grantedMs) throw fail('pause_refused', { what, estimatedMs, grantedMs });
  };
  const arm = async (): Promise<void> => {
    await request('startSampling', { samplingInterval: intervalBytes });
    sinceMs = Date.now();
  };

  const rearm = async (bytes: number): Promise<void> => {
    if (sinceMs === 0 || intervalBytes === bytes) return;
    intervalBytes = bytes;
    // It stops the sampler as stopSampling does, but builds no profile, for which the heap would be collected.
    await request('disable');
    await arm();
  };

  return {
    arm: () => inTurn(arm),
    relax: () =>
      inTurn(async () => {
        if (Date.now() - readAtMs >= SHARP_AFTER_READING_MS) await rearm(RELAXED_INTERVAL_BYTES);
      }),
    live: (maxPauseMs) =>
      inTurn(async () => {
        refuseAbove(maxPauseMs, 'Reading the live allocations');
        if (sinceMs === 0) await arm();
        try {
          const view = await viewOf(await request('getSamplingProfile'), sinceMs, locator);
          readAtMs = Date.now();
          await rearm(INTERVAL_BYTES);
          return view;
        } catch (error) {
          // Someone else has stopped the isolate's one sampler: it counts anew for the next reader.
          await arm();
          throw error;
        }
      }),
    churn: (windowMs, maxPauseMs) =>
      inTurn(async () => {
        refuseAbove(maxPauseMs, 'Sampling the churn');
        // Not running is fine too.
        await request('stopSampling').catch(() => undefined);
        const startedMs = Date.now();
        await request('startSampling', {
          samplingInterval: CHURN_INTERVAL_BYTES,
          includeObjectsCollectedByMajorGC: true,
          includeObjectsCollectedByMinorGC: true,
        });
        try {
          await new Promise((resolve) => setTimeout(resolve, Math.min(windowMs, MAX_CHURN_MS)));
          return await viewOf(await request('stopSampling'), startedMs, locator);
        } finally {
          await arm();
        }
      }),
    aside: (run) =>
      inTurn(async () => {
        try {
          return await run();
        } finally {
          await request('disable');
          if (sinceMs !== 0) await arm();
        }
      }),
  };
}

interface SampleNode {
  readonly id: number;
  readonly callFrame: {
    readonly functionName: string;
    readonly url: string;
    readonly lineNumber: number;
    readonly columnNumber: number;
  };
  readonly selfSize: number;
  readonly children: readonly SampleNode[];
}

interface SamplingProfile {
  readonly head: SampleNode;
  readonly samples: readonly { readonly nodeId: number }[];
}

interface Site {
  readonly frame: RawFrame;
  readonly callers: readonly RawFrame[];
  bytes: number;
  count: number;
}

async function viewOf(answer: JsonObject, sinceMs: number, locator: Locator): Promise<AllocationView> {
  const profile = answer.profile as unknown as SamplingProfile;
  const counts = new Map<number, number>();
  for (const { nodeId } of profile.samples) counts.set(nodeId, (counts.get(nodeId) ?? 0) + 1);
  const sites = new Map<string, Site>();
  let totalBytes = 0;
  const visit = (node: SampleNode, stack: readonly RawFrame[]): void => {
    totalBytes += node.selfSize;
    // Bytes go to the innermost function of the user's own: `set`, `push` and `parse` are nobody's fault.
    const depth = stack.findIndex((frame) => isUserCode(locator.plain(frame)));
    const frame = stack[depth];
    if (node.selfSize === 0 || frame === undefined) return;
    const callers = stack
      .slice(depth + 1)
      .filter(({ url }) => url !== '')
      .slice(0, CALLERS);
    const key = [frame, callers[0]].map((f) => `${f?.name}\0${f?.url}\0${f?.line}\0${f?.column}`).join('\n');
    const site = sites.get(key) ?? { frame, callers, bytes: 0, count: 0 };
    site.bytes += node.selfSize;
    site.count += counts.get(node.id) ?? 0;
    sites.set(key, site);
  };
  for (const child of profile.head.children) walk(child, [], visit);
  const largest = [...sites.values()].sort((a, b) => b.bytes - a.bytes).slice(0, SITES);
  return {
    sinceMs,
    totalBytes,
    sites: await Promise.all(largest.map((site) => located(site, locator))),
  };
}

async function located({ frame, callers, bytes, count }: Site, locator: Locator): Promise<AllocationSite> {
  return {
    ...(await locator.locate(frame)),
    bytes,
    count,
    callers: await Promise.all(callers.map((caller) => locator.locate(caller))),
  };
}

function walk(
  node: SampleNode,
  above: readonly RawFrame[],
  visit: (node: SampleNode, stack: readonly RawFrame[]) => void,
): void {
  const { functionName, url, lineNumber, columnNumber } = node.callFrame;
  const stack = [{ name: functionName, url, line: lineNumber + 1, column: columnNumber + 1 }, ...above];
  visit(node, stack);
  for (const child of node.children) walk(child, stack, visit);
}
