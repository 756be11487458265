import pg from 'pg';

export const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });

const CUSTOMERS = 60;
const INVOICES = 40;

/** Tables, and the books of a small company. */
export async function migrate() {
  await pool.query(`
    create table if not exists invoices (
      id serial primary key,
      customer int not null,
      issued_on date not null,
      currency text not null
    );
    create index if not exists invoices_of_customer on invoices (customer, issued_on desc);
    create table if not exists invoice_lines (
      id serial primary key,
      invoice int not null references invoices (id),
      article text not null,
      quantity int not null,
      price_cents int not null
    );
    create index if not exists lines_of_invoice on invoice_lines (invoice);
  `);
  const { rows } = await pool.query('select count(*)::int as count from invoices');
  if (rows[0].count > 0) return;
  await pool.query(
    `insert into invoices (customer, issued_on, currency)
     select customer, date '2026-01-01' + number * 7, 'EUR'
     from generate_series(1, $1) customer, generate_series(1, $2) number`,
    [CUSTOMERS, INVOICES],
  );
  await pool.query(
    `insert into invoice_lines (invoice, article, quantity, price_cents)
     select id, 'article ' || (id * line % 97), 1 + line % 4, 500 + (id * 31 * line) % 9000
     from invoices, generate_series(1, 6) line`,
  );
  await pool.query('analyze invoices; analyze invoice_lines;');
}
