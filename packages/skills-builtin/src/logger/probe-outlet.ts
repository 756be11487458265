// What the parts of the probe share on main: the counters, the budget of lines that are told, and what a channel has
// told already of the write that follows it.
import type { JsonObject, ProbePort } from '@nodelens/core';
import { createBudget } from '../per-second.ts';
import { COUNTERS, type Counter } from './counters.ts';
import { createTakeStack, stackHere } from './probe-stacks.ts';

// Taken at load: a user's fake timers must not stop the windows.
export const now: () => number = performance.now.bind(performance);
const wallClock = Date.now;
const settled = Promise.resolve();

/** Lines told in a second: enough for every pattern, and about a hundredth of a core on the recorder's side. */
const ORDINARY_PER_SECOND = 500;
/** A flood of ordinary lines must not hide the errors in it. */
const SEVERE_PER_SECOND = 800;
/** Each with a stack. */
const COSTLY_PER_SECOND = 10;

export type StreamName = 'stdout' | 'stderr';

export interface Outlet {
  count(counter: Counter, by?: number): void;
  /** Whether a line may be told now; asked before its text is made, so that a flood costs only the counting. */
  admits(isSevere: boolean): boolean;
  /** With the stack of whoever logs it, now and then. */
  tell(event: JsonObject & { readonly text: string }, isSevere: boolean): void;
  /** A single write took so long: by whom, as often as a budget allows. */
  tellCostly(write: { readonly ms: number; readonly bytes: number }): void;
  /** The console is about to write something that begins so; undefined when that cannot be known. */
  announceConsole(stream: StreamName, beginning: string | undefined): void;
  /** pino is about to write this line, unless it writes past the streams. */
  announceLine(line: string): void;
  /** Who has told this write already, and since when (of {@link now}) it is worked on; each announcement counts once. */
  announced(stream: StreamName, chunk: unknown): Announcement | undefined;
}

export interface Announcement {
  readonly by: 'console' | 'pino';
  readonly atMs: number;
  readonly beginning?: string | undefined;
}

/** A longer line is not kept to compare with; it is then counted twice. */
const MAX_KEPT = 65_536;
/** Groups of the console indent what it writes. */
const MAX_INDENT = 100;

export function createOutlet({ numbers, emit }: ProbePort): Outlet {
  const expected: Record<StreamName, Announcement | undefined> = { stdout: undefined, stderr: undefined };
  let line: string | undefined;
  let isForgetting = false;
  const admit = createBudget();
  const takeStack = createTakeStack();
  const admitCostly = createBudget();
  const forget = (): void => {
    isForgetting = false;
    expected.stdout = undefined;
    expected.stderr = undefined;
    line = undefined;
  };
  // Who announces writes before it returns. A console of the user's own, and a pino with a file, write elsewhere.
  const forgetSoon = (): void => {
    if (isForgetting) return;
    isForgetting = true;
    void settled.then(forget);
  };
  return {
    count(counter, by = 1) {
      const slot = COUNTERS[counter];
      numbers[slot] = (numbers[slot] ?? 0) + by;
    },
    admits: (isSevere) => admit(isSevere ? SEVERE_PER_SECOND : ORDINARY_PER_SECOND),
    tell(event, isSevere) {
      const stack = takeStack(event.text, isSevere);
      emit({ ...event, atMs: wallClock(), ...(stack !== undefined && { stack }) });
    },
    tellCostly(write) {
      if (!admitCostly(COSTLY_PER_SECOND)) return;
      emit({ source: 'cost', ...write, atMs: wallClock(), stack: stackHere() ?? '' });
    },
    announceConsole(stream, beginning) {
      expected[stream] = { by: 'console', atMs: now(), beginning };
      forgetSoon();
    },
    announceLine(next) {
      line = next.length <= MAX_KEPT ? next : undefined;
      forgetSoon();
    },
    announced(stream, chunk) {
      if (line !== undefined && chunk === line) {
        line = undefined;
        return { by: 'pino', atMs: now() };
      }
      const announcement = expected[stream];
      expected[stream] = undefined;
      return announcement !== undefined && isBegunBy(announcement.beginning, chunk)
        ? announcement
        : undefined;
    },
  };
}

const isBegunBy = (beginning: string | undefined, chunk: unknown): boolean =>
  typeof chunk === 'string' &&
  (beginning === undefined ||
    chunk
      .slice(0, MAX_INDENT + beginning.length)
      .trimStart()
      .startsWith(beginning.trim()));
