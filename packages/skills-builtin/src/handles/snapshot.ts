// The snapshot: what is open now, how near the limits are, and what grows.
import type { JsonObject } from '@nodelens/core';
import { listOf, numberOf, objectOf, textOf } from '../evidence.ts';
import { megabytes } from '../wording.ts';
import { descriptorLimit } from './limits.ts';
import type { MainCounts } from './main-counts.ts';
import type { SocketReader } from './main-sockets.ts';
import type { ConnectionReading, Reading } from './reading.ts';
import {
  growingClient,
  growingFiles,
  growingPeer,
  growingTimers,
  growingWatchers,
  type Sources,
} from './sources.ts';

const BLOCKED_MS = 1_000;

export async function snapshotOf(sources: Sources, sockets: SocketReader): Promise<JsonObject> {
  const { context } = sources;
  const limit = descriptorLimit(sources);
  const reading = sources.descriptors.latest();
  const connections = sources.descriptors.latestConnections();
  const [counts, told] = await Promise.all([sources.main.latest(), sockets.recent()]);
  const files = growingFiles(sources);
  const peer = growingPeer(sources);
  const client = growingClient(sources);
  const timers = growingTimers(sources);
  const watchers = growingWatchers(sources);
  return {
    ...limit,
    ...(reading === undefined ? {} : figuresOf(reading)),
    ...(connections === undefined ? {} : connectionFigures(connections, context.now())),
    ...mainFigures(counts, context.now()),
    ...backlogOf(told),
    agentQueued: told === undefined ? null : numberOf(listOf(told.agents)[0]?.queued),
    growingPath: files?.name ?? null,
    growingPathFiles: files?.to ?? 0,
    growingPathPerMinute: files?.perMinute ?? 0,
    growingPeer: peer?.name ?? null,
    growingPeerSockets: peer?.to ?? 0,
    growingPeerPerMinute: peer?.perMinute ?? 0,
    growingClient: client?.name ?? null,
    growingClientSockets: client?.to ?? 0,
    growingClientPerMinute: client?.perMinute ?? 0,
    growingTimers: timers?.to ?? 0,
    growingTimersPerMinute: timers?.perMinute ?? 0,
    growingWatchers: watchers?.to ?? 0,
    growingWatchersPerMinute: watchers?.perMinute ?? 0,
    // What a blocked main has not closed yet is no leak; a short stall hides no growth of many seconds.
    mainBlocked: (context.currentStall()?.durationMs ?? 0) >= BLOCKED_MS,
    unavailable: unavailable(sources, reading, counts),
  };
}

const figuresOf = (reading: Reading): JsonObject => ({
  files: reading.kinds.file,
  sockets: reading.kinds.socket,
  pipes: reading.kinds.pipe,
  devices: reading.kinds.device,
  otherFds: reading.kinds.other,
  deletedFiles: reading.deletedFiles,
  oldestFileMs: reading.oldestFileMs,
  isEstimate: reading.every > 1,
});

const connectionFigures = (connections: ConnectionReading, nowMs: number): JsonObject => ({
  listening: connections.listening,
  incomingConnections: connections.incoming,
  outgoingConnections: connections.outgoingCount,
  closeWait: connections.closeWait,
  closeWaitStuck: connections.closeWaitStuck,
  closeWaitPeer: connections.closeWaitPeer,
  oldestConnectionMs: connections.oldestConnectionMs,
  connectionsAgoMs: Math.max(0, nowMs - connections.atMs),
});

const mainFigures = (counts: MainCounts | undefined, nowMs: number): JsonObject => ({
  timers: counts?.timers ?? null,
  fileWatchers: counts?.watchers ?? null,
  childProcesses: counts && (counts.byType.ProcessWrap ?? 0),
  messagePorts: counts && (counts.byType.MessagePort ?? 0),
  servers: counts && (counts.byType.TCPServerWrap ?? 0) + (counts.byType.PipeServerWrap ?? 0),
  mainAnsweredAgoMs: counts === undefined ? null : Math.max(0, nowMs - counts.atMs),
});

/** Of the peer that most is buffered for. */
function backlogOf(told: JsonObject | undefined): JsonObject {
  const [worst] = listOf(objectOf(told).peers);
  return {
    bufferedWritesMb:
      told === undefined
        ? null
        : megabytes(listOf(told.peers).reduce((sum, { bufferedBytes }) => sum + numberOf(bufferedBytes), 0)),
    bufferedWritesPeer: numberOf(worst?.bufferedBytes) > 0 ? textOf(worst?.peer) : null,
  };
}

function unavailable(
  { feed }: Sources,
  reading: Reading | undefined,
  counts: MainCounts | undefined,
): readonly string[] {
  return [
    ...(reading === undefined
      ? ['descriptors, connections by state and their growth: there is no /proc/self/fd here']
      : []),
    ...(feed.failure === undefined ? [] : [`timers, buffered writes and openers: ${feed.failure}`]),
    ...(feed.failure === undefined && counts === undefined
      ? ['timers, buffered writes and openers: main has not answered yet']
      : []),
  ];
}
