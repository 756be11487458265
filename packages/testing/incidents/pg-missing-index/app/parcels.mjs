import { pool } from './database.mjs';

export async function find(id) {
  const { rows } = await pool.query('select id, depot, recipient from parcels where id = $1', [id]);
  return rows[0];
}

export async function scan({ parcel, kind }) {
  const { rows } = await pool.query('insert into scans (parcel, kind) values ($1, $2) returning id::int', [
    parcel,
    kind,
  ]);
  return rows[0];
}
