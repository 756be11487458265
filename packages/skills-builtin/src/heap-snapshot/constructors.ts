// What a heap consists of, by constructor: how many there are, what they take themselves and what they keep alive.
import { megabytes } from '../wording.ts';
import type { Dominators } from './dominators.ts';
import type { HeapGraph } from './graph.ts';

export interface ConstructorFigures {
  /** `Map`, `Session`; in parentheses what V8 has no constructor for: `(string)`, `(closure)`. */
  readonly constructorName: string;
  readonly count: number;
  /** Of the objects themselves. */
  readonly shallowMb: number;
  /** With all that only they keep alive; what one of them holds of another is counted once. */
  readonly retainedMb: number;
}

const NAMED_TYPES = new Set(['object', 'native']);
/** V8's entries into the heap retain all of it and say nothing. */
const ROOTS = '(synthetic)';
const MAX_NAME = 120;
const TABLE = 40;

/** The largest by what they retain. */
export function constructorFigures(graph: HeapGraph, dominators: Dominators): readonly ConstructorFigures[] {
  const kinds = kindsOf(graph, dominators.order);
  const count = new Float64Array(kinds.names.length);
  const shallow = new Float64Array(kinds.names.length);
  for (const [at, kind] of kinds.of.entries()) {
    count[kind] = (count[kind] as number) + 1;
    shallow[kind] = (shallow[kind] as number) + (graph.selfSize[dominators.order[at] as number] as number);
  }
  const retained = retainedBy(kinds, dominators);
  return [...retained.keys()]
    .filter((kind) => kinds.names[kind] !== ROOTS)
    .sort((a, b) => (retained[b] as number) - (retained[a] as number))
    .slice(0, TABLE)
    .map((kind) => ({
      constructorName: (kinds.names[kind] ?? '').slice(0, MAX_NAME),
      count: count[kind] as number,
      shallowMb: megabytes(shallow[kind] as number),
      retainedMb: megabytes(retained[kind] as number),
    }));
}

interface Kinds {
  readonly names: readonly string[];
  /** By position of the order. */
  readonly of: Uint32Array;
}

function kindsOf(graph: HeapGraph, order: Uint32Array): Kinds {
  const { nodeType, nodeName, nodeTypes } = graph;
  const isNamed = nodeTypes.map((type) => NAMED_TYPES.has(type));
  const names: string[] = [];
  const known = new Map<number, number>();
  const of = new Uint32Array(order.length);
  for (const [at, node] of order.entries()) {
    const type = nodeType[node] as number;
    // Types share the numbers below those of the names.
    const key = isNamed[type] ? nodeTypes.length + (nodeName[node] as number) : type;
    let kind = known.get(key);
    if (kind === undefined) {
      kind = names.length;
      names.push(isNamed[type] ? graph.string(nodeName[node] as number) : `(${nodeTypes[type]})`);
      known.set(key, kind);
    }
    of[at] = kind;
  }
  return { names, of };
}

/** Adds what an object retains to its kind, unless one of the same kind retains the object itself. */
function retainedBy({ names, of }: Kinds, { dominator, retained }: Dominators): Float64Array {
  const sums = new Float64Array(names.length);
  const open = new Uint32Array(names.length);
  const { firstChild, nextSibling } = childrenOf(dominator);
  let at = 0;
  const enter = (): void => {
    const kind = of[at] as number;
    if (open[kind] === 0) sums[kind] = (sums[kind] as number) + (retained[at] as number);
    open[kind] = (open[kind] as number) + 1;
  };
  const leave = (): void => {
    const kind = of[at] as number;
    open[kind] = (open[kind] as number) - 1;
  };
  enter();
  for (;;) {
    const child = firstChild[at] as number;
    if (child !== 0) {
      at = child;
      enter();
      continue;
    }
    while (at !== 0 && nextSibling[at] === 0) {
      leave();
      at = dominator[at] as number;
    }
    if (at === 0) return sums;
    leave();
    at = nextSibling[at] as number;
    enter();
  }
}

/** The tree of dominators, downwards; 0 is none, for the root is nobody's child. */
function childrenOf(dominator: Uint32Array): { firstChild: Uint32Array; nextSibling: Uint32Array } {
  const firstChild = new Uint32Array(dominator.length);
  const nextSibling = new Uint32Array(dominator.length);
  for (let at = dominator.length - 1; at > 0; at -= 1) {
    const above = dominator[at] as number;
    nextSibling[at] = firstChild[above] as number;
    firstChild[above] = at;
  }
  return { firstChild, nextSibling };
}
