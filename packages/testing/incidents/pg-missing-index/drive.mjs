// Couriers scan parcels and look them up; depots look at what is waiting.
import pg from 'pg';

const BASE = process.env.NODELENS_TEST_POSTGRES ?? 'postgres://postgres@127.0.0.1:5432/postgres';

export async function prepare(lab) {
  const schema = `parcels_${process.pid}_${Math.floor(lab.random() * 1e9)}`;
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
  // A look at what waits reads 80 times all scans: about 1.4 s here.
  lab.env.SCANS_OF_A_PARCEL = String(Math.max(5, Math.round(17 * lab.speed)));
  lab.names.postgres = `${admin.host}:${admin.port}/${admin.database}`;
}

export async function drive(lab) {
  const pick = (count) => 1 + Math.floor(lab.random() * count);
  await Promise.all([
    lab.every(50, () => lab.request(`/parcels/${pick(20_000)}`)),
    lab.every(120, () => {
      const body = { parcel: pick(20_000), kind: lab.random() < 0.5 ? 'in' : 'out' };
      return lab.request('/scans', { method: 'POST', body });
    }),
    lab.every(200, () => lab.request(`/depots/${pick(249)}`)),
    lab.every(2_000, () => lab.request(`/depots/${pick(249)}/waiting`)),
  ]);
}
