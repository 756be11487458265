// The way from the root of the heap to an object: the cheapest one, where variables, properties and elements are
// cheap and V8's own machinery (code, feedback, hidden references) is dear, so that the way reads like code. One pass
// over the heap finds it for all objects.
import { type HeapGraph, strongEdges } from './graph.ts';

export interface RetainingPaths {
  /** Edges from the root to the node, in order; undefined when nothing strong leads to it. */
  to(node: number): readonly number[] | undefined;
  /** The node that an edge leaves. */
  from(edge: number): number;
}

const COSTS: { readonly [edgeType: string]: number } = {
  context: 1,
  property: 1,
  element: 1,
  shortcut: 1,
  internal: 2,
  hidden: 5,
};
const UNKNOWN_COST = 3;
/** What is held by compiled code or its feedback is nearly always held by something with a name too. */
const CODE_COST = 10;
const MAX_COST = CODE_COST + 5;
const NONE = 0xffffffff;

export function retainingPaths(graph: HeapGraph): RetainingPaths {
  const { firstEdge } = graph;
  const arrivedBy = cheapestEdges(graph);
  const from = (edge: number): number => {
    let low = 0;
    let high = graph.nodeCount;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((firstEdge[middle] as number) <= edge) low = middle;
      else high = middle;
    }
    return low;
  };
  return {
    from,
    to(node) {
      const edges: number[] = [];
      for (let at = node; at !== 0; ) {
        const edge = arrivedBy[at];
        if (edge === undefined || edge === NONE) return undefined;
        edges.push(edge);
        at = from(edge);
      }
      return edges.reverse();
    },
  };
}

/** For each node the edge by which the cheapest way arrives (Dijkstra; costs are small, so the queue is a ring of lists). */
function cheapestEdges(graph: HeapGraph): Uint32Array {
  const { firstEdge, edgeTo, nodeType } = graph;
  const isStrong = strongEdges(graph);
  const costOf = edgeCosts(graph);
  const arrivedBy = new Uint32Array(graph.nodeCount).fill(NONE);
  const distance = new Uint32Array(graph.nodeCount).fill(NONE);
  const ring: number[][] = Array.from({ length: MAX_COST + 1 }, () => []);
  distance[0] = 0;
  ring[0]?.push(0);
  let empty = 0;
  for (let reached = 0; empty <= MAX_COST; reached += 1) {
    const nodes = ring[reached % ring.length] as number[];
    empty = nodes.length === 0 ? empty + 1 : 0;
    for (let node = nodes.pop(); node !== undefined; node = nodes.pop()) {
      if (distance[node] !== reached) continue;
      const end = firstEdge[node + 1] as number;
      for (let edge = firstEdge[node] as number; edge < end; edge += 1) {
        const to = edgeTo[edge] as number;
        const known = distance[to] as number;
        if (known <= reached + 1 || !isStrong(node, edge)) continue;
        const cost = reached + costOf(edge, nodeType[to] as number);
        if (cost >= known) continue;
        distance[to] = cost;
        arrivedBy[to] = edge;
        ring[cost % ring.length]?.push(to);
      }
    }
  }
  return arrivedBy;
}

/** At least 1, so that a list of the ring does not grow while it is read. */
function edgeCosts({ edgeType, edgeTypes, nodeTypes }: HeapGraph): (edge: number, toType: number) => number {
  const costs = edgeTypes.map((type) => COSTS[type] ?? UNKNOWN_COST);
  const code = nodeTypes.indexOf('code');
  return (edge, toType) =>
    (costs[edgeType[edge] as number] ?? UNKNOWN_COST) + (toType === code ? CODE_COST : 0);
}
