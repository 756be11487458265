const REGIONS = ['north', 'east', 'south', 'west'];
const ROWS = 1_000;
const tables = new Map(
  REGIONS.map((region) => [
    region,
    Array.from({ length: ROWS }, (_, id) => ({
      id,
      region,
      city: `city ${id % 90} in the ${region}`,
      cents: (id * 97) % 80_000,
    })),
  ]),
);

/** A copy, because bookings change the table while an export runs. */
export function selectRows(region) {
  const rows = tables.get(region) ?? [];
  return rows.map((row) => ({ ...row, label: `${row.region}-${row.id}`, euros: row.cents / 100 }));
}

setInterval(() => {
  for (const rows of tables.values()) rows[Math.floor(Math.random() * ROWS)].cents += 1;
}, 500).unref();
