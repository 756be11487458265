// What the last heap snapshot told, kept for the questions that follow: one snapshot answers for all collections that
// are watched, because it is far dearer than they are.
import {
  type CallContext,
  type CodeLocation,
  fail,
  type JsonObject,
  type RecorderContext,
} from '@nodelens/core';
import type { FoundObject, PathStep } from '../heap-snapshot/analysis.ts';
import { type TakenSnapshot, takeSnapshot } from '../heap-snapshot/take.ts';
import { declarationLine } from './declaration.ts';
import { type GrowthHistory, numberOf } from './growth-history.ts';
import type { Registry } from './registry.ts';

export interface HeapView {
  /** Of a watched collection, from the root of the heap. @throws NodelensError `skill_arguments_invalid` */
  retainingPath(id: string, maxAgeSeconds: number, call: CallContext): Promise<JsonObject>;
  summary(maxAgeSeconds: number, call: CallContext): Promise<JsonObject>;
}

export interface HeapViewOptions {
  readonly context: RecorderContext;
  readonly registry: Registry;
  readonly history: GrowthHistory;
}

interface Kept {
  readonly snapshot: TakenSnapshot;
  /** V8's ids of the collections that lived, by ours. */
  readonly heapIds: ReadonlyMap<string, number>;
}

export function createHeapView({ context, registry, history }: HeapViewOptions): HeapView {
  let kept: Kept | undefined;
  const take = async (call: CallContext): Promise<Kept> => {
    const ids = history.ids();
    let heapIds: ReadonlyMap<string, number> = new Map();
    const identify = async (): Promise<readonly number[]> => {
      const found = await registry.heapIds(ids.map(numberOf));
      heapIds = new Map([...found].map(([id, heapId]) => [`c${id}`, heapId]));
      return [...heapIds.values()];
    };
    kept = { snapshot: await takeSnapshot({ context, call, identify }), heapIds };
    return kept;
  };
  const isFresh = ({ snapshot }: Kept, maxAgeSeconds: number): boolean =>
    context.now() - snapshot.atMs <= maxAgeSeconds * 1000;
  return {
    async retainingPath(id, maxAgeSeconds, call) {
      const watched = history.nameOf(id);
      if (watched === undefined)
        throw fail('skill_arguments_invalid', {
          callback: 'collections_retaining_path',
          reason: `"${id}" is no collection that is watched; collections_leak_candidates tells their ids`,
        });
      const isKept = kept !== undefined && isFresh(kept, maxAgeSeconds) && kept.heapIds.has(id);
      const { snapshot, heapIds } = isKept ? (kept as Kept) : await take(call);
      const found = snapshot.objects.find((object) => object.id === heapIds.get(id));
      const { name, file } = watched;
      const about = { id, name, file, ...costOf(snapshot, context) };
      if (found === undefined) return { ...about, isAlive: false, path: [] };
      return { ...about, isAlive: true, ...(await pathOf(found, context)) };
    },
    async summary(maxAgeSeconds, call) {
      const { snapshot } = kept !== undefined && isFresh(kept, maxAgeSeconds) ? kept : await take(call);
      return {
        ...costOf(snapshot, context),
        heapMb: snapshot.totalMb,
        objects: snapshot.nodes,
        references: snapshot.edges,
        constructors: snapshot.constructors.map((one) => ({ ...one })),
      };
    },
  };
}

const costOf = (snapshot: TakenSnapshot, { now }: RecorderContext): JsonObject => ({
  takenSecondsAgo: Math.round((now() - snapshot.atMs) / 1000),
  pauseMs: snapshot.pauseMs,
  snapshotMb: snapshot.textMb,
  readMs: snapshot.readMs,
  analysisMs: snapshot.analysisMs,
  readerMb: snapshot.tablesMb,
});

async function pathOf(found: FoundObject, context: RecorderContext): Promise<JsonObject> {
  const path = await Promise.all(
    found.path.map((step, index) => placed(step, found.path[index - 1], context)),
  );
  const holder = path.findLast(({ edge }) => edge === 'context' || edge === 'property');
  return { type: found.type, retainedMb: found.retainedMb, ...(holder && { heldBy: holder }), path };
}

/** A variable is where its scope's file declares it, a function where it is. */
async function placed(
  { edge, name, type, at }: PathStep,
  owner: PathStep | undefined,
  context: RecorderContext,
): Promise<JsonObject> {
  const step = { edge, name, type };
  const place = await locate(edge === 'context' ? owner?.at : at, context);
  if (place === undefined) return step;
  if (edge !== 'context') return { ...step, file: place.file, line: place.line };
  const line = await declarationLine(name, place.file);
  return { ...step, file: place.file, ...(line !== undefined && { line }) };
}

async function locate(at: PathStep['at'], { inspector }: RecorderContext): Promise<CodeLocation | undefined> {
  if (at === undefined) return undefined;
  return inspector.locate(String(at.scriptId), at.line, at.column).catch(() => undefined);
}
