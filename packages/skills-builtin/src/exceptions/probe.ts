// The probe of `exceptions` on main: what nobody caught, and what was handled as far as somebody tells of it.
import type { Probe } from '@nodelens/core';
import { watchChannels } from './probe-channels.ts';
import { watchEmitters } from './probe-emitters.ts';
import { createOutlet } from './probe-outlet.ts';
import { watchRejections, watchUncaught } from './probe-process.ts';
import { watchSpans } from './probe-spans.ts';

export const watchExceptions: Probe = (port) => {
  const outlet = createOutlet(port);
  const undo: (() => void)[] = [];
  const end = (): void => {
    for (const undoOne of undo.splice(0).reverse()) undoOne();
  };
  try {
    undo.push(watchUncaught(outlet), watchRejections(outlet));
    for (const watch of [watchChannels, watchEmitters, watchSpans]) undo.push(watch(outlet));
  } catch (error) {
    end();
    throw error;
  }
  return end;
};
