// Which ports the recorder thread serves itself, which it passes down to the launcher, and which up to main.
import type { MessagePort } from 'node:worker_threads';
import type { Connect, ServiceName } from '../actor/hosts/services.ts';

/** What serves a port, by service; a service that is not named here goes up to main. */
export type ServiceTable = { readonly [K in ServiceName]?: (port: MessagePort) => void };

/** Main has these; nobody above main could serve them. */
const ON_MAIN: ReadonlySet<ServiceName> = new Set(['main-skills', 'main-model']);

/**
 * The recorder's end of every connect: from main, and from the launcher. A port that nobody serves is closed, so
 * that its other end learns at once instead of by its deadline.
 */
export function createConnect(table: ServiceTable, up: Connect): Connect {
  return (service, port) => {
    const serve = table[service];
    if (serve !== undefined) serve(port);
    else if (ON_MAIN.has(service)) up(service, port);
    else port.close();
  };
}
