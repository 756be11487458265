import { pool } from './database.mjs';

/** Parcels that have come in and not gone out again, with the time of their newest scan. */
export async function waiting(depot) {
  const { rows } = await pool.query(
    `select parcels.id, parcels.recipient, newest.at
     from parcels
     cross join lateral (
       select kind, at from scans where scans.parcel = parcels.id order by at desc limit 1
     ) newest
     where parcels.depot = $1 and newest.kind = 'in'
     order by newest.at`,
    [depot],
  );
  return rows;
}

export async function size(depot) {
  const { rows } = await pool.query('select count(*)::int as parcels from parcels where depot = $1', [depot]);
  return rows[0];
}
