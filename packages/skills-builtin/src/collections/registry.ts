// The collections that a survey has told of, remembered on main by WeakRefs alone: each keeps its id, so that its size
// can be read again and again, and it can be found in a heap snapshot. Reading 60 sizes takes main a tenth of a ms.
import type { MainInspector } from '@nodelens/core';
import { HELPER } from './main-side.ts';
import { createRemote, type Handle, type Remote } from './remote.ts';

/** More are forgotten, the longest unseen first. */
export const MAX_KEPT = 60;
/** A plain object is counted by listing its keys; one that takes longer keeps the count of its last survey, in ms. */
const GRANT_MS = 0.5;

const REGISTRY = `(helper) => {
  const ids = new WeakMap(), refs = new Map();
  let last = 0;
  return {
    keep: (...collections) => collections.map((x) => {
      let id = ids.get(x);
      if (id === undefined) ids.set(x, id = ++last);
      refs.delete(id);
      refs.set(id, new WeakRef(x));
      if (refs.size > ${MAX_KEPT}) refs.delete(refs.keys().next().value);
      return id;
    }),
    sizes: (grantMs, ...wanted) => wanted.map((id) => {
      const x = refs.get(id)?.deref();
      return x === undefined ? -1 : Math.max(0, helper.sizes(grantMs, x)[0]);
    }),
    object: (id) => refs.get(id)?.deref(),
  };
}`;

export interface Registry {
  /** Remembers them; the same collection gets the same id. */
  keep(collections: readonly Handle[]): Promise<readonly number[]>;
  /** -1 for what has been collected. */
  sizes(ids: readonly number[]): Promise<readonly number[]>;
  /** V8's ids of those that live, by theirs; only while a heap snapshot's ids hold. */
  heapIds(ids: readonly number[]): Promise<ReadonlyMap<number, number>>;
  /** Forgets all. */
  release(): Promise<void>;
}

interface Opened {
  readonly remote: Remote;
  readonly handle: Handle;
}

export function createRegistry(inspector: MainInspector): Registry {
  let opened: Promise<Opened> | undefined;
  const open = async (): Promise<Opened> => {
    const remote = createRemote(inspector);
    return { remote, handle: await remote.evaluate(`(${REGISTRY})(${HELPER})`) };
  };
  return {
    async keep(collections) {
      opened ??= open();
      const { remote, handle } = await opened.catch((error: unknown) => {
        opened = undefined;
        throw error;
      });
      const keep = 'function (...collections) { return this.keep(...collections); }';
      return (await remote.call(handle, keep, collections)) as readonly number[];
    },
    async sizes(ids) {
      const kept = await opened;
      if (kept === undefined) return ids.map(() => -1);
      const sizes = 'function (grantMs, ...ids) { return this.sizes(grantMs, ...ids); }';
      return (await kept.remote.call(kept.handle, sizes, [GRANT_MS, ...ids])) as readonly number[];
    },
    async heapIds(ids) {
      const kept = await opened;
      return kept === undefined ? new Map() : await heapIdsOf(ids, kept.handle, inspector);
    },
    async release() {
      const released = opened;
      opened = undefined;
      await (await released)?.remote.release();
    },
  };
}

async function heapIdsOf(
  ids: readonly number[],
  { objectId }: Handle,
  inspector: MainInspector,
): Promise<ReadonlyMap<number, number>> {
  const found = new Map<number, number>();
  const objectGroup = 'nodelens-collections-heap-ids';
  const functionDeclaration = 'function (id) { return this.object(id); }';
  try {
    for (const id of ids) {
      const params = { objectId, functionDeclaration, arguments: [{ value: id }], objectGroup };
      const { result } = await inspector.post('Runtime.callFunctionOn', params);
      const object = (result as { objectId?: string }).objectId;
      if (object === undefined) continue;
      const reply = await inspector.post('HeapProfiler.getHeapObjectId', { objectId: object });
      found.set(id, Number(reply.heapSnapshotObjectId));
    }
  } finally {
    await inspector.post('Runtime.releaseObjectGroup', { objectGroup }).catch(() => undefined);
  }
  return found;
}
