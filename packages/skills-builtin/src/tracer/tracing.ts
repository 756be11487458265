// Counts or traces functions of main, one at a time: refuses what is hot or would pause main for too long, and ends by
// itself at whichever limit comes first.
import { type CallContext, fail, type ProbeFeed, type RecorderContext } from '@nodelens/core';
import { heapLimitReader } from '../heap-limit.ts';
import { type Counted, countCalls } from './count-calls.ts';
import { createDebuggerHold, type DebuggerHold, type MainDebugger } from './debugger.ts';
import { createFunctionList, type FunctionList } from './functions.ts';
import type { TracePlan } from './plan.ts';
import type { Recorded } from './protocol.ts';
import { collectRecorded, recordCalls } from './record-calls.ts';
import { type Candidate, describeTarget, findCandidates, resolveTarget, type TargetName } from './targets.ts';
import { type Watched, watch } from './watched.ts';

/** How long the calls are counted before a trace, in ms. */
const COUNTING_MS = 500;
/** The longest pause, by heap and scripts; measured: 22 ms (5 MB), 76 (100 MB), 117 (300 MB), 216 (2,000 scripts). */
const BASE_MS = 40;
const MS_PER_MB = 0.3;
const MS_PER_SCRIPT = 0.1;
/** While its debugger is on, V8 does not end a process that is out of memory but stops it, whatever it was told. */
const MAX_HEAP_SHARE = 0.85;

export interface Traced {
  readonly candidate: Candidate;
  readonly plan: TracePlan;
  readonly counted: Counted;
  /** Undefined when it was refused as hot, or given up while it was counted. */
  readonly recorded: Recorded | undefined;
  readonly isAborted: boolean;
  readonly longestPauseMs: number;
}

export interface TraceRequest {
  readonly target: TargetName;
  readonly seconds: number;
  readonly maxCalls: number;
}

export interface CountRequest {
  readonly targets: readonly TargetName[];
  readonly seconds: number;
}

/** What is going on. */
export interface Activity {
  readonly what: 'count' | 'trace';
  readonly target: string;
  readonly startedAtMs: number;
}

export class Tracing {
  readonly #context: RecorderContext;
  readonly #feed: ProbeFeed;
  readonly #hold: DebuggerHold;
  readonly #list: (isFresh: boolean) => Promise<FunctionList>;
  readonly #readHeapLimit: () => Promise<number | undefined>;
  #activity: Activity | undefined;

  constructor(context: RecorderContext, feed: ProbeFeed) {
    this.#context = context;
    this.#feed = feed;
    this.#hold = createDebuggerHold(context);
    this.#list = createFunctionList(context);
    this.#readHeapLimit = heapLimitReader(context);
  }

  get activity(): Activity | undefined {
    return this.#activity;
  }

  /** Whether breakpoints may still stand on main. */
  get isHeld(): boolean {
    return this.#hold.isHeld;
  }

  async find(target: TargetName): Promise<readonly Candidate[]> {
    const { locate } = this.#context;
    const found = await findCandidates(await this.#list(false), target, locate);
    return found.length > 0 ? found : findCandidates(await this.#list(true), target, locate);
  }

  async count({ targets, seconds }: CountRequest, call: CallContext): Promise<readonly Counted[]> {
    const activity = { what: 'count', target: targets.map(describeTarget).join(', ') } as const;
    return this.#alone(activity, call, async () => {
      const candidates: Candidate[] = [];
      for (const target of targets) candidates.push(await this.#resolve(target));
      return this.#hold.use(async (debug) => {
        const watched: Watched[] = [];
        for (const candidate of candidates)
          watched.push(await watch(this.#context.inspector, debug, candidate));
        return countCalls(debug, watched, { feed: this.#feed, ms: seconds * 1000, signal: call.signal });
      });
    });
  }

  async trace({ target, seconds, maxCalls }: TraceRequest, call: CallContext): Promise<Traced> {
    const activity = { what: 'trace', target: describeTarget(target) } as const;
    return this.#alone(activity, call, async () => {
      const candidate = await this.#resolve(target);
      const ms = Math.min(COUNTING_MS, (seconds * 1000) / 2);
      const held = await this.#hold.use(async (debug) => {
        const { counted, watched } = await this.#countOne(debug, candidate, { ms, signal: call.signal });
        const told = { counted, plan: watched.plan };
        if (counted.isHot || call.signal.aborted)
          return { ...told, run: undefined, longestPauseMs: debug.longestMs };
        const run = { feed: this.#feed, until: performance.now() + seconds * 1000, signal: call.signal };
        await recordCalls(debug, watched, { ...run, maxCalls });
        return { ...told, run, longestPauseMs: debug.longestMs };
      });
      const { run, ...told } = held;
      const recorded = run && (await collectRecorded(run));
      return { ...told, candidate, recorded, isAborted: call.signal.aborted };
    });
  }

  async #countOne(
    debug: MainDebugger,
    candidate: Candidate,
    run: { readonly ms: number; readonly signal: AbortSignal },
  ): Promise<{ readonly counted: Counted; readonly watched: Watched }> {
    const watched = await watch(this.#context.inspector, debug, candidate);
    const [counted] = await countCalls(debug, [watched], { ...run, feed: this.#feed });
    return { counted: counted as Counted, watched };
  }

  /** @throws Error when another is under way, main's part is missing or the heap is full, NodelensError `pause_refused`. */
  async #alone<T>(
    activity: Omit<Activity, 'startedAtMs'>,
    { maxPauseMs }: CallContext,
    work: () => Promise<T>,
  ): Promise<T> {
    if (this.#activity !== undefined)
      throw new Error(`one at a time: a ${this.#activity.what} of ${this.#activity.target} is under way.`);
    if (this.#hold.isHeld)
      throw new Error('main has not answered yet to the removal of the breakpoints before.');
    if (this.#feed.failure !== undefined) throw new Error(this.#feed.failure);
    this.#activity = { ...activity, startedAtMs: this.#context.now() };
    try {
      await this.#weigh(maxPauseMs);
      return await work();
    } finally {
      // A main that does not answer clears it by itself.
      await this.#feed.ask({ ask: 'clear' }).catch(() => undefined);
      this.#activity = undefined;
    }
  }

  async #weigh(grantedMs: number): Promise<void> {
    const heapMb = this.#context.vitals.newest(1)[0]?.heapUsedMb ?? 0;
    const limitMb = await this.#readHeapLimit();
    if (limitMb !== undefined && heapMb > MAX_HEAP_SHARE * limitMb)
      throw new Error('the heap is near its limit, where V8 would stop main while its debugger is on.');
    const ofHeap = Math.round(BASE_MS + MS_PER_MB * heapMb);
    const refuseAbove = (estimatedMs: number): void => {
      if (estimatedMs > grantedMs)
        throw fail('pause_refused', { what: 'Setting breakpoints', estimatedMs, grantedMs });
    };
    refuseAbove(ofHeap);
    refuseAbove(Math.round(ofHeap + MS_PER_SCRIPT * (await this.#list(false)).scripts));
  }

  async #resolve(target: TargetName): Promise<Candidate> {
    const found = await this.find(target);
    return resolveTarget(await this.#list(false), found, { target, locate: this.#context.locate });
  }
}
