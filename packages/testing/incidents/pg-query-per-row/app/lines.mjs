import { pool } from './database.mjs';

export async function linesOf(invoice) {
  const { rows } = await pool.query(
    'select article, quantity, price_cents from invoice_lines where invoice = $1 order by id',
    [invoice],
  );
  return rows.map((row) => ({ article: row.article, quantity: row.quantity, priceCents: row.price_cents }));
}

export const totalOf = (lines) =>
  lines.reduce((sum, { quantity, priceCents }) => sum + quantity * priceCents, 0);
