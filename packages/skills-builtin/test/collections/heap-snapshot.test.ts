import { Session } from 'node:inspector/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import { analyse, type HeapAnalysis } from '../../src/heap-snapshot/analysis.ts';
import { dominatorsOf } from '../../src/heap-snapshot/dominators.ts';
import type { HeapGraph } from '../../src/heap-snapshot/graph.ts';
import { createSnapshotReader } from '../../src/heap-snapshot/reader.ts';

interface Small {
  /** Type and name; node n has the id 2n + 1 and 1 MB. */
  readonly nodes: readonly (readonly [type: string, name: string])[];
  readonly edges: readonly (readonly [from: number, type: string, name: string | number, to: number])[];
}

const MB = 1_048_576;
const NODE_TYPES = ['hidden', 'array', 'string', 'object', 'code', 'closure', 'synthetic'];
const EDGE_TYPES = ['context', 'element', 'property', 'internal', 'hidden', 'shortcut', 'weak'];

/** The text that V8 would write. */
function snapshotText({ nodes, edges }: Small): string {
  const strings = ['', ...nodes.map(([, name]) => name), ...edges.map(([, , name]) => String(name))];
  const of = (node: number): Small['edges'] => edges.filter(([from]) => from === node);
  const rows = nodes.map(([type, name], node) =>
    [NODE_TYPES.indexOf(type), strings.indexOf(name), 2 * node + 1, MB, of(node).length, 0].join(','),
  );
  const edgeRows = nodes.flatMap((_, node) =>
    of(node).map(([, type, name, to]) => {
      const label = typeof name === 'number' ? name : strings.indexOf(name);
      return [EDGE_TYPES.indexOf(type), label, to * 6].join(',');
    }),
  );
  const meta = {
    node_fields: ['type', 'name', 'id', 'self_size', 'edge_count', 'detachedness'],
    node_types: [NODE_TYPES, 'string', 'number', 'number', 'number', 'number'],
    edge_fields: ['type', 'name_or_index', 'to_node'],
    edge_types: [EDGE_TYPES, 'string_or_number', 'node'],
  };
  const header = JSON.stringify({ meta, node_count: nodes.length, edge_count: edges.length });
  return `{"snapshot":${header},\n"nodes":[${rows.join('\n,')}],\n"edges":[${edgeRows.join('\n,')}],\n"trace_tree":[1,[2,"]"]],\n"samples":[],\n"locations":[],\n"strings":${JSON.stringify(strings)}}`;
}

function read(text: string, pieceLength = text.length): HeapGraph {
  const reader = createSnapshotReader();
  for (let at = 0; at < text.length; at += pieceLength) reader.write(text.slice(at, at + pieceLength));
  return reader.end();
}

const heap: Small = {
  nodes: [
    ['synthetic', ''],
    ['code', 'feedback'],
    ['closure', 'handle "it"'],
    ['object', 'system / Context'],
    ['object', 'Map'],
    ['array', ''],
    ['object', 'Session'],
    ['object', 'Lonely'],
  ],
  edges: [
    [0, 'element', 1, 1],
    [0, 'element', 2, 2],
    [1, 'hidden', 7, 4],
    [2, 'internal', 'context', 3],
    [3, 'context', 'sessions', 4],
    [4, 'internal', 'table', 5],
    [5, 'element', 0, 6],
    [6, 'property', 'owner', 4],
    [4, 'weak', 'ref', 7],
  ],
};

const names = (graph: HeapGraph): string[] => [...graph.nodeName].map((name) => graph.string(name));

describe('the reader', () => {
  test.each([1, 2, 3, 7, 64, 1_000])('reads the text in pieces of %i characters', (pieceLength) => {
    const graph = read(snapshotText(heap), pieceLength);
    expect(names(graph)).toEqual(heap.nodes.map(([, name]) => name));
    expect([...graph.edgeTo]).toEqual([1, 2, 4, 3, 4, 5, 7, 6, 4]);
    expect([...graph.firstEdge]).toEqual([0, 2, 3, 4, 5, 7, 8, 9, 9]);
  });

  test('what announces fewer rows than it has is read all the same', () => {
    expect(read(snapshotText(heap).replace(/"edge_count":\d+/, '"edge_count":1')).edgeCount).toBe(9);
  });

  test.each<[string, string]>([
    ['an unfinished text', snapshotText(heap).slice(0, -30)],
    ['no text', ''],
    ['other fields', snapshotText(heap).replace('"self_size"', '"size"')],
    ['something else', 'x'.repeat(200_000)],
  ])('%s is refused', (_, text) => {
    expect(() => read(text)).toThrow(/heap snapshot/);
  });
});

