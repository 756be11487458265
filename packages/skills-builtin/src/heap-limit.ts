// The limit of main's heap, asked once: only main knows it, because each isolate has its own. V8's figure counts the
// young generation at its largest, too (192 MB in Node 24); what a process dies of is a full old one, so where its
// limit is given as an option, that is told.
import type { RecorderContext } from '@nodelens/core';
import { waitAtMost } from './wait-at-most.ts';
import { round } from './wording.ts';

/** A blocked main does not answer, and a snapshot must not wait for it. */
const WAIT_MS = 50;
/** A main that is busy with collections answers between two of them. */
const TIMEOUT_MS = 5_000;
const EXPRESSION = `(() => {
  const options = process.execArgv.join(' ') + ' ' + (process.env.NODE_OPTIONS ?? '');
  const given = [...options.matchAll(/--max[-_]old[-_]space[-_]size[= ](\\d+)/g)].map((found) => Number(found[1])).at(0);
  return Math.min(process.getBuiltinModule('node:v8').getHeapStatistics().heap_size_limit / 1048576, given || Infinity);
})()`;

/** In MB; asked at once, because later main may be too busy. Undefined until it has answered. */
export function heapLimitReader({ inspector }: RecorderContext): () => Promise<number | undefined> {
  let limitMb: number | undefined;
  let asking: Promise<void> | undefined;
  const ask = async (): Promise<void> => {
    try {
      const answer = Number(await inspector.evaluate(EXPRESSION, { timeoutMs: TIMEOUT_MS }));
      if (Number.isFinite(answer)) limitMb = round(answer);
    } catch {
      // Main is in a native call: the next reading asks again.
    } finally {
      asking = undefined;
    }
  };
  asking = ask();
  return async () => {
    if (limitMb !== undefined) return limitMb;
    asking ??= ask();
    await waitAtMost(WAIT_MS, asking);
    return limitMb;
  };
}
