// The armed CPU profile of main: sampled at 20 ms from the start, rotated every 5 s, kept for the last minute. It is
// the only thing that can name a native call, and it can be read only once main serves requests again.
// Rotation is stop and start posted together, which costs 2 ms because a "keeper" profile keeps V8's profiler warm.
// While main is at rest it is sampled less often where the machine allows it, and rotated rarely.
import { fail } from '../../errors.ts';
import type { JsonObject } from '../../json.ts';
import type { ProfileView } from '../context.ts';
import { monotonicMs, toWallMs } from '../monotonic.ts';
import type { MainSession } from './inspector.ts';
import { compactProfile, type LeafCount, type ProfileBlock, stacksOf } from './profile-block.ts';
import { viewProfile } from './profile-view.ts';
import type { Locator } from './source-map.ts';
import type { CountedStack } from './stack.ts';
import { createTimerSlack, samplerThreads, type TimerSlack } from './timer-slack.ts';

/** Three samples in the shortest block that counts as a stall, at half the price of 10 ms (decision 006). */
export const INTERVAL_MS = 20;
const ROTATE_MS = 5_000;
const RESTING_ROTATE_MS = 30_000;
/** A second is as near to the time of a rotation as this, in ms. */
const EARLY_MS = 500;
/** By so much a sample may come late while main is at rest: a block of {@link INTERVAL_MS} more has one for certain. */
const RESTING_SLACK_MS = 500;
const WINDOW_MS = 60_000;
/** Least time between two rotations that stalls ask for, in ms. */
const SPACING_MS = 500;
/** How long a reader waits for main to serve a rotation, in ms. */
const READ_MS = 1_000;
/** How long the name of an ended stall may take, in ms: main may be in the next native call already. */
const NAME_MS = 30_000;
/** A keeper stores every sample (50 to 140 bytes), so it is renewed, in ms. */
const KEEPER_MS = 600_000;

export interface ArmedProfile {
  readonly isArmed: boolean;
  /** Starts it once, however often it is called; resolves when main has served that, whenever it does. */
  arm(): Promise<void>;
  /** The stacks of main between two monotonic times; empty when not armed or main does not answer. */
  stacks(from: number, to: number): Promise<readonly CountedStack[]>;
  view(windowMs: number): Promise<ProfileView>;
  /** Whether main is at rest. */
  rest(isResting: boolean): void;
  /** Called each second: rotates it when it is time to. */
  second(): void;
  stop(): void;
}

export interface ArmedProfileOptions {
  readonly session: MainSession;
  readonly locator: Locator;
  /** Told when it had to be given up. */
  readonly onLimitation: (reason: string) => void;
}

export function createArmedProfile(options: ArmedProfileOptions): ArmedProfile {
  return new RotatedProfile(options);
}

class RotatedProfile implements ArmedProfile {
  readonly #options: ArmedProfileOptions;
  readonly #undo: (() => void)[] = [];
  /** Titles of console profiles that are open in our session, with the monotonic ms of their start. */
  readonly #open = new Map<string, number>();
  #blocks: ProfileBlock[] = [];
  #keeper = '';
  #keepers = 0;
  #rotatedAt = 0;
  #arming: Promise<void> | undefined;
  #rotating: Promise<void> | undefined;
  #isResting = false;
  #slack: TimerSlack | undefined;
  isArmed: boolean = false;

