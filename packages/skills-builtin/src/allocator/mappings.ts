// What /proc/self/smaps says of the process's mappings, by what they are for. Pure: fed line by line, so that a long
// list is never held as one text. Linux names few anonymous mappings; arenas and stacks are known by their shape.
import { round } from '../wording.ts';

export type MappingKind =
  /** The brk heap: malloc's main arena. */
  | 'mallocHeap'
  /** malloc's arenas of the other threads. */
  | 'mallocArenas'
  | 'threadStacks'
  /** V8's heap, Buffers and large blocks of malloc: Linux does not tell them apart. */
  | 'anonymous'
  /** Compiled JavaScript and WebAssembly. */
  | 'code'
  /** Node itself, libraries, mapped files. */
  | 'files'
  | 'shared'
  /** Address space that is set aside only. */
  | 'reserved'
  | 'kernel';

export interface Mapping {
  readonly start: number;
  readonly end: number;
  readonly permissions: string;
  readonly path: string;
  rssKb: number;
  swapKb: number;
}

export interface KindFigures {
  readonly count: number;
  readonly reservedMb: number;
  readonly rssMb: number;
  readonly swapMb: number;
}

export interface MappingFigures {
  readonly kinds: { readonly [kind in MappingKind]?: KindFigures };
  readonly rssMb: number;
  readonly mappings: number;
  /** By resident memory. */
  readonly largest: readonly {
    readonly kind: MappingKind;
    readonly path: string;
    readonly reservedMb: number;
    readonly rssMb: number;
  }[];
}

const HEADER = /^([0-9a-f]+)-([0-9a-f]+) (\S{4}) \S+ \S+ \d+\s*(.*)$/;
const FIGURE = /^(Rss|Swap):\s+(\d+) kB/;
/** glibc's HEAP_MAX_SIZE: an arena is aligned to this and reserves so much. */
const ARENA_BYTES = 64 * 1_048_576;
/** A guard page, or a few of them. */
const MAX_GUARD_BYTES = 64 * 1_024;
const MIN_STACK_BYTES = 1_048_576;
const MAX_STACK_BYTES = 16 * 1_048_576;
const LARGEST = 12;

/** Collects mappings from the lines of smaps; `add` is false once there are `limit` of them. */
export function createMappingsParser(limit: number): {
  add(line: string): boolean;
  readonly mappings: readonly Mapping[];
} {
  const mappings: Mapping[] = [];
  return {
    mappings,
    add(line) {
      const figure = FIGURE.exec(line);
      const last = mappings.at(-1);
      if (figure !== null && last !== undefined) {
        if (figure[1] === 'Rss') last.rssKb = Number(figure[2]);
        else last.swapKb = Number(figure[2]);
        return true;
      }
      const header = HEADER.exec(line);
      if (header === null) return true;
      if (mappings.length >= limit) return false;
      const [, start = '0', end = '0', permissions = '', path = ''] = header;
      mappings.push({
        start: Number.parseInt(start, 16),
        end: Number.parseInt(end, 16),
        permissions,
        path,
        rssKb: 0,
        swapKb: 0,
      });
      return true;
    },
  };
}

export function mappingFigures(mappings: readonly Mapping[]): MappingFigures {
  const judged = mappings.map((mapping, index) => ({
    mapping,
    kind: kindOf(mapping, mappings[index - 1], mappings[index + 1]),
  }));
  const kinds = Map.groupBy(judged, ({ kind }) => kind);
  return {
    kinds: Object.fromEntries([...kinds].map(([kind, all]) => [kind, sumOf(all.map((one) => one.mapping))])),
    rssMb: mb(total(mappings, ({ rssKb }) => rssKb)),
    mappings: mappings.length,
    largest: judged
      .toSorted((a, b) => b.mapping.rssKb - a.mapping.rssKb)
      .slice(0, LARGEST)
      .map(({ mapping, kind }) => ({
        kind,
        path: mapping.path,
        reservedMb: mb(sizeOf(mapping) / 1024),
        rssMb: mb(mapping.rssKb),
      })),
  };
}

function kindOf(mapping: Mapping, before: Mapping | undefined, after: Mapping | undefined): MappingKind {
  const { path, permissions } = mapping;
  if (path === '[heap]') return 'mallocHeap';
  if (path.startsWith('[stack')) return 'threadStacks';
  if (/^\[v(dso|var|syscall)/.test(path)) return 'kernel';
  if (path.startsWith('/dev/') || path.startsWith('/memfd:') || path.startsWith('/SYSV')) return 'shared';
  if (path.startsWith('/')) return 'files';
  if (permissions.startsWith('---')) return 'reserved';
  if (permissions.includes('x')) return 'code';
  if (isArena(mapping, after)) return 'mallocArenas';
  return isStack(mapping, before) ? 'threadStacks' : 'anonymous';
}

/** Its used part is writable from an aligned address on, and its reserve follows up to the next aligned address. */
function isArena(mapping: Mapping, after: Mapping | undefined): boolean {
  if (mapping.start % ARENA_BYTES !== 0 || !mapping.permissions.startsWith('rw')) return false;
  if (sizeOf(mapping) === ARENA_BYTES) return true;
  return (
    after !== undefined &&
    after.start === mapping.end &&
    after.permissions.startsWith('---') &&
    after.end % ARENA_BYTES === 0
  );
}

/** Directly above a guard page, and as large as a stack. */
function isStack(mapping: Mapping, before: Mapping | undefined): boolean {
  const size = sizeOf(mapping);
  return (
    mapping.permissions.startsWith('rw') &&
    size >= MIN_STACK_BYTES &&
    size <= MAX_STACK_BYTES &&
    before !== undefined &&
    before.end === mapping.start &&
    before.permissions.startsWith('---') &&
    sizeOf(before) <= MAX_GUARD_BYTES
  );
}

const sumOf = (mappings: readonly Mapping[]): KindFigures => ({
  count: mappings.length,
  reservedMb: mb(total(mappings, sizeOf) / 1024),
  rssMb: mb(total(mappings, ({ rssKb }) => rssKb)),
  swapMb: mb(total(mappings, ({ swapKb }) => swapKb)),
});

const sizeOf = ({ start, end }: Mapping): number => end - start;

const total = (mappings: readonly Mapping[], of: (mapping: Mapping) => number): number =>
  mappings.reduce((sum, mapping) => sum + of(mapping), 0);

const mb = (kb: number): number => round(kb / 1024);
