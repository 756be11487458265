// The limit of main's heap, asked once: only main knows it, because each isolate has its own.
import type { RecorderContext } from '@nodelens/core';
import { round } from './wording.ts';

/** A blocked main does not answer, and a snapshot must not wait for it. */
const TIMEOUT_MS = 50;

/** In MB; undefined while main is in a native call, then asked for again at the next reading. */
export function heapLimitReader({ inspector }: RecorderContext): () => Promise<number | undefined> {
  let limitMb: number | undefined;
  return async () => {
    if (limitMb !== undefined) return limitMb;
    try {
      const bytes = await inspector.evaluate(
        "process.getBuiltinModule('node:v8').getHeapStatistics().heap_size_limit",
        { timeoutMs: TIMEOUT_MS },
      );
      limitMb = round(Number(bytes) / 1_048_576);
    } catch {
      return undefined;
    }
    return limitMb;
  };
}
