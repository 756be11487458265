// Puts the recorder's parts together and gives them to the skills as their RecorderContext.
import { fail } from '../errors.ts';
import type { MainInspector, RecorderContext } from './context.ts';
import { type ExitWord, isGone } from './exit-word.ts';
import { isResting, type LateBeat, openHeartbeat, readNumber, type SharedMemory } from './heartbeat.ts';
import { type Rings, startRings } from './history/rings.ts';
import { type Allocations, createAllocations } from './instruments/allocations.ts';
import { armingObstacle } from './instruments/arming.ts';
import { createHeapSnapshots, type TakeHeapSnapshot } from './instruments/heap-snapshot.ts';
import { connectInspector, type MainSession } from './instruments/inspector.ts';
import { createOwnPauses, type OwnPauses } from './instruments/own-pause.ts';
import { type ArmedProfile, createArmedProfile } from './instruments/profile.ts';
import { createLocator, type Locator } from './instruments/source-map.ts';
import { hasProc, readThreads } from './kernel/proc.ts';
import type { ArmOptions } from './link.ts';
import type { Pulse } from './pulse.ts';
import { createStallWatch, type StallWatch } from './stalls/stall-watch.ts';

/** How long the start waits for main to serve the arming, in ms; it goes on behind that. */
const ARM_WAIT_MS = 1_000;
/** Of one core, by all threads of a process at rest; Nodelens itself takes 0.2 to 1. */
const REST_CPU_PERCENT = 3;

export interface Recorder {
  readonly context: RecorderContext;
  /** Resolves when what may be armed is, or after a second when main does not answer. Never rejects. */
  readonly armed: Promise<void>;
  /** Main has left its rest. */
  awake(late?: LateBeat): void;
  /** Ends all watching; the inspector session is given up by the exit word alone, when main asks. */
  stop(): void;
  /**
   * What is to be done when main ends, before it is let go: quick, and not to throw.
   * @returns false when the process is ending already.
   */
  beforeEnd(work: () => void): boolean;
  /** Gives the session up at once, after a failure of the recorder itself. */
  abandon(): void;
}

export interface RecorderContextOptions {
  readonly pulse: Pulse;
  readonly shared: SharedMemory;
  readonly word: ExitWord;
  readonly armed: ArmOptions;
  /** Main's; the recorder thread has its own. */
  readonly execArgv: readonly string[];
}

/** Starts recording. Needs nothing from main's loop. */
export function createRecorderContext(start: RecorderContextOptions): Recorder {
  const { shared, word, armed, pulse } = start;
  const heartbeat = openHeartbeat(shared);
  const locator = createLocator();
  const session = connectInspector(word, locator);
  const limitations: string[] = [];
  if (!hasProc())
    limitations.push('The kind of a native block and the threads are unknown: there is no /proc here.');
  if (session === undefined) limitations.push('There is no inspector session: the process is ending.');
  const obstacle = armingObstacle(start.execArgv, process.env);
  if (obstacle !== undefined) limitations.push(limitationBy(obstacle));
  const instrumented = obstacle === undefined ? session : undefined;
  const profile =
    instrumented &&
    createArmedProfile({
      session: instrumented,
      locator,
      onLimitation: (reason) => limitations.push(reason),
    });
  const pauses = createOwnPauses();
  const stallListeners: (() => void)[] = [];
  const onBegun = (): void => {
    profile?.rest(false);
    // Apart from the watching, which what a listener throws must not stop.
    for (const listener of stallListeners) setImmediate(listener);
  };
  const watch = createStallWatch({ heartbeat, session, locator, profile, pauses, onBegun });
  const allocations =
    instrumented &&
    createAllocations({
      session: instrumented,
      locator,
      heapUsedMb: () => readNumber(heartbeat, 'heapUsed') / 1_048_576,
      pauses,
    });
  const heapSnapshot =
    instrumented && allocations && createHeapSnapshots({ session: instrumented, allocations, pauses });
  const arming = arm(armed, { profile, allocations, pauses });
  pulse.everySecond(() => {
    // A main that was blocked at rest cannot tell that it rests no more.
    profile?.rest(isResting(heartbeat) && watch.current() === undefined);
    profile?.second();
    watch.second();
  });
  const rings = startRings(heartbeat, {
    pulse,
    isProfiled: () => profile?.isArmed === true,
    pauses,
    onHeavyAllocation: () => void allocations?.relax().catch(() => undefined),
  });
  // As sampled in the same second, so also of a worker that computes while main rests.
  const isAtRest = (): boolean =>
    isResting(heartbeat) &&
    watch.current() === undefined &&
    rings.vitals.newest(1).every(({ processCpuPercent }) => processCpuPercent < REST_CPU_PERCENT);

  return {
    context: contextOf({
      pulse,
      session,
      locator,
      profile,
      allocations,
      heapSnapshot,
      watch,
      stallListeners,
      isAtRest,
      rings,
      pauses,
      limitations,
      obstacle,
    }),
    armed: Promise.race([arming, new Promise<void>((resolve) => setTimeout(resolve, ARM_WAIT_MS))]),
    awake(late) {
      profile?.rest(false);
      watch.awake(late);
    },
    stop() {
      pulse.stop();
      watch.stop();
      profile?.stop();
    },
    beforeEnd(work) {
      if (session === undefined || isGone(word)) return false;
      session.beforeClose(work);
      return true;
    },
    abandon: () => session?.close(),
  };
}

