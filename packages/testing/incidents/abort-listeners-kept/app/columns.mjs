const KEPT = 50;
const known = new Map();

/** The names of the columns, remembered by table. */
export function columnsOf(table, rows) {
  const columns = known.get(table) ?? Object.keys(rows[0] ?? {});
  known.delete(table);
  known.set(table, columns);
  if (known.size > KEPT) known.delete(known.keys().next().value);
  return columns;
}
