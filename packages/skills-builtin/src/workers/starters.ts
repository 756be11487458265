// Who starts a worker or a child process: the app's frame in the stack of the start. A stack costs main about 20 us, a
// start some milliseconds; of a flood the first in each second tell enough.
import type { JsonObject } from '@nodelens/core';
import { appFrame } from '../app-frame.ts';
import { createBudget } from '../per-second.ts';
import { boundedMessage, boundedName } from './bounds.ts';

const STACKS_PER_SECOND = 20;

/** @param above the function of ours under which the app's frames stand */
export type Starter = (above: (...args: never[]) => unknown) => JsonObject | undefined;

export function createStarter(): Starter {
  const admit = createBudget();
  return (above) => {
    if (!admit(STACKS_PER_SECOND)) return undefined;
    const raw: { stack?: unknown } = {};
    Error.captureStackTrace(raw, above);
    const frame = typeof raw.stack === 'string' ? appFrame(raw.stack, '') : undefined;
    return frame && { ...frame };
  };
}

/** The app's frame in the stack of an error that a worker or child led to, and what the error is. Never throws. */
export function errorFacts(error: unknown): JsonObject {
  try {
    const { name, code, message, stack } = (error ?? {}) as { readonly [key: string]: unknown };
    const text = typeof message === 'string' ? message : textOfThrown(error);
    const frame = typeof stack === 'string' ? appFrame(stack, text) : undefined;
    return {
      errorType: boundedName(name) ?? typeof error,
      errorCode: boundedName(code),
      errorMessage: boundedMessage(text),
      ...(frame !== undefined && { errorFrame: { ...frame } }),
    };
  } catch {
    return { errorType: 'unknown' };
  }
}

/** What is thrown need not be an error; an object's own text may be its code, which is not run. */
const textOfThrown = (thrown: unknown): string => (typeof thrown === 'object' ? '' : String(thrown));
