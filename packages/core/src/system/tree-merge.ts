// One tree of what several threads know: main supervises the recorder, the launcher tells who runs on it, the recorder
// sees itself, its continuous operators and the processes beside it. Pure.
import type { Census, CensusEntry } from '../actor/hosts/census.ts';
import type { TreeNode } from '../actor/supervision/tree.ts';

export interface TreeFacts {
  /** What main told last. */
  readonly main: TreeNode;
  /** Wall-clock ms since when main has been blocked; absent when it is not. */
  readonly blockedSinceMs?: number;
  /** The thread that answers, as far as it knows itself. */
  readonly recorder: Pick<TreeNode, 'startedAtMs' | 'vitals'>;
  /** Absent when there is none. */
  readonly launcher?: Pick<TreeNode, 'startedAtMs' | 'vitals' | 'restarts' | 'lastExit'>;
  /** Absent when there is no launcher, or it does not answer. */
  readonly census?: Census;
  /** The continuous operators; absent when there are none, or the thread that keeps them does not say. */
  readonly operators?: TreeNode;
  /** Absent when there is none. */
  readonly sandbox?: Pick<TreeNode, 'startedAtMs' | 'vitals' | 'pid'>;
}

/** The order is main's, with what hangs on the launcher right behind the recorder; runs are in the order of their start. */
export function mergeTree(facts: TreeFacts): TreeNode {
  const { main, recorder, census, blockedSinceMs, operators } = facts;
  const strays = new Set(census?.actors);
  const marks = blockedSinceMs === undefined ? main : marked(main, blockedSinceMs);
  // As of now: they are supervised here, whatever main does.
  const told =
    operators === undefined ? marks : { ...marks, children: [...(marks.children ?? []), operators] };
  const root = census === undefined ? told : inhabited(told, census, strays);
  const children = root.children ?? [];
  const known = children.find(({ id }) => id === 'recorder');
  return {
    ...root,
    children: [
      { id: 'recorder', kind: 'thread', restart: 'permanent', ...known, status: 'running', ...recorder },
      ...launcherNodes(facts, strays),
      ...children.filter(({ id }) => id !== 'recorder'),
    ],
  };
}

function marked(node: TreeNode, asOfMs: number): TreeNode {
  const children = node.children?.map((child) => marked(child, asOfMs));
  return { ...node, asOfMs, ...(children && { children }) };
}

/** With what the census knows better: who runs, and what can be seen of it. Takes those that it finds out of `strays`. */
function inhabited(node: TreeNode, census: Census, strays: Set<CensusEntry>): TreeNode {
  const children = node.children?.map((child) => inhabited(child, census, strays));
  const merged = { ...node, ...(children && { children }) };
  if (node.kind !== 'actor') return merged;
  // The newest of that name: while one is replaced, the old one lives a little longer.
  const entry = census.actors.findLast(({ id }) => id === node.id);
  if (entry === undefined) return merged;
  strays.delete(entry);
  const { startedAtMs, vitals } = entry;
  // A thread that was started ahead makes nobody awake.
  const status = merged.status === 'hibernated' ? merged.status : 'running';
  return { startedAtMs, ...merged, status, vitals };
}

function launcherNodes(
  { launcher, census, sandbox }: TreeFacts,
  strays: ReadonlySet<CensusEntry>,
): TreeNode[] {
  if (launcher === undefined) return [];
  const runs = [...strays];
  const on = (placement: CensusEntry['placement']): TreeNode[] =>
    runs.filter((entry) => entry.placement === placement).map(runNode);
  const pooled = on('pool');
  const hasPool = census !== undefined && census.pool.threads + census.pool.waiting > 0;
  const pool: TreeNode[] = hasPool
    ? [{ id: 'pool', kind: 'pool', status: 'running', pool: census.pool, children: pooled }]
    : pooled;
  return [
    {
      id: 'launcher',
      kind: 'thread',
      status: 'running',
      restart: 'permanent',
      ...launcher,
      children: [
        ...on('thread'),
        ...on('local'),
        ...(census?.spare ? [{ ...SPARE, ...census.spare }] : []),
        ...pool,
        ...(sandbox ? [{ id: 'sandbox', kind: 'process', status: 'running', ...sandbox } as const] : []),
      ],
    },
  ];
}

/** A thread in reserve: whoever is woken takes it, and its place in the tree. */
const SPARE: TreeNode = { id: 'spare', kind: 'thread', status: 'running', restart: 'permanent' };

const runNode = ({ id, placement, startedAtMs, vitals }: CensusEntry): TreeNode => ({
  id,
  kind: 'actor',
  status: 'running',
  restart: 'temporary',
  placement,
  startedAtMs,
  vitals,
});
