// The probe on main that tells who asks: of a few outgoing requests in each second the functions of the app that made
// them, and whether the same had failed just before. Nothing is patched.
import type { ClientRequest } from 'node:http';
import type { JsonObject, Probe } from '@nodelens/core';
import { type AppFrame, framesOf, isOfApp } from '../app-frame.ts';
import { createBudget } from '../per-second.ts';
import { subscribeAll } from '../requests/subscribe.ts';
import { createFailedTargets } from './failed-targets.ts';

/** About 0.1 ms each: a stack through fetch is 25 frames deep before the app is on it. */
const STACKS_PER_SECOND = 5;
/** Of requests for what has failed just before: there are none while all is well. */
const AGAIN_PER_SECOND = 5;
const STACK_DEPTH = 50;
const MAX_CHARS = 300;

interface UndiciRequest {
  readonly method: string;
  readonly path: string;
  readonly origin?: unknown;
}

interface Message<Request> {
  readonly request: Request;
  readonly response: { readonly statusCode?: number };
}

type Name<Request> = (request: Request) => { readonly origin: string; readonly key: string };

export const watchCallers: Probe = ({ emit }) => {
  const [admit, admitAgain] = [createBudget(), createBudget()];
  const failed = createFailedTargets();
  const begun = (origin: string, key: string): void => {
    const againMs = failed.againMs(key);
    if (!(againMs === undefined ? admit(STACKS_PER_SECOND) : admitAgain(AGAIN_PER_SECOND))) return;
    const caller = callerOf(stackHere());
    if (caller === undefined) return;
    emit({ origin: origin.slice(0, MAX_CHARS), ...caller, ...(againMs !== undefined && { againMs }) });
  };
  const of = <Request>(nameOf: Name<Request>) => ({
    begun: (message: unknown) => {
      const { origin, key } = nameOf((message as Message<Request>).request);
      begun(origin, key);
    },
    answered: (message: unknown) => {
      const { request, response } = message as Message<Request>;
      if ((response.statusCode ?? 0) >= 500) failed.note(nameOf(request).key);
    },
    ended: (message: unknown) => failed.note(nameOf((message as Message<Request>).request).key),
  });
  const [node, undici] = [of(nameOfNode), of(nameOfUndici)];
  return subscribeAll([
    {
      channels: [
        ['http.client.request.created', node.begun],
        ['http.client.response.finish', node.answered],
        ['http.client.request.error', node.ended],
        ['undici:request:create', undici.begun],
        ['undici:request:headers', undici.answered],
        ['undici:request:error', undici.ended],
      ],
      end() {
        // Nothing is left on the app's objects.
      },
    },
  ]);
};

const nameOfNode: Name<ClientRequest> = (request) => {
  const host = request.getHeader('host');
  const origin = `${request.protocol}//${typeof host === 'string' ? host : request.host}`;
  return { origin, key: keyOf(request.method, origin, request.path) };
};

const nameOfUndici: Name<UndiciRequest> = ({ method, origin, path }) => ({
  origin: String(origin ?? ''),
  key: keyOf(method, String(origin ?? ''), path),
});

const keyOf = (method: string, origin: string, path: string): string =>
  `${method} ${origin}${path}`.slice(0, MAX_CHARS);

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
