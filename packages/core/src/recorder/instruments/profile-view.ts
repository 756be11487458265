// From stacks to an answer: which of the user's functions main spent its time in.
import type { HotFunction, NodeCall, ProfileView } from '../context.ts';
import type { LeafCount } from './profile-block.ts';
import type { Locator, RawFrame } from './source-map.ts';
import { isUserCode } from './stack.ts';

const FUNCTIONS = 50;
const CALLERS = 8;

interface Tally {
  readonly frame: RawFrame;
  self: number;
  total: number;
  /** Of the most frequent stack that contains it, nearest first. */
  callers: readonly RawFrame[];
  callersCount: number;
  /** What of Node's own it called, by name and file. */
  readonly nodeCalls: Map<string, NodeCall>;
}

/** Aggregates sampled stacks; locations are source-mapped. */
export async function viewProfile(
  counts: readonly LeafCount[],
  times: Pick<ProfileView, 'fromMs' | 'toMs'>,
  locator: Locator,
): Promise<ProfileView> {
  const samples = sum(counts);
  const idle = sum(counts.filter(({ frames }) => (frames[0]?.name ?? '(idle)') === '(idle)'));
  const collecting = sum(counts.filter(({ frames }) => frames[0]?.name === '(garbage collector)'));
  const busiest = [...tally(counts, locator).values()]
    .sort((a, b) => b.total - a.total || b.self - a.self)
    .slice(0, FUNCTIONS);
  return {
    fromMs: Math.round(times.fromMs),
    toMs: Math.round(times.toMs),
    samples,
    idleShare: share(idle, samples),
    gcShare: share(collecting, samples),
    functions: await Promise.all(busiest.map((entry) => hotFunction(entry, samples - idle, locator))),
  };
}

function tally(counts: readonly LeafCount[], locator: Locator): Map<string, Tally> {
  const functions = new Map<string, Tally>();
  for (const { frames, count } of counts) {
    const seen = new Set<string>();
    frames.forEach((frame, depth) => {
      const key = `${frame.name}\0${frame.url}\0${frame.line}\0${frame.column}`;
      // A recursive function counts once per stack.
      if (seen.has(key) || !isUserCode(locator.plain(frame))) return;
      seen.add(key);
      const entry = functions.get(key) ?? {
        frame,
        self: 0,
        total: 0,
        callers: [],
        callersCount: 0,
        nodeCalls: new Map(),
      };
      functions.set(key, entry);
      entry.total += count;
      if (depth === 0) entry.self += count;
      const called = frames[depth - 1];
      if (called !== undefined && isNode(called)) countCall(entry.nodeCalls, called, count);
      if (count <= entry.callersCount) return;
      entry.callers = frames
        .slice(depth + 1)
        .filter(({ url }) => url !== '')
        .slice(0, CALLERS);
      entry.callersCount = count;
    });
  }
  return functions;
}

async function hotFunction(entry: Tally, busy: number, locator: Locator): Promise<HotFunction> {
  return {
    ...(await locator.locate(entry.frame)),
    selfShare: share(entry.self, busy),
    totalShare: share(entry.total, busy),
    samples: entry.total,
    callers: await Promise.all(entry.callers.map((caller) => locator.locate(caller))),
    ...mostCalled(entry),
  };
}

function countCall(calls: Map<string, NodeCall>, { name, url }: RawFrame, count: number): void {
  const key = `${name}\0${url}`;
  calls.set(key, { name, file: url, samples: (calls.get(key)?.samples ?? 0) + count });
}

function mostCalled({ nodeCalls }: Tally): { readonly nodeCall?: NodeCall } {
  const [nodeCall] = [...nodeCalls.values()].sort((a, b) => b.samples - a.samples);
  return nodeCall === undefined ? {} : { nodeCall };
}

/** What Node keeps to itself says nothing to others. */
const isNode = ({ url }: RawFrame): boolean => url.startsWith('node:') && !url.startsWith('node:internal/');

const sum = (counts: readonly LeafCount[]): number => counts.reduce((total, { count }) => total + count, 0);

const share = (part: number, whole: number): number =>
  whole <= 0 ? 0 : Math.round((part / whole) * 10_000) / 10_000;
