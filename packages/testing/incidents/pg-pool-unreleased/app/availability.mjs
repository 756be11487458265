import { pool } from './database.mjs';

/** Free evenings for a party, soonest first. */
export async function availability({ restaurant, party }) {
  const { rows } = await pool.query(
    'select day, seats from evenings where restaurant = $1 and seats >= $2 order by day limit 7',
    [restaurant, party],
  );
  return rows.map(({ day, seats }) => ({ day, isNearlyFull: seats < 20 }));
}
