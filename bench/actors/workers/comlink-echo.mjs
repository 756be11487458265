// The same over comlink.
import { parentPort } from 'node:worker_threads';
import { expose } from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';

expose({ echo: (message) => message }, nodeEndpoint(parentPort));
parentPort.postMessage('ready');