  constructor(options: ArmedProfileOptions) {
    this.#options = options;
    const titleOf = (params: JsonObject): string => String(params.title ?? '');
    this.#undo.push(
      options.session.on('Profiler.consoleProfileStarted', (params) => {
        this.#open.set(titleOf(params), monotonicMs());
      }),
      options.session.on('Profiler.consoleProfileFinished', (params) => {
        this.#open.delete(titleOf(params));
      }),
    );
  }

  arm(): Promise<void> {
    this.#arming ??= this.#start();
    return this.#arming;
  }

  async stacks(from: number, to: number): Promise<readonly CountedStack[]> {
    if (!this.isArmed) return [];
    const wait = this.#rotatedAt + SPACING_MS - monotonicMs();
    if (wait > 0) await delay(wait);
    await this.#reach(to, NAME_MS);
    const counts = this.#cut(from, to).filter(({ frames }) => !isIdle(frames));
    return Promise.all(
      counts.map(async ({ frames, hotLine, count }) => {
        const [leaf, ...callers] = frames;
        const exact = leaf && hotLine > 0 ? [{ ...leaf, line: hotLine, column: 1 }, ...callers] : frames;
        return {
          frames: await Promise.all(exact.map((frame) => this.#options.locator.locate(frame))),
          count,
        };
      }),
    );
  }

  async view(windowMs: number): Promise<ProfileView> {
    if (!this.isArmed) await Promise.race([this.arm(), delay(READ_MS)]);
    if (!this.isArmed) throw fail('recorder_unavailable', { reason: 'the CPU profile is not armed yet.' });
    const to = monotonicMs();
    await this.#reach(to, READ_MS);
    const from = to - Math.min(windowMs, WINDOW_MS);
    const times = { fromMs: toWallMs(Math.max(from, this.#blocks[0]?.from ?? to)), toMs: toWallMs(to) };
    return viewProfile(this.#cut(from, to), times, this.#options.locator);
  }

  rest(isResting: boolean): void {
    if (isResting === this.#isResting) return;
    this.#isResting = isResting;
    this.#slack?.set(isResting ? RESTING_SLACK_MS : 0);
  }

  second(): void {
    const now = monotonicMs();
    const dueMs = (this.#isResting ? RESTING_ROTATE_MS : ROTATE_MS) - EARLY_MS;
    if (!this.isArmed || this.#rotating !== undefined || now - this.#rotatedAt < dueMs) return;
    const foreign = [...this.#open].some(([title, at]) => title !== this.#keeper && now - at > KEEPER_MS);
    if (foreign) void this.#restart();
    else void this.#rotate().then(() => this.#renewKeeper(now));
  }

  stop(): void {
    this.rest(false);
    for (const undo of this.#undo.splice(0)) undo();
    this.isArmed = false;
  }

  #cut(from: number, to: number): readonly LeafCount[] {
    return this.#blocks.flatMap((block) => stacksOf(block, from, to));
  }

  async #start(): Promise<void> {
    const others = samplerThreads();
    const enabled = this.#request('Profiler.enable');
    const interval = this.#request('Profiler.setSamplingInterval', { interval: INTERVAL_MS * 1_000 });
    const kept = this.#keep();
    const started = this.#request('Profiler.start');
    await Promise.all([enabled, interval, kept, started]);
    this.#rotatedAt = monotonicMs();
    this.isArmed = this.#open.has(this.#keeper);
    if (this.isArmed) {
      this.#findSampler(others);
      return;
    }
    // Without a keeper every rotation would cost main as much as a first start.
    await this.#request('Profiler.stop');
    await this.#request('Profiler.disable');
    this.#options.onLimitation(
      'The CPU profile is not armed: console.profile is replaced by the application.',
    );
  }

  /** It is known by having come with the profile: the app may have profiles of its own. */
  #findSampler(others: readonly number[]): void {
    const [own, ...more] = samplerThreads().filter((tid) => !others.includes(tid));
    this.#slack = own === undefined || more.length > 0 ? undefined : createTimerSlack(own);
    if (this.#isResting) this.#slack?.set(RESTING_SLACK_MS);
  }

  async #keep(): Promise<void> {
    this.#keeper = `nodelens-${process.pid}-${++this.#keepers}`;
    const expression = `console.profile(${JSON.stringify(this.#keeper)})`;
    await this.#request('Runtime.evaluate', { expression, silent: true });
  }

  /** A console profile that the app never ended stores every sample in our session; only this frees it. */
  async #restart(): Promise<void> {
    await this.#rotate();
    this.isArmed = false;
    this.#open.clear();
    await this.#request('Profiler.disable');
    await this.#start();
  }

  async #renewKeeper(now: number): Promise<void> {
    const old = this.#keeper;
    if (now - (this.#open.get(old) ?? now) < KEEPER_MS) return;
    await this.#keep();
    const expression = `console.profileEnd(${JSON.stringify(old)})`;
    await this.#request('Runtime.evaluate', { expression, silent: true });
  }

  /** Makes the blocks reach up to `to`, or gives up after `waitMs`. */
  async #reach(to: number, waitMs: number): Promise<void> {
    const { promise: tooLate, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, waitMs);
    while (this.isArmed && (this.#blocks.at(-1)?.to ?? 0) < to) {
      const gaveUp = await Promise.race([this.#rotate().then(() => false), tooLate.then(() => true)]);
      if (gaveUp) break;
    }
    clearTimeout(timer);
  }

  #rotate(): Promise<void> {
    if (this.#rotating !== undefined) return this.#rotating;
    const stopped = this.#request('Profiler.stop');
    const started = this.#request('Profiler.start');
    this.#rotating = Promise.all([stopped, started]).then(([answer]) => {
      this.#rotating = undefined;
      this.#rotatedAt = monotonicMs();
      this.#store(answer.profile as JsonObject | undefined);
    });
    return this.#rotating;
  }

  #store(profile: JsonObject | undefined): void {
    if (profile === undefined) {
      // Someone else's end of the profiler, or a closed session: what is kept stays readable.
      this.isArmed = false;
      return;
    }
    const { scripts } = this.#options.session;
    this.#blocks.push(compactProfile(profile, (scriptId, url) => scripts.note(scriptId, url)));
    const oldest = monotonicMs() - WINDOW_MS;
    this.#blocks = this.#blocks.filter(({ to }) => to >= oldest);
  }

  /** Without a deadline: main may be in a native call, and the answer is wanted whenever it comes. */
  #request(method: string, params: JsonObject = {}): Promise<JsonObject> {
    return new Promise((resolve) => {
      this.#options.session.send(method, params, (error, result) =>
        resolve(error === undefined ? result : {}),
      );
    });
  }
}

const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const isIdle = (frames: LeafCount['frames']): boolean =>
  /^\((idle|program|root)\)$/.test(frames[0]?.name ?? '(idle)');
