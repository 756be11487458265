// A connection to the server of a pool that has no client left, made as the pool makes its clients: opened for one
// question and closed after it. Without it nobody could ask who holds the lock that all the clients wait for.
import type { PgPool } from './driver.ts';
import { attempt } from './patch.ts';

type Callback = (error: unknown, client: unknown) => void;

/** What lends a client to ask with. */
export interface Lender {
  connect(callback: Callback): unknown;
}

interface OwnClient {
  on(event: 'error', listener: () => void): unknown;
  connect(callback: (error: unknown) => void): unknown;
  end(callback: () => void): unknown;
  release?: () => void;
}

/** Undefined where the pool does not tell what its clients are made of. */
export function ownConnection({ Client, options }: PgPool): Lender | undefined {
  if (typeof Client !== 'function') return undefined;
  return {
    connect(callback) {
      const client = new (Client as new (options: unknown) => OwnClient)(options);
      // Its end is told by the question that fails.
      client.on('error', () => {});
      client.release = () => void attempt(() => client.end(() => {}));
      client.connect((error) => {
        if (error) client.release?.();
        callback(error, error ? undefined : client);
      });
    },
  };
}
