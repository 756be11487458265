// All our ports, timers and threads are unref'd, so that Nodelens never keeps a process alive. Somebody who waits for
// an answer must: this is the one handle for that.

const FOREVER_MS = 2 ** 30;

/** Keeps this thread's event loop alive until the returned function is called. */
export function keepAlive(): () => void {
  const timer = setInterval(() => {}, FOREVER_MS);
  return () => clearInterval(timer);
}
