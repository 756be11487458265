// The probe on main that tells who asks: of a few outgoing requests in each second the functions of the app that made
// them. Nothing is patched, and no request is told of twice.
import type { ClientRequest } from 'node:http';
import type { JsonObject, Probe } from '@nodelens/core';
import { type AppFrame, framesOf, isOfApp } from '../app-frame.ts';
import { createBudget } from '../per-second.ts';
import { subscribeAll } from '../requests/subscribe.ts';

/** About 0.1 ms each: a stack through fetch is 25 frames deep before the app is on it. */
const STACKS_PER_SECOND = 5;
const STACK_DEPTH = 50;
const MAX_CHARS = 200;

interface UndiciRequest {
  readonly origin?: unknown;
}

export const watchCallers: Probe = ({ emit }) => {
  const admit = createBudget();
  const tell = (originOf: () => string): void => {
    if (!admit(STACKS_PER_SECOND)) return;
    const caller = callerOf(stackHere());
    if (caller !== undefined) emit({ origin: originOf().slice(0, MAX_CHARS), ...caller });
  };
  return subscribeAll([
    {
      channels: [
        [
          'http.client.request.created',
          (message) => tell(() => originOf((message as { readonly request: ClientRequest }).request)),
        ],
        [
          'undici:request:create',
          (message) =>
            tell(() => String((message as { readonly request: UndiciRequest }).request.origin ?? '')),
        ],
      ],
      end() {
        // Nothing is left on the app's objects.
      },
    },
  ]);
};

function originOf(request: ClientRequest): string {
  const host = request.getHeader('host');
  return `${request.protocol}//${typeof host === 'string' ? host : request.host}`;
}

function stackHere(): string {
  const holder: { stack?: unknown } = {};
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = STACK_DEPTH;
  Error.captureStackTrace(holder, stackHere);
  // It is formatted when it is read.
  const { stack } = holder;
  Error.stackTraceLimit = limit;
  return typeof stack === 'string' ? stack : '';
}

/**
 * `by` made the request. `from` is what main came from its loop into, to make it: the handler of an event, or the
 * function that went on after an `await`; after a failed request that is whoever decided to ask again.
 */
export function callerOf(stack: string): JsonObject | undefined {
  // Who waits for them stands behind `async`.
  const [running = ''] = stack.split(/\n\s+at async /, 1);
  const frames = [...framesOf(running, '')];
  const by = frames.find(isOfApp) ?? frames[0];
  const from = frames.findLast(isOfApp) ?? frames.at(-1);
  return by === undefined || from === undefined ? undefined : { by: told(by), from: told(from) };
}

const told = ({ name, file, line, column }: AppFrame): JsonObject => ({ name, file, line, column });
