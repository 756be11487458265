// Accountants look through the invoices of their customers; a dashboard shows the turnover.
import pg from 'pg';

const BASE = process.env.NODELENS_TEST_POSTGRES ?? 'postgres://postgres@127.0.0.1:5432/postgres';

export async function prepare(lab) {
  const schema = `invoices_${process.pid}_${Math.floor(lab.random() * 1e9)}`;
  const admin = new pg.Client({ connectionString: BASE });
  await admin.connect();
  await admin.query(`create schema ${schema}`);
  lab.onEnd(async () => {
    await admin.query(`drop schema ${schema} cascade`);
    await admin.end();
  });
  const url = new URL(BASE);
  url.searchParams.set('options', `-c search_path=${schema}`);
  lab.env.DATABASE_URL = url.href;
  lab.names.postgres = `${admin.host}:${admin.port}/${admin.database}`;
}

export async function drive(lab) {
  const pick = (count) => 1 + Math.floor(lab.random() * count);
  await Promise.all([
    lab.every(140, () => lab.request(`/customers/${pick(60)}/invoices`)),
    lab.every(60, () => lab.request(`/invoices/${pick(2400)}`)),
    lab.every(500, () => lab.request('/turnover')),
  ]);
}
