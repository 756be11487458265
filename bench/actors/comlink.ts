// A worker that is called over comlink.
/// <reference path="../../packages/core/src/comlink-node-adapter.d.ts" />
import type { MessagePort } from 'node:worker_threads';
import { wrap } from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { startWorker } from './subjects.ts';

interface Echo {
  echo(message: unknown): Promise<unknown>;
  close(): Promise<unknown>;
}

export async function comlinkEcho(): Promise<Echo> {
  const worker = await startWorker('comlink-echo');
  const remote = wrap<{ echo(message: unknown): unknown }>(nodeEndpoint(worker as unknown as MessagePort));
  return { echo: (message) => remote.echo(message), close: () => worker.terminate() };
}
