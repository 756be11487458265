// Customers transfer money and look at their accounts; the bank takes its time from the third payout on.
import pg from 'pg';

const BASE = process.env.NODELENS_TEST_POSTGRES ?? 'postgres://postgres@127.0.0.1:5432/postgres';
const QUICK_MS = 150;
const LONG_MS = 45_000;

export async function prepare(lab) {
  const schema = `accounts_${process.pid}_${Math.floor(lab.random() * 1e9)}`;
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
  let payouts = 0;
  const bank = await lab.serve((request, response) => {
    request.resume();
    payouts += 1;
    const answer = () => response.end(JSON.stringify({ reference: `P${payouts}` }));
    setTimeout(answer, lab.isHealthy || payouts < 3 ? QUICK_MS : LONG_MS).unref();
  });
  lab.env.BANK_URL = bank.url;
  lab.names.bank = bank.address;
}

export async function drive(lab) {
  const account = () => 2 + Math.floor(lab.random() * 199);
  await Promise.all([
    lab.every(400, () => {
      const body = { from: account(), to: account(), cents: 100 + Math.floor(lab.random() * 5_000) };
      return lab.request('/transfers', { method: 'POST', body });
    }),
    lab.every(70, () => lab.request(`/balance?account=${account()}`)),
    lab.every(180, () => lab.request(`/statement?account=${account()}`)),
  ]);
}
