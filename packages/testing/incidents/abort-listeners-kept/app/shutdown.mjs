import { setMaxListeners } from 'node:events';

/** Aborted when the process is asked to end; every call in flight listens. */
export const shutdown = new AbortController();
setMaxListeners(0, shutdown.signal);

process.once('SIGTERM', () => shutdown.abort());
