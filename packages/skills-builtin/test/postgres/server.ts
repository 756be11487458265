// Whether there is a PostgreSQL server for the tests; those that need one are left out where there is none.
import { connect } from 'node:net';

export const url: string =
  process.env.NODELENS_TEST_POSTGRES ?? 'postgres://postgres@127.0.0.1:5432/postgres';

const { hostname, port } = new URL(url);

const isReachable = await new Promise<boolean>((resolve) => {
  const socket = connect({ host: hostname, port: Number(port) || 5432, timeout: 2_000 });
  const end = (is: boolean) => (): void => {
    socket.destroy();
    resolve(is);
  };
  socket.on('connect', end(true)).on('error', end(false)).on('timeout', end(false));
});

/** Undefined when it is there. */
export const missing: string | undefined = isReachable
  ? undefined
  : `no PostgreSQL at ${hostname}:${port || 5432} (NODELENS_TEST_POSTGRES)`;

/** The title of what needs the server; says so when it is left out. */
export function titled(title: string): string {
  if (missing === undefined) return title;
  process.stdout.write(`left out: ${title}: ${missing}\n`);
  return `${title} (left out: ${missing})`;
}
