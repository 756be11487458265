import { pool } from './database.mjs';
import { createLogger } from './log.mjs';

const log = createLogger('reservations');
/** Larger parties are called back by the host of the evening. */
const LARGEST_PARTY = 12;

export async function reserve({ restaurant, day, guest, party }) {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const { rows } = await client.query(
      'select id, seats from evenings where restaurant = $1 and day = $2 for update',
      [restaurant, day],
    );
    const [evening] = rows;
    if (evening === undefined || evening.seats < party || party > LARGEST_PARTY) {
      await client.query('rollback');
      return { status: 'waiting', position: await join(client, { restaurant, day, guest, party }) };
    }
    await client.query('update evenings set seats = seats - $2 where id = $1', [evening.id, party]);
    const created = await client.query(
      'insert into reservations (evening, guest, party) values ($1, $2, $3) returning id',
      [evening.id, guest, party],
    );
    await client.query('commit');
    return { status: 'confirmed', id: created.rows[0].id };
  } catch (error) {
    await client.query('rollback').catch((failure) => log.warn('rollback', { reason: failure.message }));
    throw error;
  } finally {
    client.release();
  }
}

async function join(client, { restaurant, day, guest, party }) {
  const { rows } = await client.query(
    `with added as (
       insert into waiting_list (restaurant, day, guest, party) values ($1, $2, $3, $4) returning id
     )
     select count(*)::int + 1 as position from waiting_list where restaurant = $1 and day = $2`,
    [restaurant, day, guest, party],
  );
  return rows[0].position;
}
