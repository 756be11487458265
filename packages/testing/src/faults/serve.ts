// The HTTP side that all fault services share: `/` answers at once, `/work` runs the service's own work, `/quit` closes
// the server, so that the process ends by itself if nothing else holds it.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Serves on loopback and says `listening <port>` on stdout. `work` may block; its result is the answer. */
export function serve(work: () => unknown): void {
  const server = createServer(async (request, response) => {
    const path = request.url?.split('?')[0];
    if (path === '/work') response.end(JSON.stringify((await work()) ?? null));
    else response.end('ok');
    if (path !== '/quit') return;
    server.close();
    server.closeAllConnections();
  });
  server.listen(0, '127.0.0.1', () => {
    process.stdout.write(`listening ${(server.address() as AddressInfo).port}\n`);
  });
}

/** A positive number given as `--<name>=<value>` on the command line. */
export function numberArgument(name: string, fallback: number): number {
  const given = process.argv.find((argument) => argument.startsWith(`--${name}=`));
  const value = Number(given?.slice(name.length + 3));
  return value > 0 ? value : fallback;
}
