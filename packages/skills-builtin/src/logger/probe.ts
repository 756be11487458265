// The probe of `logger` on main: what the app logs, whichever way it does, without changing a byte of it. It tells
// lines as they are; reading them (levels, names, patterns) is the recorder thread's work.
import type { Probe } from '@nodelens/core';
import { undoable } from '../undo-stack.ts';
import { watchConsole, watchPino, watchWarnings } from './probe-channels.ts';
import { createOutlet } from './probe-outlet.ts';
import { watchStream } from './probe-stream.ts';

export const watchLogs: Probe = (port) => {
  const outlet = createOutlet(port);
  return undoable((keep) => {
    for (const watch of [watchConsole, watchPino, watchWarnings]) keep(watch(outlet));
    for (const name of ['stdout', 'stderr'] as const) keep(watchStream(name, outlet));
  });
};
