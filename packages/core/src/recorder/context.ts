// What the recorder gives to the skills that it hosts: the rings of the past, the present of main, and the
// instruments, each with its price. All methods are called on the recorder thread and never touch main's loop.
import type { JsonObject, JsonValue } from '../json.ts';
import type { Skill } from '../skill.ts';
import type { ProbeFeed } from './probe.ts';

/** Source position of a frame; source-mapped where a map exists. */
export interface CodeLocation {
  /** Function name; `(anonymous)` when it has none. */
  readonly name: string;
  /** Absolute path, or `node:internal/…` for Node's own code. */
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based. */
  readonly column?: number;
}

/** One second of main. Times are wall-clock ms (Date.now()) at the end of the second. */
export interface VitalsSample {
  readonly atMs: number;
  readonly rssMb: number;
  readonly heapUsedMb: number;
  readonly heapTotalMb: number;
  readonly externalMb: number;
  readonly arrayBuffersMb: number;
  /** 0 to 1. */
  readonly eventLoopUtilization: number;
  readonly eventLoopDelayP50Ms: number;
  readonly eventLoopDelayP99Ms: number;
  readonly eventLoopDelayMaxMs: number;
  /** CPU of main's thread, in percent of one core. */
  readonly mainCpuPercent: number;
  /** CPU of the whole process, in percent of one core. */
  readonly processCpuPercent: number;
}

export interface GcEvent {
  readonly atMs: number;
  readonly kind: 'minor' | 'major' | 'incremental' | 'weakcb';
  readonly durationMs: number;
  /** Not by the app's own allocating: `global.gc`, a low-memory notification, a reading of ours. */
  readonly forced: boolean;
}

/**
 * What main was doing while it did not turn its loop. `not-scheduled`: nothing long, the machine gave it no core.
 * `lock`: in a lock, or in a native call that waits for other threads.
 */
export type BlockKind =
  | 'javascript'
  | 'native-cpu'
  | 'native-io'
  | 'lock'
  | 'garbage-collection'
  | 'not-scheduled'
  | 'unknown';

export interface Stall {
  readonly id: string;
  readonly startedAtMs: number;
  /** Growing while `ongoing`. */
  readonly durationMs: number;
  readonly ongoing: boolean;
  readonly kind: BlockKind;
  /** How much of it main could have run but got no core, in ms; 0 where unknown. */
  readonly starvedMs: number;
  /** How much of it garbage collection took, in ms; 0 while `ongoing`, for main tells it afterwards. */
  readonly gcMs: number;
  /** `/proc` evidence: task state, wait channel, syscall number where readable. */
  readonly native?: { readonly state: string; readonly wchan?: string; readonly syscall?: string };
  /** Innermost first; of the most frequent stack seen during the stall. Empty while only the kind is known. */
  readonly stack: readonly CodeLocation[];
  /**
   * The innermost frame of the user's own code (not Node's, not node_modules where another exists). Nobody is blamed
   * for `not-scheduled`.
   */
  readonly culprit?: CodeLocation;
  /** Where the stack came from: taken live, or cut from the armed profile afterwards. */
  readonly evidence: 'live-stack' | 'armed-profile' | 'none';
  /** How many stacks were seen, and how many of them contained the culprit. */
  readonly samples: number;
  readonly culpritSamples: number;
}

export interface HotFunction extends CodeLocation {
  /** Share of non-idle samples in which it is the leaf, 0 to 1. */
  readonly selfShare: number;
  /** Share of non-idle samples in whose stack it is, 0 to 1. */
  readonly totalShare: number;
  readonly samples: number;
  /** Callers, nearest first, at most 8. */
  readonly callers: readonly CodeLocation[];
  /** The function of Node's own that it called in most of its samples, if it called any: `execFileSync`. */
  readonly nodeCall?: NodeCall;
}

/** A function of Node's own, as seen in a profile. */
export interface NodeCall {
  readonly name: string;
  /** `node:child_process` */
  readonly file: string;
  readonly samples: number;
}

export interface ProfileView {
  readonly fromMs: number;
  readonly toMs: number;
  readonly samples: number;
  /** Share of samples that are `(idle)`, 0 to 1. */
  readonly idleShare: number;
  /** Share of samples in the garbage collector, 0 to 1. */
  readonly gcShare: number;
  /** Highest totalShare first, the user's own code only. */
  readonly functions: readonly HotFunction[];
}

/** A site of allocation. Sizes are estimates of the sampler. */
export interface AllocationSite extends CodeLocation {
  readonly bytes: number;
  readonly count: number;
  readonly callers: readonly CodeLocation[];
}

export interface AllocationView {
  /** Wall-clock ms since when it counts; it begins anew now and then. */
  readonly sinceMs: number;
  readonly totalBytes: number;
  /** Largest first, the user's own code only. */
  readonly sites: readonly AllocationSite[];
}

