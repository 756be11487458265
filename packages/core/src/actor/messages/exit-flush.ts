// A thread that calls `process.exit` in the middle of a turn still sends what it had to say in that turn.
import { isMainThread } from 'node:worker_threads';

interface Flushable {
  flush(): void;
}

const lines = new Set<Flushable>();

const flushAll = (): void => {
  for (const line of lines) line.flush();
};

/** Not on main, where the process ends with it and nobody is left to receive. Returns the undo. */
export function flushAtExit(line: Flushable): () => void {
  if (isMainThread) return () => {};
  if (lines.size === 0) process.on('exit', flushAll);
  lines.add(line);
  return () => {
    if (lines.delete(line) && lines.size === 0) process.off('exit', flushAll);
  };
}
