// Reads V8's heap snapshot format piece by piece, as it arrives: never as one string, which a heap of 300 MB exceeds.
// Sections and fields that it does not know are passed over.
import type { HeapGraph } from './graph.ts';
import { type Growing, growing } from './growing.ts';
import { numbers, type Section, skipped } from './sections.ts';
import { createStringTable } from './string-table.ts';

export interface SnapshotReader {
  /** The next piece of the text. @throws Error when it is no heap snapshot. */
  write(text: string): void;
  /** @throws Error when the text ended too early. */
  end(): HeapGraph;
}

interface Header {
  readonly meta: {
    readonly node_fields: readonly string[];
    readonly node_types: readonly unknown[];
    readonly edge_fields: readonly string[];
    readonly edge_types: readonly unknown[];
  };
  readonly node_count?: number;
  readonly edge_count?: number;
}

/** A header is 2 KB. */
const MAX_HEADER = 100_000;
const NODES = '"nodes":[';
const SECTION = /"(\w+)"\s*:\s*\[/;
/** Longer than the name of a section, which may be cut by the end of a piece. */
const BETWEEN = 200;
/** Of what a header announces, in rows; more is grown into. */
const MAX_EXPECTED = 50_000_000;

export function createSnapshotReader(): SnapshotReader {
  let pending = '';
  let tables: Tables | undefined;
  let section: Section | undefined;
  const header = (text: string): void => {
    pending += text;
    const end = pending.indexOf(NODES);
    if (end === -1 && pending.length <= MAX_HEADER) return;
    if (end === -1) throw new Error('This is no heap snapshot: it has no nodes.');
    const { snapshot } = JSON.parse(`${pending.slice(0, end).replace(/,\s*$/, '')}}`) as { snapshot: Header };
    tables = createTables(snapshot);
    const rest = pending.slice(end);
    pending = '';
    body(rest, tables);
  };
  const body = (piece: string, { section: sectionOf }: Tables): void => {
    let text = piece;
    let at = 0;
    for (;;) {
      if (section !== undefined) {
        at = section(text, at);
        if (at === -1) return;
        section = undefined;
      }
      text = pending + text.slice(at);
      const next = SECTION.exec(text);
      pending = next === null ? text.slice(-BETWEEN) : '';
      if (next === null) return;
      section = sectionOf(next[1] ?? '');
      at = next.index + next[0].length;
    }
  };
  return {
    write: (text) => (tables === undefined ? header(text) : body(text, tables)),
    end() {
      if (tables?.isComplete() !== true) throw new Error('The heap snapshot ended too early.');
      return tables.graph();
    },
  };
}

interface Tables {
  section(name: string): Section;
  isComplete(): boolean;
  graph(): HeapGraph;
}

function createTables({ meta, node_count = 0, edge_count = 0 }: Header): Tables {
  const nodes = Math.min(node_count, MAX_EXPECTED);
  const edges = Math.min(edge_count, MAX_EXPECTED);
  const nodeType = growing(Uint8Array, nodes);
  const nodeName = growing(Uint32Array, nodes);
  const nodeId = growing(Uint32Array, nodes);
  const selfSize = growing(Uint32Array, nodes);
  const edgeCount = growing(Uint32Array, nodes);
  const edgeType = growing(Uint8Array, edges);
  const edgeName = growing(Uint32Array, edges);
  const edgeTo = growing(Uint32Array, edges);
  const locations = growing(Int32Array, 1 << 12);
  const strings = createStringTable();
  let isComplete = false;
  const sections: { readonly [name: string]: () => Section } = {
    nodes: () =>
      table(meta.node_fields, {
        type: nodeType,
        name: nodeName,
        id: nodeId,
        self_size: selfSize,
        edge_count: edgeCount,
      }),
    edges: () => table(meta.edge_fields, { type: edgeType, name_or_index: edgeName, to_node: edgeTo }),
    locations: () => table(['location'], { location: locations }),
    strings: () => (text, at) => {
      const end = strings.read(text, at);
      isComplete ||= end !== -1;
      return end;
    },
  };
  const width = meta.node_fields.length;
  return {
    section: (name) => sections[name]?.() ?? skipped(),
    isComplete: () => isComplete,
    graph: () => ({
      nodeCount: nodeType.length,
      nodeType: nodeType.taken(),
      nodeName: nodeName.taken(),
      nodeId: nodeId.taken(),
      selfSize: selfSize.taken(),
      firstEdge: runningSums(edgeCount.taken()),
      edgeCount: edgeTo.length,
      edgeType: edgeType.taken(),
      edgeName: edgeName.taken(),
      // Edges and locations lead to a position in the flat list of nodes.
      edgeTo: dividedBy(edgeTo.taken(), width),
      locations: locations.taken().map((value, at) => (at % 4 === 0 ? value / width : value)),
      nodeTypes: namesOf(meta.node_types),
      edgeTypes: namesOf(meta.edge_types),
      string: strings.string,
    }),
  };
}

type Columns = { readonly [field: string]: Growing<Uint8Array | Uint32Array | Int32Array> };

/** Rows of a flat list, each field into its column; fields without one are dropped. */
function table(fields: readonly string[], columns: Columns): Section {
  const stride = fields.length;
  const wanted = Object.entries(columns).map(([field, column]) => ({
    column,
    offset: fields.indexOf(field),
  }));
  const missing = wanted.find(({ offset }) => offset === -1);
  if (missing !== undefined) throw new Error('This heap snapshot lacks fields that are needed.');
  return numbers(stride, (values, rows) => {
    for (const { column, offset } of wanted) column.append(values, rows, { offset, stride });
  });
}

function runningSums(counts: Uint32Array): Uint32Array {
  const sums = new Uint32Array(counts.length + 1);
  for (let at = 0; at < counts.length; at += 1) sums[at + 1] = (sums[at] as number) + (counts[at] as number);
  return sums;
}

function dividedBy(positions: Uint32Array, width: number): Uint32Array {
  for (let at = 0; at < positions.length; at += 1) positions[at] = (positions[at] as number) / width;
  return positions;
}

/** The first field of a row is its type, and its meta lists their names. */
function namesOf(types: readonly unknown[]): readonly string[] {
  const [names] = types;
  return Array.isArray(names) ? names.map(String) : [];
}
