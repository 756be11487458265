// Guests look for evenings and reserve; every third party is a large one.
import pg from 'pg';

const BASE = process.env.NODELENS_TEST_POSTGRES ?? 'postgres://postgres@127.0.0.1:5432/postgres';

export async function prepare(lab) {
  const schema = `reservations_${process.pid}_${Math.floor(lab.random() * 1e9)}`;
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
  let guests = 0;
  await Promise.all([
    lab.every(60, () => lab.request(`/availability?restaurant=${pick(12)}&party=${pick(8)}`)),
    lab.every(90, () => lab.request(`/menu?restaurant=${pick(12)}`)),
    lab.every(130, () => {
      guests += 1;
      const party = guests % 3 === 0 ? 14 + pick(6) : pick(6);
      const body = { restaurant: pick(12), day: pick(14), guest: `guest ${guests}`, party };
      return lab.request('/reservations', { method: 'POST', body });
    }),
  ]);
}
