// Where statements come from, on main: stacks are dear, so a few are taken each second and remembered by statement.
import { type AppFrame, appFrame } from '../app-frame.ts';
import { createBudget } from '../per-second.ts';
import { type RawStack, takeStack, textOf } from '../raw-stack.ts';

const STACKS_PER_SECOND = 20;
const FRAMES = 30;
const STATEMENTS = 500;
/** As keys they would keep the app's texts alive. */
const LONGEST_KEY = 4_000;
const FRESH_MS = 5_000;

export interface Callers {
  /**
   * The app's frame that the statement comes from: of this call, or of an earlier one of the same statement.
   * @param above the outermost function of ours in the stack
   * @param at of `performance.now`
   * @param isDue look now, if the budget allows it
   */
  of(text: string, above: object, at: number, isDue?: boolean): AppFrame | undefined;
}

export function createCallers(): Callers {
  const admit = createBudget();
  const known = new Map<string, { frame: AppFrame | undefined; at: number }>();
  return {
    of(text, above, at, isDue = false) {
      const before = known.get(text);
      if (!isDue && before !== undefined && at - before.at < FRESH_MS) return before.frame;
      if (!admit(STACKS_PER_SECOND)) return before?.frame;
      const frame = frameOf(stackHere(above)) ?? before?.frame;
      if (text.length <= LONGEST_KEY) remember(known, text, { frame, at });
      return frame;
    },
  };
}

function remember<T>(known: Map<string, T>, text: string, value: T): void {
  known.delete(text);
  const [oldest] = known.keys();
  if (known.size >= STATEMENTS && oldest !== undefined) known.delete(oldest);
  known.set(text, value);
}

export const stackHere = (above: object): RawStack => takeStack(above, FRAMES);

export function frameOf(raw: RawStack): AppFrame | undefined {
  const text = textOf(raw);
  return text === undefined ? undefined : appFrame(text, '');
}
