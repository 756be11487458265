// What scripts may ask of a heap snapshot. It stops main for seconds, so nothing asks for one by itself: the caller
// grants the pause, and what one snapshot told is kept for the questions that follow.
import type { Callback, CallContext } from '@nodelens/core';
import * as v from 'valibot';
import type { HeapView } from './heap-view.ts';

const maxAgeSeconds = v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(3_600)), 600);
/** A heap of 300 MB takes half a minute with its analysis, on a busy machine longer. */
const TIMEOUT_MS = 180_000;

export function heapCallbacks({ heap }: { readonly heap: HeapView }): { readonly [name: string]: Callback } {
  return {
    collections_retaining_path: {
      description:
        "How the heap's root leads to a collection (id as told before): path of steps (edge, name, type, file, line), heldBy (the variable or property), retainedMb. Takes a heap snapshot unless one is kept that is young enough: main stands still about 80 ms per MB of heap, and 13 times the heap's size must be free: grant it by maxPauseMs.",
      params: { id: v.string(), maxAgeSeconds },
      timeoutMs: TIMEOUT_MS,
      run: (id: string, maxAge: number, call: CallContext) => heap.retainingPath(id, maxAge, call),
    },
    collections_heap_summary: {
      description:
        'What the heap consists of, by constructor: count, shallowMb, retainedMb (with all that only they keep alive), largest first. Takes a heap snapshot unless one is kept that is young enough, at the price of collections_retaining_path.',
      params: { maxAgeSeconds },
      timeoutMs: TIMEOUT_MS,
      run: (maxAge: number, call: CallContext) => heap.summary(maxAge, call),
    },
  };
}
