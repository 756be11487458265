// What models cost, for people: budgets first, then by operator, model and day.
import type { BudgetReport, SpendReport, UsageReport } from '@nodelens/core';
import { plain } from './text.ts';

/** Days that are shown; all are in the JSON. */
const MAX_DAYS = 14;

/** Several lines, without a trailing newline. */
export function renderUsage({ total, byOperator, byModel, byDay, budgets }: UsageReport): string {
  if (total.calls === 0 && total.runs === 0 && budgets.length === 0) return 'No model was called yet.';
  const days = byDay.slice(0, MAX_DAYS).map(({ day, ...report }) => [day, report] as const);
  return [
    ...(budgets.length === 0 ? [] : [['budgets', ...budgets.map(renderBudget)].join('\n')]),
    renderTable('by operator', Object.entries(byOperator)),
    renderTable('by model', Object.entries(byModel)),
    renderTable('by day (UTC)', days),
    renderTable('in all', [['total', total]]),
    ...(total.unpricedCalls === 0
      ? []
      : [
          `The price of ${total.unpricedCalls} calls is not known: their cost is in no sum. Give it in the option "prices".`,
        ]),
  ].join('\n\n');
}

function renderBudget({ budget, limit, spent, unit, freeAt }: BudgetReport): string {
  const share = Math.round((100 * spent) / limit);
  return `  ${plain(budget, 80)}: ${amount(spent, unit)} of ${amount(limit, unit)} (${share} %), anew at ${freeAt}`;
}

const amount = (figure: number, unit: BudgetReport['unit']): string =>
  unit === 'USD' ? dollars(figure) : `${grouped(figure)} ${unit}`;

const HEADINGS = ['', 'runs', 'calls', 'failed', 'input', 'cached', 'output', 'cost'];

function renderTable(title: string, rows: readonly (readonly [string, SpendReport])[]): string {
  const cells = [HEADINGS, ...rows.map(([name, report]) => [plain(name, 60), ...figures(report)])];
  const widths = HEADINGS.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const lines = cells.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  '),
  );
  return [title, ...lines.map((line) => `  ${line}`)].join('\n');
}

const figures = (report: SpendReport): readonly string[] => [
  grouped(report.runs),
  grouped(report.calls),
  grouped(report.failedCalls),
  grouped(report.inputTokens),
  grouped(report.cachedInputTokens),
  grouped(report.outputTokens),
  costOf(report),
];

/** What is not known in full is at least that much. */
function costOf({ costUsd, unpricedCalls }: SpendReport): string {
  if (costUsd === undefined) return 'unknown';
  return unpricedCalls === 0 ? dollars(costUsd) : `${dollars(costUsd)} and more`;
}

const dollars = (usd: number): string => `$${usd.toFixed(usd !== 0 && usd < 1 ? 4 : 2)}`;

const grouped = (figure: number): string => figure.toLocaleString('en-US');
