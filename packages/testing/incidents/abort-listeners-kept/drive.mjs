const TABLES = ['orders', 'returns', 'customers', 'articles'];
const ROWS = 350;

export async function prepare(lab) {
  const texts = new Map(
    TABLES.map((table) => {
      const lines = Array.from({ length: ROWS }, (_, id) =>
        JSON.stringify({
          id,
          table,
          label: `${table} row ${id}`,
          state: id % 3 ? 'open' : 'done',
          values: [id, id * 2, id * 3],
        }),
      );
      return [`/${table}`, `${lines.join('\n')}\n`];
    }),
  );
  const backend = await lab.serve((request, response) => response.end(texts.get(request.url) ?? ''));
  lab.env.BACKEND_URL = backend.url;
  lab.names.backend = backend.address;
}

export async function drive(lab) {
  const table = () => TABLES[Math.floor(lab.random() * TABLES.length)];
  await lab.every(22, () => lab.request(`/rows?table=${table()}`));
}
