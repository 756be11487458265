// comlink ships this module without its types where ESM resolution looks for them.
declare module 'comlink/dist/esm/node-adapter.mjs' {
  import type { MessagePort, Transferable } from 'node:worker_threads';
  import type { Endpoint } from 'comlink';

  /** What it uses of a MessagePort. */
  interface Port {
    postMessage(message: unknown, transfer?: readonly Transferable[]): void;
    on(event: 'message', listener: Parameters<MessagePort['on']>[1]): unknown;
    off(event: 'message', listener: Parameters<MessagePort['on']>[1]): unknown;
    start(): void;
  }
  export default function nodeEndpoint(port: Port): Endpoint;
}
