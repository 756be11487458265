// A heap as a graph in typed arrays: what a snapshot of hundreds of MB of text is read into. Nodes and edges are
// numbers; node 0 is the root of all.

export interface HeapGraph {
  readonly nodeCount: number;
  readonly edgeCount: number;
  /** Index into `nodeTypes`. */
  readonly nodeType: Uint8Array;
  /** Index of a string. */
  readonly nodeName: Uint32Array;
  /** V8's id of the object, the same as `HeapProfiler.getHeapObjectId` tells. */
  readonly nodeId: Uint32Array;
  /** In bytes. */
  readonly selfSize: Uint32Array;
  /** Edges of node n are `firstEdge[n]` to `firstEdge[n + 1] - 1`. */
  readonly firstEdge: Uint32Array;
  /** Index into `edgeTypes`. */
  readonly edgeType: Uint8Array;
  /** Index of a string; of elements and hidden edges the number itself. */
  readonly edgeName: Uint32Array;
  readonly edgeTo: Uint32Array;
  readonly nodeTypes: readonly string[];
  readonly edgeTypes: readonly string[];
  /** Where functions (and constructors of objects) are in their scripts: node, scriptId, line, column; 0-based. */
  readonly locations: Int32Array;
  /** Cut to 200 characters; empty when there is none. */
  string(index: number): string;
}

/** Node types that are tables of V8's own and never keys of a WeakMap. */
const TABLE_TYPES = new Set(['array', 'code', 'hidden']);
/** V8 writes a WeakMap's entry as an edge from the key and one from the table; only the key keeps the value alive. */
const OF_WEAK_MAP = /^\d+ \/ part of key /;

/** Tells which edges keep what they lead to alive. */
export function strongEdges(graph: HeapGraph): (from: number, edge: number) => boolean {
  const weak = graph.edgeTypes.indexOf('weak');
  const internal = graph.edgeTypes.indexOf('internal');
  const isTable = graph.nodeTypes.map((type) => TABLE_TYPES.has(type));
  const known = new Map<number, boolean>();
  const isOfWeakMap = (name: number): boolean => {
    let is = known.get(name);
    if (is === undefined) {
      is = OF_WEAK_MAP.test(graph.string(name));
      known.set(name, is);
    }
    return is;
  };
  const { edgeType, edgeName, nodeType } = graph;
  return (from, edge) => {
    const type = edgeType[edge];
    if (type === weak) return false;
    if (type !== internal || !isTable[nodeType[from] as number]) return true;
    return !isOfWeakMap(edgeName[edge] as number);
  };
}
