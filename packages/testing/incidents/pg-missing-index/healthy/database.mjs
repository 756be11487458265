import pg from 'pg';

export const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });

/** Scans that a parcel has on its way. */
const SCANS = Number(process.env.SCANS_OF_A_PARCEL ?? 17);

/** Tables, and the parcels of the last days. */
export async function migrate() {
  await pool.query(`
    create table if not exists parcels (
      id serial primary key,
      depot int not null,
      recipient text not null
    );
    create index if not exists parcels_of_depot on parcels (depot);
    create table if not exists scans (
      id bigserial primary key,
      parcel int not null references parcels (id),
      kind text not null,
      at timestamptz not null default now()
    );
    create index if not exists scans_of_parcel on scans (parcel, at desc);
  `);
  const { rows } = await pool.query('select count(*)::int as count from parcels');
  if (rows[0].count > 0) return;
  await pool.query(`
    insert into parcels (depot, recipient)
      select id % 250, 'recipient ' || id from generate_series(1, 20000) id;
    insert into scans (parcel, kind, at)
      select parcels.id, case when step = ${SCANS} and parcels.id % 3 > 0 then 'out' else 'in' end,
        now() - (${SCANS} + 1 - step) * interval '1 hour'
      from parcels, generate_series(1, ${SCANS}) step;
    analyze parcels;
    analyze scans;
  `);
}
