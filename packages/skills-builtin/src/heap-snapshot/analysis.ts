// What is told of a heap snapshot: its makeup by constructor, and for the objects that were asked for what they retain
// and how the root leads to them. Pure; it runs on the thread that has read the snapshot.
import { megabytes } from '../wording.ts';
import { type ConstructorFigures, constructorFigures } from './constructors.ts';
import { type Dominators, dominatorsOf } from './dominators.ts';
import type { HeapGraph } from './graph.ts';
import { retainingPaths } from './retaining-paths.ts';

/** One step of the way to an object: the edge, and what it leads to. */
export interface PathStep {
  /** `context` is a variable, `property`, `element` an index, `internal` and `hidden` V8's own. */
  readonly edge: string;
  /** Of the variable or property. */
  readonly name: string;
  /** What it leads to: a constructor, or V8's word for it. */
  readonly type: string;
  /** Of the function (or constructor) there: 0-based, of the script that V8 has run. */
  readonly at?: ScriptPoint;
}

export interface ScriptPoint {
  readonly scriptId: number;
  readonly line: number;
  readonly column: number;
}

export interface FoundObject {
  readonly id: number;
  readonly type: string;
  readonly retainedMb: number;
  /** From the root; cut in the middle when it is very long. */
  readonly path: readonly PathStep[];
}

export interface HeapAnalysis {
  readonly nodes: number;
  readonly edges: number;
  readonly totalMb: number;
  readonly constructors: readonly ConstructorFigures[];
  /** Those of the ids that the heap holds by strong references. */
  readonly objects: readonly FoundObject[];
  readonly analysisMs: number;
}

const MAX_STEPS = 40;
const MAX_TEXT = 160;

/** @param ids V8's ids of the objects that are looked for */
export function analyse(graph: HeapGraph, ids: readonly number[]): HeapAnalysis {
  const startedAt = performance.now();
  const dominators = dominatorsOf(graph);
  const constructors = constructorFigures(graph, dominators);
  const paths = retainingPaths(graph);
  const places = placesOf(graph);
  const nodes = nodesOf(graph, ids);
  const objects = [...nodes].flatMap(([id, node]): readonly FoundObject[] => {
    const edges = paths.to(node);
    if (edges === undefined) return [];
    const steps = edges.map((edge) => stepOf(graph, edge, places));
    return [
      { id, type: typeOf(graph, node), retainedMb: retainedMb(node, dominators), path: shortened(steps) },
    ];
  });
  return {
    nodes: graph.nodeCount,
    edges: graph.edgeCount,
    totalMb: megabytes(dominators.retained[0] ?? 0),
    constructors,
    objects,
    analysisMs: Math.round(performance.now() - startedAt),
  };
}

function nodesOf({ nodeId }: HeapGraph, ids: readonly number[]): ReadonlyMap<number, number> {
  const nodes = ids.map((id): [number, number] => [id, nodeId.indexOf(id)]);
  return new Map(nodes.filter(([, node]) => node !== -1));
}

const retainedMb = (node: number, { order, retained }: Dominators): number =>
  megabytes(retained[order.indexOf(node)] ?? 0);

const typeOf = ({ nodeType, nodeTypes, nodeName, string }: HeapGraph, node: number): string => {
  const type = nodeTypes[nodeType[node] as number] ?? '';
  const name = string(nodeName[node] as number).slice(0, MAX_TEXT);
  if (type === 'closure') return `function ${name}`.trimEnd();
  return name === '' ? `(${type})` : name;
};

type Places = (node: number) => ScriptPoint | undefined;

/** Of functions and constructors; a scope has the place of a function that lives in it. */
function placesOf(graph: HeapGraph): Places {
  const { locations, nodeType, nodeTypes, nodeName, edgeTo, firstEdge, string } = graph;
  const byNode = new Map<number, ScriptPoint>();
  const byScope = new Map<number, ScriptPoint>();
  const closure = nodeTypes.indexOf('closure');
  const isScope = scopeEdges(graph);
  for (let at = 0; at + 3 < locations.length; at += 4) {
    const [node = 0, scriptId = 0, line = 0, column = 0] = locations.subarray(at, at + 4);
    const point = { scriptId, line, column };
    byNode.set(node, point);
    if (nodeType[node] !== closure) continue;
    for (let edge = firstEdge[node] as number; edge < (firstEdge[node + 1] as number); edge += 1) {
      const scope = edgeTo[edge] as number;
      if (isScope(edge) && !byScope.has(scope)) byScope.set(scope, point);
    }
  }
  return (node) =>
    byNode.get(node) ??
    (/ \/ Context$/.test(string(nodeName[node] as number)) ? byScope.get(node) : undefined);
}

/** Tells the edges from functions to their scopes; a snapshot has each name once. */
function scopeEdges({ edgeType, edgeTypes, edgeName, string }: HeapGraph): (edge: number) => boolean {
  const internal = edgeTypes.indexOf('internal');
  const known = new Map<number, boolean>();
  return (edge) => {
    if (edgeType[edge] !== internal) return false;
    const name = edgeName[edge] as number;
    const is = known.get(name) ?? string(name) === 'context';
    known.set(name, is);
    return is;
  };
}

function stepOf(graph: HeapGraph, edge: number, places: Places): PathStep {
  const type = graph.edgeTypes[graph.edgeType[edge] as number] ?? '';
  const name = graph.edgeName[edge] as number;
  const isIndexed = type === 'element' || type === 'hidden';
  const node = graph.edgeTo[edge] as number;
  const at = places(node);
  return {
    edge: type,
    name: isIndexed ? String(name) : graph.string(name).slice(0, MAX_TEXT),
    type: typeOf(graph, node),
    ...(at !== undefined && { at }),
  };
}

/** The beginning tells of the root, the end of the app. */
function shortened(steps: readonly PathStep[]): readonly PathStep[] {
  if (steps.length <= MAX_STEPS) return steps;
  const left = { edge: 'left-out', name: `${steps.length - MAX_STEPS} steps`, type: '' };
  return [...steps.slice(0, 5), left, ...steps.slice(5 - MAX_STEPS)];
}
