// All our ports, timers and threads are unref'd, so that Nodelens never keeps a process alive. Somebody who waits for
// an answer must: this is the one handle for that, shared by all who wait.

const FOREVER_MS = 2 ** 30;

let timer: NodeJS.Timeout | undefined;
let waiting = 0;

/** Keeps this thread's event loop alive until the returned function is called; calling it again does nothing. */
export function keepAlive(): () => void {
  timer ??= setInterval(() => {}, FOREVER_MS);
  if (waiting === 0) timer.ref();
  waiting += 1;
  let isReleased = false;
  return () => {
    if (isReleased) return;
    isReleased = true;
    waiting -= 1;
    if (waiting === 0) timer?.unref();
  };
}
