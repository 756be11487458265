// What is dear to look at: the kernel's tables, and main. Each is looked at often while something happens, and rarely
// while nothing does.
import type { JsonObject } from '@nodelens/core';
import { listOf, numberOf, objectOf, textOf } from '../evidence.ts';
import type { AcceptWatch } from './accept.ts';
import { inFlightOf } from './flow.ts';
import { type OpenSockets, readOpenSockets } from './open-sockets.ts';
import type { QueueHistory } from './queue-history.ts';
import { FILES, LOOKUPS, UNREAD_BYTES, UNSENT_BYTES } from './queue-names.ts';
import type { QueueSources } from './queue-sources.ts';
import { queueSlot } from './slots.ts';

const CALM_ACCEPT_MS = 10_000;
const REDISCOVER_MS = 300_000;
const BUSY_SOCKETS_MS = 5_000;
const CALM_SOCKETS_MS = 60_000;
/** Reading the sockets may take a two-hundredth of the recorder's time. */
const SOCKETS_SHARE = 200;
const BUSY_MAIN_MS = 5_000;
const CALM_MAIN_MS = 30_000;
const BUSY_IN_FLIGHT = 10;
const MAIN_TIMEOUT_MS = 200;
const MAX_POOLS = 10;

/** Looks when it is time to. */
export type Poll = (atMs: number, isBusy: boolean) => void;

export function acceptPoll(
  { main, context }: QueueSources,
  { accept, history }: { accept: AcceptWatch; history: QueueHistory },
): Poll {
  let readAtMs = 0;
  let discoveredAtMs = 0;
  let listens = -1;
  /** Main has not told the backlogs of the newest sockets, nor is it being asked. */
  let isToAsk = false;
  const askBacklogs = async (): Promise<void> => {
    isToAsk = false;
    try {
      const told = await main.ask({ of: 'backlogs' }, { timeoutMs: MAIN_TIMEOUT_MS });
      accept.setBacklogs(backlogsOf(objectOf(told)));
    } catch {
      isToAsk = main.failure === undefined;
    }
  };
  const rediscover = (atMs: number): void => {
    discoveredAtMs = atMs;
    accept.rediscover();
    isToAsk = true;
  };
  return (atMs, isBusy) => {
    const seen = main.numbers[queueSlot.listens] ?? 0;
    const isNew = seen !== listens || atMs - discoveredAtMs >= REDISCOVER_MS;
    if (isNew) rediscover(atMs);
    if (isToAsk && context.currentStall() === undefined) void askBacklogs();
    if (!isNew && !isBusy && atMs - readAtMs < CALM_ACCEPT_MS) return;
    listens = seen;
    readAtMs = atMs;
    accept.read(atMs);
    for (const { address, waiting, limit, limitSource } of accept.queues() ?? [])
      history.record(
        { name: `accept ${address}`, layer: 'accept', unit: 'connections', limit, limitSource },
        atMs,
        waiting,
      );
  };
}

const backlogsOf = (told: JsonObject): ReadonlyMap<number, number> =>
  new Map(Object.entries(told).map(([port, backlog]) => [Number(port), numberOf(backlog)]));

export interface SocketsPoll {
  readonly poll: Poll;
  /** The last reading; undefined where there is none. */
  last(): OpenSockets | undefined;
  /** Reads now. */
  read(): Promise<OpenSockets | undefined>;
}

export function socketsPoll(
  { root, context }: QueueSources,
  { accept, history }: { accept: AcceptWatch; history: QueueHistory },
): SocketsPoll {
  let readAtMs = 0;
  let sockets: OpenSockets | undefined;
  const read = async (): Promise<OpenSockets | undefined> => {
    readAtMs = context.now();
    const ports = new Set((accept.queues() ?? []).map(({ port }) => port));
    sockets = await readOpenSockets(root, ports);
    if (sockets === undefined) return undefined;
    history.record(UNREAD_BYTES, sockets.atMs, sockets.unreadBytes);
    history.record(UNSENT_BYTES, sockets.atMs, sockets.unsentBytes);
    return sockets;
  };
  return {
    read,
    last: () => sockets,
    poll(atMs, isBusy) {
      const everyMs = isBusy ? BUSY_SOCKETS_MS : CALM_SOCKETS_MS;
      if (atMs - readAtMs >= Math.max(everyMs, SOCKETS_SHARE * (sockets?.costMs ?? 0))) void read();
    },
  };
}

export interface MainWork {
  readonly atMs: number;
  /** Files and names that are given to libuv's threads and not done. */
  readonly files: number;
  readonly lookups: number;
  readonly threads: number;
}

export interface MainPoll {
  readonly poll: Poll;
  /** The last answer of main's; undefined before the first. */
  last(): MainWork | undefined;
}

export function mainPoll({ main, requests, context }: QueueSources, history: QueueHistory): MainPoll {
  let askedAtMs = 0;
  let work: MainWork | undefined;
  const ask = async (atMs: number): Promise<void> => {
    const options = { timeoutMs: MAIN_TIMEOUT_MS };
    const { files, lookups, threads } = objectOf(await main.ask({ of: 'threadpool' }, options));
    work = { atMs, files: numberOf(files), lookups: numberOf(lookups), threads: numberOf(threads) };
    history.record(FILES, atMs, work.files);
    history.record(LOOKUPS, atMs, work.lookups);
    const { pools } = objectOf(await requests.ask({ of: 'pools' }, options));
    for (const { kind, peer, queued } of mostQueued(listOf(pools)))
      history.record(
        { name: `pool ${textOf(kind)} ${textOf(peer)}`, layer: 'pool', unit: 'requests' },
        atMs,
        numberOf(queued),
      );
  };
  return {
    last: () => work,
    poll(atMs, isBusy) {
      const hasWork = isBusy || inFlightOf(requests.numbers, 'server') >= BUSY_IN_FLIGHT;
      const everyMs = hasWork ? BUSY_MAIN_MS : CALM_MAIN_MS;
      if (context.currentStall() !== undefined || atMs - askedAtMs < everyMs) return;
      askedAtMs = atMs;
      void ask(atMs).catch(() => undefined);
    },
  };
}

const mostQueued = (pools: readonly JsonObject[]): readonly JsonObject[] =>
  [...pools].sort((a, b) => numberOf(b.queued) - numberOf(a.queued)).slice(0, MAX_POOLS);
