// The probe on main that tells who asks: of a few outgoing requests in each second the functions of the app that made
// them, whether the same had failed just before, and when many ask for the same at once. Nothing is patched.
import type { ClientRequest } from 'node:http';
import { getCallSites } from 'node:util';
import type { JsonObject, Probe } from '@nodelens/core';
import { type AppFrame, fileOf, isAppScript, isOfApp } from '../app-frame.ts';
import { createBudget } from '../per-second.ts';
import { subscribeAll } from '../requests/subscribe.ts';
import { createFailedTargets } from './failed-targets.ts';
import { type Burst, watchSame } from './same-requests.ts';

/** About 0.1 ms each: a stack through fetch is 25 frames deep before the app is on it. */
const STACKS_PER_SECOND = 5;
/** Of requests for what has failed just before, or what others ask for too: there are few while all is well. */
const TELLING_PER_SECOND = 5;
const STACK_DEPTH = 50;
const PATH_FRAMES = 6;
const MAX_CHARS = 300;
const MAX_NAME = 100;
/** So many of the same at a time may be chance. */
const CROWD = 3;
const BURST = 5;
const BURSTS_PER_SECOND = 10;

interface UndiciRequest {
  readonly method: string;
  readonly path: string;
  readonly origin?: unknown;
}

interface Message<Request> {
  readonly request: Request;
  readonly response: { readonly statusCode?: number };
}

/** `GET http://prices:8080/lists/north?day=3`: the same key, the same thing. */
type KeyOf<Request> = (request: Request) => string;

export const watchCallers: Probe = ({ emit }) => {
  const [admit, admitAgain, admitCrowd] = [createBudget(), createBudget(), createBudget()];
  const admitBurst = createBudget();
  const failed = createFailedTargets();
  const same = watchSame();
  const begun = (request: object, key: string): void => {
    const againMs = failed.againMs(key);
    const isCrowd = same.begun(request, key) >= CROWD;
    const isAdmitted =
      (againMs !== undefined && admitAgain(TELLING_PER_SECOND)) ||
      (isCrowd && admitCrowd(TELLING_PER_SECOND)) ||
      admit(STACKS_PER_SECOND);
    if (!isAdmitted) return;
    const path = callersIn(getCallSites(STACK_DEPTH));
    if (path.length > 0) emit({ ...nameOf(key), path, ...(againMs !== undefined && { againMs }) });
  };
  const ended = (request: object): void => {
    const burst = same.ended(request);
    if (burst !== undefined && burst.peak >= BURST && admitBurst(BURSTS_PER_SECOND)) emit(told(burst));
  };
  const of = <Request extends object>(keyOf: KeyOf<Request>) => ({
    begun: (message: unknown) => {
      const { request } = message as Message<Request>;
      begun(request, keyOf(request));
    },
    answered: (message: unknown) => {
      const { request, response } = message as Message<Request>;
      ended(request);
      if ((response.statusCode ?? 0) >= 500) failed.note(keyOf(request));
    },
    ended: (message: unknown) => {
      const { request } = message as Message<Request>;
      ended(request);
      failed.note(keyOf(request));
    },
  });
  const [node, undici] = [of(keyOfNode), of(keyOfUndici)];
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

const keyOfNode: KeyOf<ClientRequest> = (request) => {
  const host = request.getHeader('host');
  const origin = `${request.protocol}//${typeof host === 'string' ? host : request.host}`;
  return `${request.method} ${origin}${request.path}`.slice(0, MAX_CHARS);
};

const keyOfUndici: KeyOf<UndiciRequest> = ({ method, origin, path }) =>
  `${method} ${String(origin ?? '')}${path}`.slice(0, MAX_CHARS);

/** Without the query, which is nobody's business. */
function nameOf(key: string): { readonly method: string; readonly target: string } {
  const space = key.indexOf(' ');
  const end = key.search(/[?#]/);
  return { method: key.slice(0, space), target: key.slice(space + 1, end === -1 ? undefined : end) };
}

const told = ({ key, ...figures }: Burst): JsonObject => ({ ...nameOf(key), ...figures });

/**
 * From the function that made the request to what main came from its loop into, to make it: the handler of an event, or
 * the function that went on after an `await`; after a failed request that is whoever decided to ask again. Of the app's
 * own where there are any; the ones in the middle are left out when there are many. By V8's call sites, which end there,
 * and which nothing of the app (Error.prepareStackTrace) has a part in.
 */
export function callersIn(sites: readonly CallSite[]): readonly JsonObject[] {
  const frames = sites
    .filter(({ scriptName }) => isAppScript(scriptName) && !UNDICI.test(scriptName))
    .map(frameOf);
  const own = frames.filter(isOfApp);
  const path = own.length > 0 ? own : frames;
  const some = path.length > PATH_FRAMES ? [...path.slice(0, PATH_FRAMES - 1), ...path.slice(-1)] : path;
  return some.map(({ name, file, line, column }) => ({ name, file, line, column }));
}

type CallSite = Pick<
  ReturnType<typeof getCallSites>[number],
  'functionName' | 'scriptName' | 'lineNumber' | 'columnNumber'
>;

/** An undici of the app's own: what waited in its queue it makes by itself, on nobody's behalf that could be seen. */
const UNDICI = /[\\/]node_modules[\\/]undici[\\/]/;

const frameOf = ({ functionName, scriptName, lineNumber, columnNumber }: CallSite): AppFrame => ({
  name: functionName === '' ? '(anonymous)' : functionName.slice(0, MAX_NAME),
  file: fileOf(scriptName),
  line: lineNumber,
  column: columnNumber,
});
