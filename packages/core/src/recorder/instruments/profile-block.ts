// One stretch of the armed profile (5 s, 500 samples) as flat arrays: about 20 KB instead of 500. A block leaves the
// window as a whole, so nothing in it is ever pruned.
import type { JsonObject } from '../../json.ts';
import type { RawFrame } from './source-map.ts';

export interface ProfileBlock {
  /** Monotonic ms. */
  readonly from: number;
  /** Monotonic ms. */
  readonly to: number;
  /** Microseconds since `from`, per sample. */
  readonly offsets: Uint32Array;
  /** Index of the leaf node, per sample. */
  readonly leaves: Uint32Array;
  /** Index of the parent, per node; the root is its own. */
  readonly parents: Uint32Array;
  /** Index into the frames, per node. */
  readonly frames: Uint32Array;
  /** The hottest line, per node; 0 where unknown. */
  readonly hotLines: Uint32Array;
  /** `name TAB url TAB line TAB column` per distinct frame, joined by newlines. */
  readonly names: string;
}

interface V8Node {
  readonly id: number;
  readonly callFrame: {
    readonly functionName: string;
    readonly scriptId: string;
    readonly url: string;
    readonly lineNumber: number;
    readonly columnNumber: number;
  };
  readonly children?: readonly number[];
  readonly positionTicks?: readonly { readonly line: number; readonly ticks: number }[];
}

interface V8Profile {
  readonly nodes: readonly V8Node[];
  readonly startTime: number;
  readonly endTime: number;
  readonly samples?: readonly number[];
  readonly timeDeltas?: readonly number[];
}

/** Compacts a profile as the inspector sends it (`Profiler.stop`). `note` is told every script on the way. */
export function compactProfile(
  profile: JsonObject,
  note: (scriptId: string, url: string) => void,
): ProfileBlock {
  const { nodes, startTime, endTime, samples = [], timeDeltas = [] } = profile as unknown as V8Profile;
  const indexOf = new Map(nodes.map(({ id }, index) => [id, index]));
  const parents = new Uint32Array(nodes.length);
  const frames = new Uint32Array(nodes.length);
  const hotLines = new Uint32Array(nodes.length);
  const table = new Map<string, number>();
  nodes.forEach((node, index) => {
    for (const child of node.children ?? []) parents[indexOf.get(child) ?? 0] = index;
    const { functionName, scriptId, url, lineNumber, columnNumber } = node.callFrame;
    note(scriptId, url);
    const text = [clean(functionName), clean(url), lineNumber + 1, columnNumber + 1].join('\t');
    const known = table.get(text) ?? table.size;
    table.set(text, known);
    frames[index] = known;
    hotLines[index] = hottestLine(node);
  });
  const leaves = Uint32Array.from(samples, (id) => indexOf.get(id) ?? 0);
  const offsets = new Uint32Array(samples.length);
  let offset = 0;
  for (let i = 0; i < samples.length; i++) {
    offset = Math.max(0, offset + (timeDeltas[i] ?? 0));
    offsets[i] = offset;
  }
  const times = { from: startTime / 1_000, to: endTime / 1_000 };
  return { ...times, offsets, leaves, parents, frames, hotLines, names: [...table.keys()].join('\n') };
}

/** One node of the call tree with the samples that had it as their leaf. */
export interface LeafCount {
  /** Innermost first, without V8's root; lines are those of the functions' starts. */
  readonly frames: readonly RawFrame[];
  /** The hottest line of the innermost frame; 0 where unknown. */
  readonly hotLine: number;
  readonly count: number;
}

/** Samples per distinct stack between two monotonic times. */
export function stacksOf(block: ProfileBlock, from: number, to: number): readonly LeafCount[] {
  const counts = new Map<number, number>();
  block.leaves.forEach((leaf, i) => {
    const at = block.from + (block.offsets[i] ?? 0) / 1_000;
    if (at >= from && at <= to) counts.set(leaf, (counts.get(leaf) ?? 0) + 1);
  });
  const table = block.names.split('\n').map(parseFrame);
  return [...counts].map(([leaf, count]) => ({
    frames: framesOf(block, table, leaf),
    hotLine: block.hotLines[leaf] ?? 0,
    count,
  }));
}

function framesOf(block: ProfileBlock, table: readonly RawFrame[], leaf: number): readonly RawFrame[] {
  const frames: RawFrame[] = [];
  for (let node = leaf; node !== block.parents[node]; node = block.parents[node] ?? node) {
    const frame = table[block.frames[node] ?? 0];
    if (frame !== undefined) frames.push(frame);
  }
  return frames;
}

function parseFrame(text: string): RawFrame {
  const [name = '', url = '', line = '0', column = '0'] = text.split('\t');
  return { name, url, line: Number(line), column: Number(column) };
}

function hottestLine({ positionTicks = [] }: V8Node): number {
  let best = { line: 0, ticks: 0 };
  for (const tick of positionTicks) if (tick.ticks > best.ticks) best = tick;
  return best.line;
}

/** Function names and URLs of generated code may contain anything. */
const clean = (text: string): string => text.replace(/[\t\n]/g, ' ');
