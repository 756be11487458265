// What a trace tells, as JSON: figures, shapes and places; no values. Pure but for the locating.
import type { CodeLocation, JsonObject, RecorderContext } from '@nodelens/core';
import { figure, round } from '../wording.ts';
import { siteKey } from './call-sites.ts';
import type { Counted } from './count-calls.ts';
import { MAX_CALLS_PER_SECOND, type RawCallSite, type Recorded } from './protocol.ts';
import type { Candidate } from './targets.ts';
import type { Traced } from './tracing.ts';

type Locate = RecorderContext['locate'];

export const describePlace = ({ name, file, line }: CodeLocation): JsonObject => ({ name, file, line });

export const describeCandidate = ({ location, toLine, listed }: Candidate): JsonObject => ({
  ...describePlace(location),
  toLine: toLine ?? null,
  hasRun: listed.hasRun,
});

export const describeCount = ({ candidate, calls, elapsedMs, isHot }: Counted): JsonObject => ({
  ...describePlace(candidate.location),
  calls,
  elapsedMs: round(elapsedMs),
  callsPerSecond: perSecond(calls, elapsedMs),
  // Its breakpoint was removed at the limit.
  isAtLeast: isHot,
});

export async function describeTrace(traced: Traced, locate: Locate): Promise<JsonObject> {
  const { candidate, plan, counted, recorded, isAborted, longestPauseMs } = traced;
  const head = {
    target: describePlace(candidate.location),
    kind: plan.kind,
    longestPauseMs: round(longestPauseMs),
  };
  if (recorded === undefined)
    return {
      ...head,
      refused: counted.isHot ? refusal(counted) : 'given up by its caller before the first call was traced',
      isRefused: true,
      callsPerSecond: perSecond(counted.calls, counted.elapsedMs),
    };
  return {
    ...head,
    isRefused: false,
    calls: recorded.calls,
    elapsedMs: round(recorded.elapsedMs),
    callsPerSecond: perSecond(recorded.calls, recorded.elapsedMs),
    stoppedBy: recorded.limit ?? (isAborted ? 'abort' : 'time'),
    durations: durationsOf(recorded.durations, plan.timing),
    openCalls: recorded.open,
    recursiveCalls: recorded.recursiveCalls,
    arguments: recorded.shapes.map(({ arguments: shape, calls }) => ({ shape, calls })),
    callers: await Promise.all(byNearest(recorded.callers).map((caller) => describeCaller(caller, locate))),
    errors: await Promise.all(recorded.errors.map((error) => describeError(error, candidate, locate))),
    ...leftOut(recorded),
    notTold: plan.notes,
  };
}

const refusal = ({ calls, elapsedMs }: Counted): string =>
  `hot path: ${calls} calls within ${figure(elapsedMs)} ms, more than ${MAX_CALLS_PER_SECOND.toLocaleString('en-US')} a second; trace a function that calls it less often`;

/** What was more than is kept. */
const leftOut = ({ otherShapes, otherCallers, failures }: Recorded): JsonObject => ({
  ...(otherShapes > 0 && { callsOfOtherShapes: otherShapes }),
  ...(otherCallers > 0 && { callsFromOtherCallers: otherCallers }),
  ...(failures > 0 && { unreadableCalls: failures }),
});

const perSecond = (calls: number, elapsedMs: number): number =>
  elapsedMs <= 0 ? 0 : round((calls * 1000) / elapsedMs);

function durationsOf(durations: readonly number[], timing: Traced['plan']['timing']): JsonObject | null {
  if (timing === 'none') return null;
  const sorted = [...durations].sort((a, b) => a - b);
  // Nearest rank.
  const at = (share: number): number | null => {
    const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
    return value === undefined ? null : round(value, 3);
  };
  return {
    until: timing === 'promise' ? 'its promise settles' : 'it returns',
    calls: sorted.length,
    minMs: at(0),
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    maxMs: at(1),
  };
}

type Caller = Recorded['callers'][number];

/** Paths that end at one caller become one, with the most frequent path; most calls first. */
export function byNearest(paths: readonly Caller[]): readonly Caller[] {
  const callers = new Map<string, Caller>();
  for (const { frames, calls } of paths) {
    const key = frames[0] === undefined ? '' : siteKey(frames[0]);
    const known = callers.get(key);
    callers.set(key, { frames: known?.frames ?? frames, calls: calls + (known?.calls ?? 0) });
  }
  return [...callers.values()].sort((a, b) => b.calls - a.calls);
}

async function describeCaller({ frames, calls }: Caller, locate: Locate): Promise<JsonObject> {
  const [nearest, ...above] = await Promise.all(frames.map((frame) => located(frame, locate)));
  if (nearest === undefined) return { name: '(event loop)', file: '', line: 0, calls, calledFrom: [] };
  return { ...describePlace(nearest), calls, calledFrom: above.map(describePlace) };
}

const located = (frame: RawCallSite, locate: Locate): Promise<CodeLocation> =>
  locate({ ...frame, name: frame.name === '' ? '(anonymous)' : frame.name });

async function describeError(
  { name, at, calls }: Recorded['errors'][number],
  { listed, location }: Candidate,
  locate: Locate,
): Promise<JsonObject> {
  if (at === null) return { name, thrownAt: null, calls };
  const place = await locate({ name: location.name, file: listed.url, ...at });
  return { name, thrownAt: { file: place.file, line: place.line }, calls };
}
