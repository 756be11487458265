// The service of a chaos run: a small HTTP server with Nodelens inside. It does what its parent says, over IPC.
import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ownResources } from '../resources.ts';
import { createSubject } from '../subject.ts';
import type { Resources, ServiceCommand, ServiceReport } from '../wire.ts';

const MB = 1_048_576;
const TICK_MS = 1_000;
/** A thread or a socket may need a moment to be gone after its end. */
const SETTLE_LOOKS = 50;
const SETTLE_MS = 100;

const report = (message: ServiceReport): void => void process.send?.(message);
const violated = (what: string): void => report({ type: 'violation', what });

// The service itself is sound: whatever arrives here was let through by Nodelens.
process.on('uncaughtException', (error) => violated(`an uncaught exception on main: ${error?.stack}`));
process.on('unhandledRejection', (reason) =>
  violated(`an unhandled rejection on main: ${(reason as Error | undefined)?.stack ?? String(reason)}`),
);
process.on('warning', (warning) => violated(`a process warning: ${warning.stack}`));

/** As much work as a small endpoint has. */
function page(): string {
  const rows = Array.from({ length: 60 }, (_, row) => ({ row, text: `row ${row * 7}` }));
  return JSON.stringify(rows.sort((left, right) => left.text.localeCompare(right.text)));
}

function respond(response: ServerResponse): void {
  const body = page();
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

const server = createServer((_, response) => respond(response));
server.keepAliveTimeout = 120_000;
const subject = createSubject(report);
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
let before: Resources | undefined;
let timer: NodeJS.Timeout | undefined;

async function perform(command: ServiceCommand): Promise<void> {
  switch (command.type) {
    case 'attach': {
      before = ownResources();
      const controlPath = await subject.attach();
      timer = setInterval(tick, TICK_MS);
      return report({ type: 'attached', resources: before, controlPath });
    }
    case 'act':
      return subject.act(command.action);
    case 'check':
      return report({ type: 'checked', complaints: await subject.check() });
    case 'measure':
      collect();
      return report({ type: 'measured', heapMb: process.memoryUsage().heapUsed / MB });
    case 'detach': {
      clearInterval(timer);
      const stopMs = await subject.detach();
      return report({ type: 'detached', resources: await settledResources(), stopMs });
    }
    case 'end':
      process.disconnect();
      server.close();
      return server.closeAllConnections();
    default:
      command satisfies never;
  }
}

function tick(): void {
  const heapMb = process.memoryUsage().heapUsed / MB;
  report({ type: 'tick', heapMb, events: subject.takeEvents() });
}

/** As soon as there is no more than before, or after a while. */
async function settledResources(): Promise<Resources> {
  for (let looks = 0; looks < SETTLE_LOOKS; looks += 1) {
    const now = ownResources();
    if (before !== undefined && now.threads <= before.threads && now.children <= before.children) break;
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  }
  return ownResources();
}

// What the process makes of its own at the first use, so that it is not taken for a leak: libuv's threads, its streams.
void [process.stdout, process.stderr];
await Promise.all(Array.from({ length: 8 }, () => readFile(new URL(import.meta.url))));
process.on('message', (command: ServiceCommand) => {
  perform(command).catch((error: unknown) =>
    violated(`${command.type} failed: ${(error as Error).stack ?? String(error)}`),
  );
});
server.listen(0, '127.0.0.1', () => report({ type: 'ready', port: (server.address() as AddressInfo).port }));
