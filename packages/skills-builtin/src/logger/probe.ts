// The probe of `logger` on main: what the app logs, whichever way it does, without changing a byte of it. It tells
// lines as they are; reading them (levels, names, patterns) is the recorder thread's work.
import type { Probe } from '@nodelens/core';
import { watchConsole, watchPino, watchWarnings } from './probe-channels.ts';
import { createOutlet } from './probe-outlet.ts';
import { watchStream } from './probe-stream.ts';

export const watchLogs: Probe = (port) => {
  const outlet = createOutlet(port);
  const undo: (() => void)[] = [];
  const end = (): void => {
    for (const undoOne of undo.splice(0).reverse()) undoOne();
  };
  try {
    for (const watch of [watchConsole, watchPino, watchWarnings]) undo.push(watch(outlet));
    for (const name of ['stdout', 'stderr'] as const) undo.push(watchStream(name, outlet));
  } catch (error) {
    end();
    throw error;
  }
  return end;
};
