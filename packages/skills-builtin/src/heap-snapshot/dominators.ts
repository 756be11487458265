// What is kept alive by each object alone: dominators of the heap's graph by the semi-NCA algorithm (Georgiadis 2005),
// in the order of a depth-first search, and the sizes that they retain. All in typed arrays; no recursion.
import { type HeapGraph, strongEdges } from './graph.ts';

export interface Dominators {
  /** Reachable nodes in the order of the search; the root is first. */
  readonly order: Uint32Array;
  /** For each position of the order the position of its immediate dominator. */
  readonly dominator: Uint32Array;
  /** For each position of the order what it retains, in bytes. */
  readonly retained: Float64Array;
}

const UNSEEN = 0xffffffff;

export function dominatorsOf(graph: HeapGraph): Dominators {
  const search = depthFirst(graph);
  const dominator = semiNca(search.parent, predecessors(graph, search));
  const { order } = search;
  const retained = new Float64Array(order.length);
  for (let at = 0; at < order.length; at += 1) retained[at] = graph.selfSize[order[at] as number] as number;
  for (let at = order.length - 1; at > 0; at -= 1) {
    const above = dominator[at] as number;
    retained[above] = (retained[above] as number) + (retained[at] as number);
  }
  return { order, dominator, retained };
}

interface Search {
  readonly order: Uint32Array;
  /** Position of each node, or UNSEEN. */
  readonly position: Uint32Array;
  /** Position of the parent in the search, by position. */
  readonly parent: Uint32Array;
}

function depthFirst(graph: HeapGraph): Search {
  const { nodeCount, firstEdge, edgeTo } = graph;
  const isStrong = strongEdges(graph);
  const order = new Uint32Array(nodeCount);
  const parent = new Uint32Array(nodeCount);
  const position = new Uint32Array(nodeCount).fill(UNSEEN);
  const next = firstEdge.slice(0, nodeCount);
  const stack = new Uint32Array(nodeCount);
  let depth = 1;
  let seen = 1;
  position[0] = 0;
  while (depth > 0) {
    const node = stack[depth - 1] as number;
    const edge = next[node] as number;
    if (edge >= (firstEdge[node + 1] as number)) {
      depth -= 1;
      continue;
    }
    next[node] = edge + 1;
    const to = edgeTo[edge] as number;
    if (position[to] !== UNSEEN || !isStrong(node, edge)) continue;
    position[to] = seen;
    parent[seen] = position[node] as number;
    order[seen] = to;
    seen += 1;
    stack[depth] = to;
    depth += 1;
  }
  return { order: order.subarray(0, seen), parent: parent.subarray(0, seen), position };
}

interface Predecessors {
  /** Those of position p are `of[first[p]]` to `of[first[p + 1] - 1]`. */
  readonly first: Uint32Array;
  readonly of: Uint32Array;
}

function predecessors(graph: HeapGraph, { order, position }: Search): Predecessors {
  const { firstEdge, edgeTo } = graph;
  const isStrong = strongEdges(graph);
  const first = new Uint32Array(order.length + 2);
  const each = (visit: (from: number, to: number) => void): void => {
    for (let at = 0; at < order.length; at += 1) {
      const node = order[at] as number;
      const end = firstEdge[node + 1] as number;
      for (let edge = firstEdge[node] as number; edge < end; edge += 1)
        if (isStrong(node, edge)) visit(at, position[edgeTo[edge] as number] as number);
    }
  };
  // Counted two places on, so that the filling below leaves each start in its own place.
  each((_, to) => {
    first[to + 2] = (first[to + 2] as number) + 1;
  });
  for (let at = 1; at < first.length; at += 1) first[at] = (first[at] as number) + (first[at - 1] as number);
  const of = new Uint32Array(first.at(-1) ?? 0);
  each((from, to) => {
    const at = first[to + 1] as number;
    of[at] = from;
    first[to + 1] = at + 1;
  });
  return { first, of };
}

function semiNca(parent: Uint32Array, { first, of }: Predecessors): Uint32Array {
  const count = parent.length;
  const semi = new Uint32Array(count);
  for (let at = 0; at < count; at += 1) semi[at] = at;
  const label = semi.slice();
  const ancestor = parent.slice();
  const trail: number[] = [];
  /** The position with the least semidominator on the way up from `at` to the last that is linked. */
  const least = (at: number, linked: number): number => {
    if (at < linked) return at;
    let above = at;
    while ((ancestor[above] as number) >= linked) {
      trail.push(above);
      above = ancestor[above] as number;
    }
    for (let below = trail.pop(); below !== undefined; below = trail.pop()) {
      if ((semi[label[above] as number] as number) < (semi[label[below] as number] as number))
        label[below] = label[above] as number;
      ancestor[below] = ancestor[above] as number;
      above = below;
    }
    return label[at] as number;
  };
  for (let at = count - 1; at > 0; at -= 1) {
    let lowest = parent[at] as number;
    const end = first[at + 1] as number;
    for (let edge = first[at] as number; edge < end; edge += 1)
      lowest = Math.min(lowest, semi[least(of[edge] as number, at + 1)] as number);
    semi[at] = lowest;
  }
  const dominator = parent.slice();
  for (let at = 1; at < count; at += 1) {
    let above = dominator[at] as number;
    while (above > (semi[at] as number)) above = dominator[above] as number;
    dominator[at] = above;
  }
  return dominator;
}