/** A bounded history, newest first. */
export interface History<T> {
  /** Newest first; all when `limit` is left out. */
  newest(limit?: number): readonly T[];
  /** Newest first, of the last `windowMs`. */
  since(windowMs: number): readonly T[];
}

export interface HeapSnapshotRequest<T> {
  /** Granted pause of main, in ms; a snapshot takes about 80 ms per MB of heap. */
  readonly maxPauseMs: number;
  /** Gets the snapshot's text (JSON, ASCII) in order, about 100 KB at a time. */
  onChunk(text: string): void;
  /** Runs when the text is complete, while objects still go by the ids of the snapshot. */
  whileIdsHold(): Promise<T>;
}

export interface ThreadSample {
  readonly tid: number;
  readonly name: string;
  readonly state: string;
  /** Percent of one core while it was looked at. */
  readonly cpuPercent: number;
}

/** main's inspector; the recorder's one long-lived session. */
export interface MainInspector {
  /** @throws NodelensError `inspector_no_answer` after `timeoutMs` (default 1,000), `inspector_failed`. */
  post(method: string, params?: JsonObject, options?: { timeoutMs?: number }): Promise<JsonObject>;
  /** `Runtime.evaluate` by value; for cheap expressions (0.1 to 1 ms of main). */
  evaluate(expression: string, options?: { timeoutMs?: number }): Promise<JsonValue>;
  /** Source position of a script by the inspector's scriptId (0-based line and column in), source-mapped. */
  locate(scriptId: string, line: number, column: number): Promise<CodeLocation | undefined>;
}

export interface RecorderContext {
  readonly pid: number;
  /** Wall-clock ms when recording began. */
  readonly startedAtMs: number;
  now(): number;
  readonly vitals: History<VitalsSample>;
  readonly gc: History<GcEvent>;
  readonly stalls: History<Stall>;
  /** The stall that is going on; undefined while main turns its loop. */
  currentStall(): Stall | undefined;
  /**
   * Calls the listener whenever a stall has begun, as long as the recorder lives; without it a skill would poll. One of a
   * main at rest may be over by then.
   */
  onStall(listener: () => void): void;
  /**
   * Resolves when the stall that is going on, or one that is being named, has ended and has its name; at once when
   * there is none; at the latest after `maxWaitMs`. Stalls that begin meanwhile are not waited for.
   */
  stallEnded(maxWaitMs: number, signal: AbortSignal): Promise<void>;
  /**
   * Calls the listener each second, as long as the recorder lives, at the same time as all others: a timer of its own
   * would wake an idle process once more each second. `isAtRest`: nothing has happened in the process for a while; main
   * hardly turns its loop, and all its threads together use less than 3 % of a core. What is dear and cannot have
   * changed may wait then.
   */
  everySecond(listener: (isAtRest: boolean) => void): void;
  readonly inspector: MainInspector;
  /** The armed profile of the last minute at most; rotates it first, so that it reaches up to now. */
  profile(windowMs: number): Promise<ProfileView>;
  /**
   * What lives now, by allocating function. Forces a full collection on main: about 0.5 to 1.5 ms per MB of heap.
   * @throws NodelensError `pause_refused` when the estimate exceeds `maxPauseMs`.
   */
  liveAllocations(maxPauseMs: number): Promise<AllocationView>;
  /**
   * What was allocated during the next `windowMs`, collected or not, by allocating function. Replaces the
   * sampler for that time; 10 s at most.
   */
  churn(windowMs: number, maxPauseMs: number): Promise<AllocationView>;
  /**
   * Takes a snapshot of main's heap. Main stands still for it, and up to 13 times the heap's size must be free.
   * @throws NodelensError `pause_refused` when the estimate exceeds `maxPauseMs`, `heap_snapshot_refused` when memory
   * is short or another one is being taken.
   */
  heapSnapshot<T>(request: HeapSnapshotRequest<T>): Promise<T>;
  /** All threads of the process, looked at for half a second. */
  threads(): Promise<readonly ThreadSample[]>;
  /**
   * Where a frame of main's (from the text of a stack, say) stands in its source: mapped where the script has a source
   * map. `file` is a path or a `file:` URL.
   */
  locate(frame: CodeLocation): Promise<CodeLocation>;
  /**
   * Runs something of a skill's that pauses main by collecting its whole heap: for `maxMs` at most the pause is not
   * recorded as a stall of the app, nor are its collections as the app's.
   */
  ownPause<T>(pausing: () => Promise<T>, maxMs: number): Promise<T>;
  /** Why something is not armed (`--cpu-prof`, an attached debugger); empty when all is. */
  readonly limitations: readonly string[];
}

/** Makes a skill on the recorder thread; `feeds` is what its probes on main tell, in the order of its spec. */
export type SkillFactory = (
  context: RecorderContext,
  options: JsonObject,
  ...feeds: ProbeFeed[]
) => Skill | Promise<Skill>;
