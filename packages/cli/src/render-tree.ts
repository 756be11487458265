// The supervision tree for people: one row per node. What does not fit into a narrow terminal goes by the column, the
// least needed first, so that a row is never broken.
import type { TreeNode } from '@nodelens/core';
import type { Colors } from './colors.ts';
import { formatDuration, formatUptime } from './duration.ts';
import { plain } from './text.ts';

export interface TreeView {
  readonly colors: Colors;
  /** Characters in a row; Infinity when nobody cuts them. */
  readonly width: number;
  readonly nowMs: number;
}

interface Row {
  readonly node: TreeNode;
  /** With the branches before it. */
  readonly name: string;
}

interface Column {
  readonly title: string;
  readonly isNumber?: true;
  /** The lowest goes first where space is short. */
  readonly need: number;
  text(node: TreeNode, nowMs: number): string;
}

const columns: readonly Column[] = [
  { title: 'STATUS', need: 9, text: ({ status, asOfMs }) => `${plain(status, 20)}${asOfMs ? '*' : ''}` },
  { title: 'RESTART', need: 1, text: ({ restart, strategy }) => plain(strategy ?? restart ?? '', 20) },
  { title: 'UPTIME', need: 4, isNumber: true, text: uptime },
  { title: 'RESTARTS', need: 7, isNumber: true, text: ({ restarts }) => numeral(restarts) },
  { title: 'MAIL', need: 6, isNumber: true, text: ({ vitals }) => numeral(vitals?.mailbox) },
  { title: 'MEMORY', need: 5, isNumber: true, text: ({ vitals }) => numeral(vitals?.memoryMb, ' MB') },
  { title: 'CPU', need: 3, isNumber: true, text: ({ vitals }) => numeral(vitals?.cpuPercent, ' %') },
  { title: 'TID', need: 2, isNumber: true, text: ({ vitals, pid }) => numeral(vitals?.tid ?? pid) },
  { title: 'WOKEN', need: 6, text: lastWoken },
  { title: 'LAST EXIT', need: 8, text: lastExit },
];
const GAP = '  ';
/** A last exit that is cut below this tells nothing. */
const LEAST_EXIT = 16;
const MOST_EXIT = 100;
const MOST_WHY = 40;
const MOST_NAME = 60;

/** Several lines, without a trailing newline. */
export function renderTree(root: TreeNode, view: TreeView): string {
  const rows = flatten(root);
  const nameWidth = Math.min(MOST_NAME, Math.max(4, ...rows.map(({ name }) => name.length)));
  const shown = fit(rows, nameWidth, view);
  const line = (name: string, texts: readonly string[]): string =>
    [cut(name, Math.min(nameWidth, view.width)).padEnd(nameWidth), ...texts].join(GAP).trimEnd();
  const head = shown.map(({ title, isNumber, width }) => align(title, width, isNumber));
  const lines = rows.map(({ node, name }) => line(name, cells(node, shown, view)));
  return [view.colors.dim(line('NAME', head)), ...lines, ...footer(root, view)].join('\n');
}

type Shown = Column & { readonly width: number };

function cells(node: TreeNode, shown: readonly Shown[], { colors, nowMs }: TreeView): readonly string[] {
  return shown.map((column) => {
    const text = cut(column.text(node, nowMs), column.width);
    const cell = align(text, column.width, column.isNumber);
    // After the padding: codes of colours take no space on the screen.
    return column.title === 'STATUS' ? cell.replace(text, colorOf(node, colors)(text)) : cell;
  });
}

/** The columns that have something to tell and fit. */
function fit(rows: readonly Row[], nameWidth: number, { width, nowMs }: TreeView): readonly Shown[] {
  let shown = columns.flatMap((column): Shown[] => {
    const longest = Math.max(...rows.map(({ node }) => column.text(node, nowMs).length));
    return longest === 0 ? [] : [{ ...column, width: Math.max(longest, column.title.length) }];
  });
  const total = (): number =>
    shown.reduce((sum, column) => sum + GAP.length + Math.min(column.width, leastOf(column)), nameWidth);
  while (shown.length > 0 && total() > width) {
    const least = Math.min(...shown.map(({ need }) => need));
    shown = shown.filter(({ need }) => need !== least);
  }
  const spare = width - total();
  return shown.map((column) => ({ ...column, width: Math.min(column.width, leastOf(column) + spare) }));
}

const leastOf = ({ text, width }: Shown): number => (text === lastExit ? Math.min(width, LEAST_EXIT) : width);

function flatten(root: TreeNode): readonly Row[] {
  const below = (parent: TreeNode, indent: string): readonly Row[] =>
    (parent.children ?? []).flatMap((node, index, all) => {
      const isLast = index === all.length - 1;
      const name = `${indent}${isLast ? '└─ ' : '├─ '}${nameOf(node)}`;
      return [{ node, name }, ...below(node, `${indent}${isLast ? '   ' : '│  '}`)];
    });
  return [{ node: root, name: nameOf(root) }, ...below(root, '')];
}

function nameOf({ id, pool }: TreeNode): string {
  const name = plain(id, MOST_NAME);
  if (pool === undefined) return name;
  const waiting = pool.waiting === 0 ? '' : `, ${pool.waiting} waiting`;
  return `${name} (${pool.threads} thread${pool.threads === 1 ? '' : 's'}${waiting})`;
}

function footer({ asOfMs }: TreeNode, { colors, nowMs }: TreeView): readonly string[] {
  if (asOfMs === undefined) return [];
  const blocked = formatDuration(Math.max(0, nowMs - asOfMs));
  return [colors.yellow(`* main has been blocked for ${blocked}: restarts and last exits are as of then`)];
}

function colorOf({ status }: TreeNode, colors: Colors): (text: string) => string {
  switch (status) {
    case 'running':
      return colors.green;
    case 'restarting':
      return colors.yellow;
    case 'hibernated':
      return colors.cyan;
    case 'stopped':
      return colors.dim;
    default:
      // A newer process may know more.
      status satisfies never;
      return (text) => text;
  }
}

function uptime({ startedAtMs }: TreeNode, nowMs: number): string {
  return startedAtMs === undefined ? '' : formatUptime(Math.max(0, nowMs - startedAtMs));
}

function lastWoken({ woken }: TreeNode, nowMs: number): string {
  if (woken === undefined) return '';
  const why = plain(`${woken.why} ${woken.detail}`.trim(), MOST_WHY);
  return `${formatUptime(Math.max(0, nowMs - woken.atMs))} ago: ${why}`;
}

function lastExit({ lastExit: last }: TreeNode, nowMs: number): string {
  if (last === undefined) return '';
  return `${formatUptime(Math.max(0, nowMs - last.atMs))} ago: ${plain(last.reason, MOST_EXIT)}`;
}

const numeral = (value: number | undefined, unit = ''): string =>
  value === undefined ? '' : `${value}${unit}`;

const align = (text: string, width: number, isNumber: true | undefined): string =>
  isNumber ? text.padStart(width) : text.padEnd(width);

const cut = (text: string, width: number): string =>
  text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text;
