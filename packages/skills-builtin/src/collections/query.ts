// The dear way: `queryObjects` finds every instance of a kind, but collects the whole heap several times first.
// Refused with the figure unless the caller granted the pause. Instances are kept by WeakRefs only.
import {
  type CallContext,
  fail,
  type JsonObject,
  type MainInspector,
  type RecorderContext,
} from '@nodelens/core';
import { pause } from '../pause.ts';
import { round } from '../wording.ts';

/** Measured with 5 to 300 MB of small objects: 350 ms at the least, and 6 to 20 ms per MB. */
const BASE_MS = 350;
const MS_PER_MB = 20;
/** On a busy machine the pause is longer than the estimate; up to this many times it is not taken for a stall. */
const HIDDEN = 3;

export interface Query {
  readonly kind: string;
  readonly sampleSeconds: number;
}

/** @throws NodelensError `pause_refused` with the estimate in ms. */
export async function queryCollections(
  { inspector, ownPause }: RecorderContext,
  { kind, sampleSeconds }: Query,
  { maxPauseMs, signal, timeoutMs }: CallContext,
): Promise<JsonObject> {
  const { usedSize } = await inspector.post('Runtime.getHeapUsage');
  const estimatedMs = Math.round(BASE_MS + (MS_PER_MB * Number(usedSize)) / 1_048_576);
  if (estimatedMs > maxPauseMs)
    throw fail('pause_refused', { what: `A query for every ${kind}`, estimatedMs, grantedMs: maxPauseMs });
  const objectGroup = `nodelens-query-${kind}`;
  const release = (): Promise<unknown> =>
    inspector.post('Runtime.releaseObjectGroup', { objectGroup }).catch(() => undefined);
  try {
    const find = (): Promise<string> => watcherOf(inspector, kind, { objectGroup, timeoutMs });
    const watcher = await ownPause(find, HIDDEN * estimatedMs);
    const read = async (): Promise<readonly number[]> => {
      const functionDeclaration = 'function () { return this(); }';
      const params = { objectId: watcher, functionDeclaration, returnByValue: true };
      const reply = await inspector.post('Runtime.callFunctionOn', params);
      return ((reply.result as JsonObject).value ?? []) as readonly number[];
    };
    const before = await read();
    await pause(sampleSeconds * 1000, signal);
    return figures(kind, before, await read());
  } finally {
    await release();
  }
}

const WATCH = `function () {
  const refs = Array.from(this, (x) => new WeakRef(x));
  return () => refs.map((ref) => { const x = ref.deref(); return x === undefined ? -1 : (x.size ?? x.byteLength ?? -1); });
}`;

/** The id of a function on main that reads the sizes; the list of instances itself is let go of at once. */
async function watcherOf(
  inspector: MainInspector,
  kind: string,
  { objectGroup, timeoutMs }: { readonly objectGroup: string; readonly timeoutMs: number },
): Promise<string> {
  // Not taken apart: a method may need its object.
  const post: MainInspector['post'] = (...request) => inspector.post(...request);
  const idOf = (reply: JsonObject, field: string): string =>
    String(((reply[field] ?? {}) as JsonObject).objectId);
  const prototype = await post('Runtime.evaluate', { expression: `${kind}.prototype`, objectGroup });
  const query = { prototypeObjectId: idOf(prototype, 'result'), objectGroup };
  const instances = idOf(await post('Runtime.queryObjects', query, { timeoutMs }), 'objects');
  const watch = { objectId: instances, functionDeclaration: WATCH, objectGroup };
  const watcher = idOf(await post('Runtime.callFunctionOn', watch), 'result');
  await post('Runtime.releaseObject', { objectId: instances });
  return watcher;
}

function figures(kind: string, before: readonly number[], after: readonly number[]): JsonObject {
  const alive = after
    .map((size, index) => ({ size, grown: size - (before[index] ?? 0) }))
    .filter(({ size }) => size >= 0);
  return {
    kind,
    count: alive.length,
    largest: alive
      .map(({ size }) => size)
      .sort((a, b) => b - a)
      .slice(0, 20),
    growing: alive
      .filter(({ grown }) => grown > 0)
      .sort((a, b) => b.grown - a.grown)
      .slice(0, 20)
      .map(({ size, grown }) => ({ size, grown: round(grown) })),
  };
}
