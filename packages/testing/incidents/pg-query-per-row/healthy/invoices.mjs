import { pool } from './database.mjs';
import { linesOf, linesOfAll, totalOf } from './lines.mjs';

/** The newest invoices of a customer, each with its total. */
export async function list(customer) {
  const { rows } = await pool.query(
    'select id, issued_on, currency from invoices where customer = $1 order by issued_on desc limit 40',
    [customer],
  );
  const lines = await linesOfAll(rows.map(({ id }) => id));
  return rows.map((row) => ({
    id: row.id,
    issuedOn: row.issued_on,
    currency: row.currency,
    totalCents: totalOf(lines.get(row.id) ?? []),
  }));
}

export async function find(id) {
  const { rows } = await pool.query('select id, customer, issued_on, currency from invoices where id = $1', [
    id,
  ]);
  if (rows.length === 0) return undefined;
  const lines = await linesOf(id);
  return { ...rows[0], lines, totalCents: totalOf(lines) };
}
