// Where lines come from, on main: a stack is taken of a few lines each second, of different ones first, so that a flood
// of one kind does not take them all.
import { createBudget } from '../per-second.ts';
import { takeStack, textOf } from '../raw-stack.ts';

// Taken at load: a user's fake timers must not stop the windows.
const now = performance.now.bind(performance);

/** Each of ordinary and of severe lines has its own: 20 stacks a second, some 30 µs each. */
const STACKS_PER_SECOND = 10;
/** Loggers have long ways inside: winston writes through 20 functions of its own. */
const FRAMES = 40;
const MAX_CHARS = 4_000;
/** Lines of one shape are taken for lines of one place for so long. */
const FRESH_MS = 1_000;
const SHAPES = 100;
/** Of how many lines in a second the shape is made, some 1 µs each: the rest of a flood is like these. */
const SHAPES_PER_SECOND = 500;
const SHAPE_CHARS = 200;
/** Times, counts, ids: what differs between lines of one place. */
const VALUES = /[\da-f]{4,}|\d+/gi;

/** Answers a stack, or undefined when the line needs none. */
export type TakeStack = (text: string, isSevere: boolean) => string | undefined;

export function createTakeStack(): TakeStack {
  const admit = { severe: createBudget(), ordinary: createBudget() };
  const look = createBudget();
  // The shape that was seen first comes first.
  const takenAt = new Map<string, number>();
  return (text, isSevere) => {
    // What is severe is never lost in a flood of what is not.
    if (!isSevere && !look(SHAPES_PER_SECOND)) return undefined;
    const shape = text.slice(0, SHAPE_CHARS).replace(VALUES, '');
    const at = now();
    if (at - (takenAt.get(shape) ?? Number.NEGATIVE_INFINITY) < FRESH_MS) return undefined;
    if (!admit[isSevere ? 'severe' : 'ordinary'](STACKS_PER_SECOND)) return undefined;
    takenAt.delete(shape);
    takenAt.set(shape, at);
    const [oldest] = takenAt.keys();
    if (takenAt.size > SHAPES && oldest !== undefined) takenAt.delete(oldest);
    return stackHere();
  };
}

/** Of whoever calls. */
export const stackHere = (): string | undefined => textOf(takeStack(stackHere, FRAMES))?.slice(0, MAX_CHARS);
