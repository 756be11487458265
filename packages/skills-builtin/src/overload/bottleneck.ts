// Which queue is the first, by how full each is, and which only stand behind another. Pure.
import { figure, ms, percent, round } from '../wording.ts';
import type { AcceptQueue } from './accept.ts';
import type { LoadFigures, LoopFigures, ThreadpoolFigures } from './figures.ts';
import type { OpenSockets } from './open-sockets.ts';

export interface Pressure {
  readonly loop: LoopFigures;
  readonly threadpool: ThreadpoolFigures;
  readonly load: LoadFigures;
  readonly notSent: number;
  readonly accept: readonly AcceptQueue[];
  readonly sockets: OpenSockets | undefined;
}

export type Place = 'loop' | 'threadpool' | 'pool' | 'outgoing' | 'accept' | 'receive';

export interface Bottleneck {
  readonly where: Place;
  /** 0 to 1: how near to its end it is. */
  readonly saturation: number;
  /** It fills because of that one. */
  readonly behind: Place | null;
  readonly evidence: string;
}

/** Below this a queue is not worth a word. */
const WORTH = 0.3;
/** A loop with less idle time than this delays all that main does. */
const LOOP_FROM = 0.7;
const SATURATED = 0.9;
/** A stall of this long stops all. */
const BLOCKED_MS = 500;
/** A wait of the threadpool of this long counts as full, in ms. */
const FULL_WAIT_MS = 200;
/** In flight on the outside of fewer requests is no queue. */
const SOME_REQUESTS = 10;
/** An outgoing request needs some turns of the loop: to be sent, answered, read. */
const TURNS = 5;
const MIN_TURN_MS = 50;
/** So many unread bytes of main's sockets count as full. */
const FULL_BYTES = 4 * 1_048_576;

/** The most saturated first; what stands behind another after it. */
export function bottlenecksOf(pressure: Pressure): readonly Bottleneck[] {
  const { loop } = pressure;
  const isLoopFull = loop.utilization10s >= SATURATED || loop.blockedMs >= BLOCKED_MS;
  const found = [
    loopOf(pressure),
    threadpoolOf(pressure),
    poolOf(pressure),
    outgoingOf(pressure, isLoopFull),
    acceptOf(pressure, isLoopFull),
    receiveOf(pressure, isLoopFull),
  ];
  return found
    .filter(({ saturation }) => saturation >= WORTH)
    .map((one) => ({ ...one, saturation: round(Math.min(1, one.saturation), 2) }))
    .sort((a, b) => Number(a.behind !== null) - Number(b.behind !== null) || b.saturation - a.saturation);
}

function loopOf({ loop }: Pressure): Bottleneck {
  return {
    where: 'loop',
    saturation: loop.blockedMs >= BLOCKED_MS ? 1 : (loop.utilization10s - LOOP_FROM) / (1 - LOOP_FROM),
    behind: null,
    evidence: `The event loop was busy ${percent(loop.utilization10s)} of the last 10 s, without idle time for the last ${loop.saturatedSeconds} s; its delay was ${ms(loop.delayP99Ms)} (p99).${loop.blockedMs >= BLOCKED_MS ? ` The main thread has not come back to it for ${ms(loop.blockedMs)}.` : ''}`,
  };
}

function threadpoolOf({ threadpool }: Pressure): Bottleneck {
  const wait = threadpool.waitMedian10sMs ?? 0;
  return {
    where: 'threadpool',
    saturation: wait / FULL_WAIT_MS,
    behind: null,
    evidence: `Work waited ${ms(wait)} for a thread of libuv's pool (median of the last 10 s).`,
  };
}

function poolOf({ notSent, load }: Pressure): Bottleneck {
  const out = load.outgoing?.inFlight ?? 0;
  return {
    where: 'pool',
    saturation: notSent < SOME_REQUESTS ? 0 : notSent / Math.max(1, out),
    behind: null,
    evidence: `${figure(notSent)} of ${figure(out)} outgoing requests in flight are not sent: they wait for a connection.`,
  };
}

function outgoingOf({ loop, load: { now, outgoing } }: Pressure, isLoopFull: boolean): Bottleneck {
  const turnsMs = TURNS * Math.max(MIN_TURN_MS, loop.delayP99Ms);
  const [mine, theirs] = [now?.inFlightMean ?? 0, outgoing?.inFlightMean ?? 0];
  return {
    where: 'outgoing',
    saturation: mine < SOME_REQUESTS || theirs < SOME_REQUESTS ? 0 : Math.min(1, theirs / mine),
    // Answers that have come are read late by a full loop; what takes far longer than a turn of it is the peer's doing.
    behind: isLoopFull && (outgoing?.staysMs ?? Number.POSITIVE_INFINITY) < turnsMs ? 'loop' : null,
    evidence: `While ${figure(mine)} requests were in flight, ${figure(theirs)} outgoing ones were${outgoing?.staysMs === undefined ? '' : `, for ${ms(outgoing.staysMs)} each`} (means of the last 10 s).`,
  };
}

function acceptOf({ accept }: Pressure, isLoopFull: boolean): Bottleneck {
  const [fullest] = [...accept].sort((a, b) => b.waiting / b.limit - a.waiting / a.limit);
  return {
    where: 'accept',
    saturation: fullest === undefined ? 0 : fullest.waiting / fullest.limit,
    behind: isLoopFull ? 'loop' : null,
    evidence: `${figure(fullest?.waiting ?? 0)} of ${figure(fullest?.limit ?? 0)} connections wait to be accepted on ${fullest?.address ?? '-'}.`,
  };
}

function receiveOf({ sockets }: Pressure, isLoopFull: boolean): Bottleneck {
  const bytes = sockets?.unreadBytes ?? 0;
  return {
    where: 'receive',
    saturation: bytes / FULL_BYTES,
    behind: isLoopFull ? 'loop' : null,
    evidence: `${figure(bytes / 1_024)} KB in ${figure(sockets?.socketsWithUnread ?? 0)} sockets are not read by the main thread.`,
  };
}
