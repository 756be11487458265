// Tables as they stand in bench/README.md.

export const print = (line: string): void => void process.stdout.write(`${line}\n`);

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

export function printTable(
  title: string,
  columns: readonly string[],
  rows: readonly (readonly string[])[],
): void {
  print(`\n### ${title}\n`);
  print(row(['', ...columns]));
  print(`|${'---|'.repeat(columns.length + 1)}`);
  for (const cells of rows) print(row(cells));
}

export interface DifferenceRow {
  readonly label: string;
  readonly base: number;
  /** One value for each of the other variants. */
  readonly others: readonly number[];
  /** Decimal places. */
  readonly digits: number;
}

/** Bare, then each of `others` with what it is above bare. */
export function printDifferences(
  title: string,
  others: readonly { readonly name: string }[],
  rows: readonly DifferenceRow[],
): void {
  printTable(
    title,
    ['bare', ...others.flatMap(({ name }) => [name, 'difference'])],
    rows.map(({ label, base, others: values, digits }) => [
      label,
      base.toFixed(digits),
      ...values.flatMap((value) => [value.toFixed(digits), (value - base).toFixed(digits)]),
    ]),
  );
}
