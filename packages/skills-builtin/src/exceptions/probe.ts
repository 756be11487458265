// The probe of `exceptions` on main: what nobody caught, and what was handled as far as somebody tells of it.
import type { Probe } from '@nodelens/core';
import { undoable } from '../undo-stack.ts';
import { watchChannels } from './probe-channels.ts';
import { watchEmitters } from './probe-emitters.ts';
import { createOutlet } from './probe-outlet.ts';
import { watchRejections, watchUncaught } from './probe-process.ts';
import { watchSpans } from './probe-spans.ts';

export const watchExceptions: Probe = (port) => {
  const outlet = createOutlet(port);
  return undoable((keep) => {
    for (const watch of [watchUncaught, watchRejections, watchChannels, watchEmitters, watchSpans])
      keep(watch(outlet));
  });
};
