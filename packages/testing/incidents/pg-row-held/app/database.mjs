import pg from 'pg';

export const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 12 });

/** The account that fees go to. */
export const HOUSE = 1;

export async function migrate() {
  await pool.query(`
    create table if not exists accounts (id int primary key, balance_cents bigint not null);
    create table if not exists entries (
      id bigserial primary key,
      account int not null references accounts (id),
      cents bigint not null,
      booked_at timestamptz not null default now()
    );
    create index if not exists entries_of_account on entries (account, id desc);
    insert into accounts (id, balance_cents) select id, 1000000 from generate_series(1, 200) id
      on conflict do nothing;
  `);
}

/** Runs `work` in a transaction, on a client of its own. */
export async function inTransaction(work) {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const result = await work(client);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback');
    throw error;
  } finally {
    client.release();
  }
}