describe('the analysis', () => {
  const graph = read(snapshotText(heap));

  test('the way to an object goes by names where it can', () => {
    const [found] = analyse(graph, [9]).objects;
    expect(found?.path.map(({ edge, name, type }) => `${edge} ${name} ${type}`)).toEqual([
      'element 2 function handle "it"',
      'internal context system / Context',
      'context sessions Map',
    ]);
  });

  test('what only weak references lead to is not found', () => {
    expect(analyse(graph, [15, 4_711]).objects).toEqual([]);
  });

  test('an object retains what nothing else leads to', () => {
    const { order, dominator, retained } = dominatorsOf(graph);
    const told = [...order].map((node, at) => [
      node,
      order[dominator[at] as number],
      (retained[at] ?? 0) / MB,
    ]);
    expect(told.sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0))).toEqual([
      [0, 0, 7],
      [1, 0, 1],
      [2, 0, 2],
      [3, 2, 1],
      [4, 0, 3],
      [5, 4, 2],
      [6, 5, 1],
    ]);
  });

  test('constructors are summed up, and nothing is counted twice', () => {
    const chain: Small = {
      nodes: [
        ['synthetic', ''],
        ['object', 'Node'],
        ['object', 'Node'],
        ['object', 'Node'],
      ],
      edges: [
        [0, 'element', 1, 1],
        [1, 'property', 'next', 2],
        [2, 'property', 'next', 3],
      ],
    };
    const { constructors } = analyse(read(snapshotText(chain)), []);
    const [node] = constructors;
    expect(node).toEqual({ constructorName: 'Node', count: 3, shallowMb: 3, retainedMb: 3 });
  });
});

const missing = (all: ReadonlySet<number>, seen: ReadonlySet<number>): Set<number> =>
  new Set([...all].filter((node) => !seen.has(node)));

/** By removing each node in turn: whoever is no longer reached then was dominated. */
function naiveDominators(edges: readonly (readonly number[])[], count: number): number[] {
  const reached = (without: number): Set<number> => {
    const seen = new Set([0].filter((node) => node !== without));
    for (const node of seen)
      for (const [from, to = -1] of edges) if (from === node && to !== without) seen.add(to);
    return seen;
  };
  const all = reached(-1);
  const dominated = Array.from({ length: count }, (_, node) => missing(all, reached(node)));
  return Array.from({ length: count }, (_, node) => {
    const above = [...all].filter((other) => other !== node && dominated[other]?.has(node));
    return above.toSorted((a, b) => (dominated[a]?.size ?? 0) - (dominated[b]?.size ?? 0))[0] ?? 0;
  });
}

test.each([1, 2, 3, 4, 5, 6])('dominators of a random graph (%i) are those of the definition', (seed) => {
  let state = seed * 7_919;
  const random = (below: number): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor(state / 65_536) % below;
  };
  const count = 40;
  const edges = Array.from({ length: 90 }, () => [random(count), random(count)] as const);
  const graph = read(
    snapshotText({
      nodes: Array.from({ length: count }, (_, node) => ['object', `n${node}`] as const),
      edges: edges.map(([from, to], index) => [from, 'element', index, to] as const),
    }),
  );
  const { order, dominator } = dominatorsOf(graph);
  const expected = naiveDominators(edges, count);
  for (const [at, node] of order.entries()) expect(order[dominator[at] as number]).toBe(expected[node]);
});

describe('a snapshot of this process', () => {
  const registry = new Map([['first', { words: ['a "quoted" word', 'ü'] }]]);
  const weak = new WeakMap<object, Map<string, number>>();
  const key = {};
  let analysis: HeapAnalysis;
  let ids: number[];

  beforeAll(async () => {
    weak.set(key, new Map([['value', 1]]));
    const session = new Session();
    session.connect();
    const reader = createSnapshotReader();
    session.on('HeapProfiler.addHeapSnapshotChunk', ({ params }) => reader.write(params.chunk));
    await session.post('HeapProfiler.takeHeapSnapshot');
    const refs = [new WeakRef(registry), new WeakRef(weak.get(key) as object)];
    Object.assign(globalThis, { nodelensTestRefs: refs });
    ids = [];
    for (const index of refs.keys()) {
      const expression = `nodelensTestRefs[${index}].deref()`;
      const { result } = await session.post('Runtime.evaluate', { expression });
      const { objectId = '' } = result;
      const reply = await session.post('HeapProfiler.getHeapObjectId', { objectId });
      ids.push(Number(reply.heapSnapshotObjectId));
    }
    session.disconnect();
    analysis = analyse(reader.end(), ids);
  }, 120_000);

  test('the variable that holds a Map is on the way to it', () => {
    const path = analysis.objects.find(({ id }) => id === ids[0])?.path ?? [];
    expect(path.at(-1)).toMatchObject({ edge: 'context', name: 'registry', type: 'Map' });
  });

  test('a value of a WeakMap is held by its key', () => {
    const path = analysis.objects.find(({ id }) => id === ids[1])?.path ?? [];
    expect(path.at(-1)?.name).toMatch(/part of key/);
    expect(path.at(-2)).toMatchObject({ edge: 'context', name: 'key', type: 'Object' });
  });

  test('it is summed up', () => {
    expect(analysis.totalMb).toBeGreaterThan(1);
    expect(analysis.constructors.map(({ constructorName }) => constructorName)).toContain('Map');
  });
});
