// What main gives to libuv's threads: what is in them now by kind, and, for a moment on demand, which functions of the
// app send it. The latter hooks into the making of every asynchronous resource but promises, so it is never left on.
import { createHook } from 'node:async_hooks';
import type { JsonObject, JsonValue } from '@nodelens/core';
import { type AppFrame, appFrame } from '../app-frame.ts';
import { takeStack, textOf } from '../raw-stack.ts';

export type WorkKind = 'fs' | 'dns' | 'crypto' | 'zlib';

const now = performance.now.bind(performance);

const MAX_STACKS = 40;
const STACK_DEPTH = 20;
const MAX_SITES = 20;
const MAX_WINDOW_MS = 1_000;

interface Site {
  readonly kind: WorkKind;
  readonly frame: AppFrame;
  count: number;
}

export interface WorkWatch {
  /**
   * Answers a probe's question: `{ of: 'threadpool' }` with the requests of files and names that are not done (those of
   * crypto and zlib are not in Node's list) and the number of threads; `{ of: 'watch-work', windowMs }` begins to watch
   * for so long, false where Node cannot watch without slowing promises; `{ of: 'work' }` ends it and tells.
   */
  answer(question: JsonObject): JsonValue;
  stop(): void;
}

export function createWorkWatch(): WorkWatch {
  const counts: { [kind in WorkKind]: number } = { fs: 0, dns: 0, crypto: 0, zlib: 0 };
  const sites = new Map<string, Site>();
  let stacks = 0;
  let untilMs = 0;
  let hook: ReturnType<typeof createHook> | undefined;
  const stop = (): void => {
    hook?.disable();
    hook = undefined;
  };
  const init = (type: string): void => {
    const kind = kindOf(type);
    if (now() > untilMs) stop();
    else if (kind !== undefined) note(kind);
  };
  const note = (kind: WorkKind): void => {
    counts[kind] += 1;
    stacks += 1;
    if (stacks <= MAX_STACKS) noteSite(sites, kind, callerOf());
  };
  const start = (windowMs: number): boolean => {
    if (!canSkipPromises()) return false;
    stop();
    sites.clear();
    Object.assign(counts, { fs: 0, dns: 0, crypto: 0, zlib: 0 });
    stacks = 0;
    untilMs = now() + Math.min(windowMs, MAX_WINDOW_MS);
    hook = createHook({
      init(_asyncId, type) {
        try {
          init(type);
        } catch {
          // Node would end the process.
        }
      },
      trackPromises: false,
    } as Parameters<typeof createHook>[0]).enable();
    return true;
  };
  const told = (): JsonValue => ({
    counts: { ...counts },
    sites: [...sites.values()].map(({ kind, frame, count }) => ({ kind, frame: { ...frame }, count })),
  });
  return {
    answer({ of, windowMs }) {
      if (of === 'threadpool')
        return { ...activeRequests(), threads: Number(process.env.UV_THREADPOOL_SIZE) || 4 };
      if (of === 'watch-work') return start(Number(windowMs));
      if (of !== 'work') return null;
      stop();
      return told();
    },
    stop,
  };
}

/** Node that does not know the option does not check it either; there promises would be slowed for good. */
function canSkipPromises(): boolean {
  try {
    createHook({ trackPromises: 'no' } as object);
    return false;
  } catch {
    return true;
  }
}

function kindOf(type: string): WorkKind | undefined {
  if (type.startsWith('FSREQ')) return 'fs';
  if (type === 'GETADDRINFOREQWRAP' || type === 'GETNAMEINFOREQWRAP') return 'dns';
  if (type === 'ZLIB') return 'zlib';
  return /^(?:PBKDF2|SCRYPT|ARGON2|RANDOM|HASH|SIGN|KEY|CHECKPRIME|DERIVE|CIPHER|HKDF|SECRET|ENCAPSULATE|DECAPSULATE|DH|ECDH)/.test(
    type,
  )
    ? 'crypto'
    : undefined;
}

function callerOf(): AppFrame | undefined {
  const stack = textOf(takeStack(callerOf, STACK_DEPTH));
  return stack === undefined ? undefined : appFrame(ownRemoved(stack), '');
}

const own = import.meta.url;

/** This module's frames stand above those of Node, which made the resource. */
const ownRemoved = (stack: string): string => {
  const lines = stack.split('\n');
  return lines.slice(lines.findLastIndex((line) => line.includes(own)) + 1).join('\n');
};

function noteSite(sites: Map<string, Site>, kind: WorkKind, frame: AppFrame | undefined): void {
  if (frame === undefined) return;
  const key = `${kind} ${frame.file}:${frame.line}`;
  const known = sites.get(key);
  if (known !== undefined) known.count += 1;
  else if (sites.size < MAX_SITES) sites.set(key, { kind, frame, count: 1 });
}

type WithRequests = typeof process & { readonly _getActiveRequests?: () => readonly object[] };

function activeRequests(): JsonObject {
  const list = (process as WithRequests)._getActiveRequests?.() ?? [];
  const kinds = list.map((request) => kindOf(request.constructor.name.toUpperCase()));
  const count = (kind: WorkKind): number => kinds.filter((one) => one === kind).length;
  return { files: count('fs'), lookups: count('dns') };
}
