// Which code of the app a pattern's lines come from. Apps log through functions of their own, so the innermost frame is
// often the same for all lines: a position from which lines of several patterns come, each for another caller, is a
// logging function, and so is the rest of its file. What calls it is the origin. Bounded; pure but for its state.
import { type AppFrame, framesOf, isOfApp } from '../app-frame.ts';

const PATTERNS = 400;
const STACKS = 3;
const FRAMES = 8;

/** Innermost first; of the app only. */
type Frames = readonly AppFrame[];

export interface Origin {
  /** The function that has the line logged. */
  readonly place: AppFrame;
  /** The innermost function of the app that it goes through; undefined when `place` calls the library itself. */
  readonly through: AppFrame | undefined;
}

export interface Origins {
  add(patternId: string, stack: string): void;
  /** Undefined when no stack of it was taken. */
  of(patternId: string): Origin | undefined;
  /** The function that logs, in a stack of a line whose pattern is not known. */
  placeIn(stack: string): AppFrame | undefined;
}

export function createOrigins(): Origins {
  // The pattern that was heard of last comes last.
  const known = new Map<string, readonly Frames[]>();
  const others = (patternId: string): readonly Frames[] =>
    [...known].filter(([id]) => id !== patternId).flatMap(([, stacks]) => stacks);
  return {
    add(patternId, stack) {
      const frames = ofApp(stack);
      if (frames.length === 0) return;
      const stacks = [...(known.get(patternId) ?? []), frames].slice(-STACKS);
      known.delete(patternId);
      known.set(patternId, stacks);
      const [oldest] = known.keys();
      if (known.size > PATTERNS && oldest !== undefined) known.delete(oldest);
    },
    of(patternId) {
      const frames = known.get(patternId)?.at(-1);
      const [innermost] = frames ?? [];
      if (frames === undefined || innermost === undefined) return undefined;
      const place = frames[depthIn(frames, others(patternId))] as AppFrame;
      return { place, through: place === innermost ? undefined : innermost };
    },
    placeIn(stack) {
      const logging = new Set(
        [...known].flatMap(([id, stacks]) =>
          stacks.flatMap((frames) => frames.slice(0, depthIn(frames, others(id))).map(positionOf)),
        ),
      );
      const frames = ofApp(stack);
      return frames.find((frame) => !logging.has(positionOf(frame))) ?? frames[0];
    },
  };
}

const ofApp = (stack: string): Frames => [...framesOf(stack, '')].filter(isOfApp).slice(0, FRAMES);

/** How many of the innermost frames are of logging. */
function depthIn(frames: Frames, others: readonly Frames[]): number {
  let depth = 0;
  while (depth < frames.length - 1 && isLogging(frames, depth, others)) {
    const file = frames[depth]?.file;
    const outside = frames.findIndex((frame, index) => index > depth && frame.file !== file);
    // In an app of one file only the function itself can be told from the rest.
    depth = outside === -1 ? depth + 1 : outside;
  }
  return depth;
}

/** Lines of another pattern come from the same position, for another caller. */
function isLogging(frames: Frames, depth: number, others: readonly Frames[]): boolean {
  const position = positionOf(frames[depth]);
  const caller = positionOf(frames[depth + 1]);
  return others.some((other) => {
    const at = other.findIndex((frame) => positionOf(frame) === position);
    const next = other[at + 1];
    return at !== -1 && next !== undefined && positionOf(next) !== caller;
  });
}

const positionOf = (frame: AppFrame | undefined): string =>
  frame === undefined ? '' : `${frame.file}:${frame.line}:${frame.column}`;
