import { pool } from './database.mjs';

export async function linesOf(invoice) {
  const byInvoice = await linesOfAll([invoice]);
  return byInvoice.get(invoice) ?? [];
}

/** Lines by invoice. */
export async function linesOfAll(invoices) {
  const { rows } = await pool.query(
    'select invoice, article, quantity, price_cents from invoice_lines where invoice = any($1) order by id',
    [invoices],
  );
  const lines = rows.map((row) => ({
    invoice: row.invoice,
    article: row.article,
    quantity: row.quantity,
    priceCents: row.price_cents,
  }));
  return Map.groupBy(lines, ({ invoice }) => invoice);
}

export const totalOf = (lines) =>
  lines.reduce((sum, { quantity, priceCents }) => sum + quantity * priceCents, 0);
