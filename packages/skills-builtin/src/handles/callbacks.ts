// What scripts may ask of the handles. What comes from /proc is told while main is blocked too.
import type { CallContext, Skill } from '@nodelens/core';
import * as v from 'valibot';
import { agentsCallbacks } from './callbacks-agents.ts';
import { backlogCallbacks } from './callbacks-backlog.ts';
import { clientsCallbacks } from './callbacks-clients.ts';
import { countedCallbacks } from './callbacks-counted.ts';
import { descriptorsCallbacks } from './callbacks-descriptors.ts';
import { socketsCallbacks } from './callbacks-sockets.ts';
import { descriptorLimit } from './limits.ts';
import type { SocketReader } from './main-sockets.ts';
import { WATCH_KINDS, type WatchKind } from './probe-openings.ts';
import type { Sources } from './sources.ts';
import { watchOpenings } from './watch-openings.ts';

const WATCH_TIMEOUT_MS = 40_000;

type Callbacks = Skill['callbacks'];

export const handlesCallbacks = (sources: Sources, sockets: SocketReader): Callbacks => ({
  ...overview(sources, sockets),
  ...descriptorsCallbacks(sources),
  ...socketsCallbacks(sources, sockets),
  ...clientsCallbacks(sockets),
  ...backlogCallbacks(sources, sockets),
  ...agentsCallbacks(sources),
  ...countedCallbacks(sources),
  ...watch(sources),
});

function overview(sources: Sources, sockets: SocketReader): Callbacks {
  return {
    handles_summary: {
      description:
        "What is open now: descriptors by kind, active resources of main by type (timers that were unref'd are not counted), child processes with pid, command and opener. Asks main: about 1 us per open handle.",
      run: async () => {
        const reading = sources.descriptors.latest();
        const counts = await sources.main.latest();
        const told = await sockets.ask(1, 'buffered');
        return {
          openFds: reading?.open ?? null,
          byKind: reading === undefined ? null : { ...reading.kinds },
          isEstimate: (reading?.every ?? 1) > 1,
          activeByType: counts === undefined ? null : { ...counts.byType },
          mainAnsweredAgoMs: counts === undefined ? null : sources.context.now() - counts.atMs,
          children: told?.children ?? null,
        };
      },
    },
    handles_limits: {
      description:
        'Limits and how near they are: open descriptors of the process limit (ulimit -n) in percent, growth per minute over the last 5 minutes, minutes until the limit (null while not growing); HTTP agents in use with sockets, maxSockets (null: none) and queued requests by peer. Asks main: about 1 us per open handle.',
      run: async () => ({
        ...descriptorLimit(sources),
        agents: (await sockets.ask(1, 'buffered'))?.agents ?? null,
      }),
    },
  };
}

const watch = (sources: Sources): Callbacks => ({
  handles_watch_openings: {
    description:
      'Watches for so many seconds (default 5, at most 20) who opens files, connections ("sockets"), sets timers or starts file watchers ("watchers"), and tells which of it stays: openers by function, file, line with opened and stillOpen; for files the patterns with how many were kept and untouched. Costs main about 10 us per opening, at most 50 a second, 200 in all.',
    params: {
      seconds: v.optional(v.pipe(v.number(), v.minValue(1), v.maxValue(20)), 5),
      kind: v.optional(v.picklist(WATCH_KINDS), 'files'),
    },
    timeoutMs: WATCH_TIMEOUT_MS,
    run: (seconds: number, kind: WatchKind, { signal }: CallContext) =>
      watchOpenings(sources, { seconds, kind, signal }),
  },
});
