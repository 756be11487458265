import { pool } from './database.mjs';

export async function balance(id) {
  const { rows } = await pool.query('select balance_cents::int as cents from accounts where id = $1', [id]);
  return rows[0];
}

export async function statement(id) {
  const { rows } = await pool.query(
    'select cents::int, booked_at from entries where account = $1 order by id desc limit 20',
    [id],
  );
  return rows;
}
