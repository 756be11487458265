// What scripts may ask of the stalls of main.
import type { Callback, CallContext, JsonObject, RecorderContext, Stall } from '@nodelens/core';
import * as v from 'valibot';
import { originOf } from './block-origin.ts';
import { nodeCallOf } from './node-call.ts';
import type { StallNote, StallNotes } from './stall-notes.ts';
import type { ServedRequest } from './stall-requests.ts';
import { afterStart, stallsOf } from './window.ts';

const KEPT_MS = 600_000;
const MAX_FRAMES = 12;
const MAX_REQUESTS = 10;
const MAX_ALL_REQUESTS = 100;
const MAX_PATH = 200;

const limit = v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(50)), 10);

export interface StallsTold {
  readonly context: RecorderContext;
  readonly notes: StallNotes;
}

export function stallCallbacks(told: StallsTold): { readonly [name: string]: Callback } {
  const { context } = told;
  return {
    runtime_stalls: {
      description:
        'Stalls of the last 10 minutes, newest first: id, startedAtMs, durationMs, kind, culprit (name, file, line), call, origin, stack, gcMs, starvedMs, starvation, children (pid, name, ageMs, cpuMs), requestCount, requests (method, path, ageMs; 10 at most). The start of the process is left out.',
      params: { limit },
      run: (count: number) =>
        Promise.all(
          afterStart(stallsOf(context, KEPT_MS), context.startedAtMs)
            .slice(0, count)
            .map((stall) => describeStall(stall, told)),
        ),
    },
    runtime_current_stall: {
      description: 'The stall that is going on, as in runtime_stalls; null while main turns its loop.',
      run: () => {
        const current = context.currentStall();
        return current === undefined ? null : describeStall(current, told);
      },
    },
    runtime_stall_requests: {
      description:
        'All requests (up to 100) during one of the last 20 stalls, the last to begin first: method, path, ageMs, ended (answered since). Null: not known.',
      params: { id: v.string() },
      run: (id: string) => {
        const stall = stallsOf(context, KEPT_MS).find((one) => one.id === id);
        if (stall === undefined) return null;
        const { requests } = told.notes.of(stall);
        return requests === undefined ? null : requestsOf(requests, stall, MAX_ALL_REQUESTS);
      },
    },
    runtime_await_stall_end: {
      description: 'Waits until the stall that is going on has ended and has its name: { ended, stall }.',
      params: { maxWaitMs: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(20_000)), 10_000) },
      timeoutMs: 22_000,
      run: (maxWaitMs: number, call: CallContext) => awaitStallEnd(told, maxWaitMs, call),
    },
  };
}

async function awaitStallEnd(
  told: StallsTold,
  maxWaitMs: number,
  { timeoutMs, signal }: CallContext,
): Promise<JsonObject> {
  const { context } = told;
  const before = context.currentStall();
  await context.stallEnded(Math.min(maxWaitMs, timeoutMs), signal);
  if (before === undefined) return { ended: true, stall: null };
  const after = stallsOf(context, KEPT_MS).find(({ id }) => id === before.id) ?? before;
  return { ended: !after.ongoing, stall: await describeStall(after, told) };
}

/** Without the far end of the stack. */
async function describeStall(stall: Stall, { context, notes }: StallsTold): Promise<JsonObject> {
  const { stack, culprit, native, ...facts } = stall;
  const note = notes.of(stall);
  const call = nodeCallOf(stall);
  const origin = originOf(stack);
  return {
    ...facts,
    endedAgoMs: stall.ongoing ? 0 : Math.max(0, context.now() - stall.startedAtMs - stall.durationMs),
    ...(native !== undefined && { native: { ...native } }),
    ...(culprit !== undefined && { culprit: { ...culprit } }),
    ...(call !== undefined && { call }),
    ...(origin !== undefined && { origin }),
    ...(await starvationOf(note, context)),
    ...(note.children.length > 0 && { children: note.children.map((child) => ({ ...child })) }),
    ...(note.requests !== undefined && {
      requestCount: note.requests.length,
      requests: requestsOf(note.requests, stall, MAX_REQUESTS),
    }),
    stack: stack.slice(0, MAX_FRAMES).map((frame) => ({ ...frame })),
  };
}

async function starvationOf(
  { starvation, callback }: StallNote,
  { locate }: Pick<RecorderContext, 'locate'>,
): Promise<JsonObject> {
  if (starvation === undefined) return {};
  if (callback === undefined) return { starvation };
  const { place, count, of } = callback;
  const { name, file, line } = await locate(place);
  return { starvation, callback: { name: name || place.name, file, line, seen: count, of } };
}

const requestsOf = (
  requests: readonly ServedRequest[],
  { startedAtMs: from, durationMs }: Pick<Stall, 'startedAtMs' | 'durationMs'>,
  most: number,
): readonly JsonObject[] =>
  requests.slice(0, most).map(({ method, path, startedAtMs, endedAtMs }) => ({
    method,
    path: path.slice(0, MAX_PATH),
    startedAtMs,
    ageMs: Math.max(0, Math.round(Math.min(endedAtMs ?? Infinity, from + durationMs) - startedAtMs)),
    ended: endedAtMs !== undefined,
  }));
