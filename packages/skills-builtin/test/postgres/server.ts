// Whether there is a PostgreSQL server for the tests; those that need one are left out where there is none.
import pg from 'pg';

export const url: string =
  process.env.NODELENS_TEST_POSTGRES ?? 'postgres://postgres@127.0.0.1:5432/postgres';

/** Why it cannot be used; undefined when it can. */
async function obstacle(): Promise<string | undefined> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 3_000 });
  client.on('error', () => {});
  try {
    await client.connect();
    await client.end();
    return undefined;
  } catch (error) {
    const { host, port } = client;
    return `PostgreSQL at ${host}:${port} (NODELENS_TEST_POSTGRES): ${error instanceof Error ? error.message : error}`;
  }
}

export const missing: string | undefined = await obstacle();

/** The title of what needs the server; says so when it is left out. */
export function titled(title: string): string {
  if (missing === undefined) return title;
  process.stdout.write(`left out: ${title}: ${missing}\n`);
  return `${title} (left out: ${missing})`;
}