/**
 * A turn later than all else: V8's first start of a profiler pauses main for 60 ms while this thread still starts its
 * own parts, and for 30 ms when it has (an HTTP server, pinned to one core).
 */
async function arm(
  { profile = true, allocations = true }: ArmOptions,
  parts: { profile: ArmedProfile | undefined; allocations: Allocations | undefined; pauses: OwnPauses },
): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  await parts.pauses.run(() =>
    Promise.all([profile && parts.profile?.arm(), allocations && parts.allocations?.arm()]),
  );
}

const limitationBy = (by: string): string =>
  `No CPU profile and no allocation sampling: the process is being profiled or debugged (${by}).`;

interface Parts {
  readonly pulse: Pulse;
  readonly session: MainSession | undefined;
  readonly locator: Locator;
  readonly profile: ArmedProfile | undefined;
  readonly allocations: Allocations | undefined;
  readonly heapSnapshot: TakeHeapSnapshot | undefined;
  readonly watch: StallWatch;
  readonly stallListeners: (() => void)[];
  readonly isAtRest: () => boolean;
  readonly rings: Rings;
  readonly pauses: OwnPauses;
  readonly limitations: readonly string[];
  readonly obstacle: string | undefined;
}

function contextOf(parts: Parts): RecorderContext {
  const { session, locator, profile, allocations, watch, rings, limitations } = parts;
  const needed = <T>(part: T | undefined, what: string): T => {
    if (part !== undefined) return part;
    if (parts.obstacle !== undefined) throw fail('inspector_in_use', { what, by: parts.obstacle });
    throw fail('recorder_unavailable', { reason: 'there is no inspector session on the main thread.' });
  };
  const inspector: MainInspector = session ?? {
    post: async () => needed<never>(undefined, 'The inspector'),
    evaluate: async () => needed<never>(undefined, 'The inspector'),
    locate: async () => undefined,
  };
  return {
    pid: process.pid,
    startedAtMs: Date.now(),
    now: () => Date.now(),
    vitals: rings.vitals,
    gc: rings.gc,
    stalls: watch.stalls,
    currentStall: () => watch.current(),
    onStall: (listener) => void parts.stallListeners.push(listener),
    everySecond: (listener) => void parts.pulse.everySecond(() => listener(parts.isAtRest())),
    stallEnded: (maxWaitMs, signal) => watch.ended(maxWaitMs, signal),
    inspector,
    profile: async (windowMs) => needed(profile, 'The CPU profile').view(windowMs),
    liveAllocations: async (maxPauseMs) => needed(allocations, 'Allocation sampling').live(maxPauseMs),
    churn: async (windowMs, maxPauseMs) =>
      needed(allocations, 'Allocation sampling').churn(windowMs, maxPauseMs),
    heapSnapshot: async (request) => needed(parts.heapSnapshot, 'The heap snapshot')(request),
    threads: readThreads,
    locate: ({ name, file, line, column = 1 }) => locator.locate({ name, url: file, line, column }),
    ownPause: (pausing, maxMs) => parts.pauses.run(pausing, { maxMs, collects: true }),
    limitations,
  };
}
