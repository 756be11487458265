// What the scenarios came to, as text: a line for each with its tokens and its cost, and their sum. Pure.
import { addCounted, type CountedUsage, noCalls } from '../../src/agent/meter.ts';
import { costOf, priceOf } from '../../src/spending/prices.ts';

export interface Row {
  readonly scenario: string;
  readonly passed: boolean;
  readonly used: CountedUsage;
  readonly ms: number;
}

type Cells = readonly [scenario: string, ...figures: string[]];

const HEAD: Cells = ['scenario', 'passed', 'calls', 'input', 'cached', 'output', 'cost', 'seconds'];

/** `model`: the name by which it is priced. */
export function table(rows: readonly Row[], model: string): string {
  const used = rows.reduce((sum, row) => addCounted(sum, row.used), noCalls);
  const ms = rows.reduce((sum, row) => sum + row.ms, 0);
  const passed = `${rows.filter((row) => row.passed).length}/${rows.length}`;
  const lines = [
    HEAD,
    ...rows.map((row) => cells({ ...row, passed: row.passed ? 'yes' : 'NO', cost: cost(row.used, model) })),
    cells({ scenario: `all, ${model}`, passed, used, ms, cost: cost(used, model) }),
  ];
  return aligned(lines);
}

interface Line {
  readonly scenario: string;
  readonly passed: string;
  readonly used: CountedUsage;
  readonly cost: string;
  readonly ms: number;
}

const count = (figure: number): string => figure.toLocaleString('en');

const cells = ({ scenario, passed, used, cost: told, ms }: Line): Cells => [
  scenario,
  passed,
  ...[used.calls, used.inputTokens, used.cachedInputTokens, used.outputTokens].map(count),
  told,
  (ms / 1_000).toFixed(1),
];

function cost(used: CountedUsage, model: string): string {
  if (used.inputTokens + used.cachedInputTokens + used.outputTokens === 0) return '-';
  const price = priceOf(model);
  const usd = used.costUsd ?? (price && costOf(used, price));
  return usd === undefined ? 'not known' : `$${usd.toFixed(4)}`;
}

function aligned(lines: readonly Cells[]): string {
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map(([first, ...figures]) =>
      [
        first.padEnd(widths[0] ?? 0),
        ...figures.map((cell, index) => cell.padStart(widths[index + 1] ?? 0)),
      ].join('  '),
    )
    .join('\n');
}
