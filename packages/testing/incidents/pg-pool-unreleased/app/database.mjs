import pg from 'pg';
import { createLogger } from './log.mjs';

const log = createLogger('database');

export const pool = new pg.Pool({
  connectionString: process.env.DATABASE_URL,
  max: 8,
  connectionTimeoutMillis: 5_000,
  idleTimeoutMillis: 30_000,
});

pool.on('error', (error) => log.error('connection dropped', { reason: error.message }));

/** Tables, and the evenings of the coming two weeks. */
export async function migrate() {
  await pool.query(`
    create table if not exists evenings (
      id serial primary key,
      restaurant int not null,
      day int not null,
      seats int not null,
      unique (restaurant, day)
    );
    create table if not exists reservations (
      id serial primary key,
      evening int not null references evenings (id),
      guest text not null,
      party int not null,
      created_at timestamptz not null default now()
    );
    create table if not exists waiting_list (
      id serial primary key,
      restaurant int not null,
      day int not null,
      guest text not null,
      party int not null
    );
    insert into evenings (restaurant, day, seats)
      select restaurant, day, 4000 from generate_series(1, 12) restaurant, generate_series(1, 14) day
      on conflict do nothing;
  `);
}
