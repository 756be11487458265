// What tells of a line before it is written: the console's channels (Node 24), pino's tracing channel, and the warnings
// of the process. A subscriber that throws would end the app, so none of them may.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Counter } from './counters.ts';
import { argumentText } from './probe-arguments.ts';
import { now, type Outlet, type StreamName } from './probe-outlet.ts';
import { isSevereText } from './severe-text.ts';

interface ConsoleMethod {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly stream: StreamName;
}

const CONSOLE: { readonly [channel: string]: ConsoleMethod } = {
  'console.log': { level: 'info', stream: 'stdout' },
  'console.info': { level: 'info', stream: 'stdout' },
  'console.debug': { level: 'debug', stream: 'stdout' },
  'console.warn': { level: 'warn', stream: 'stderr' },
  'console.error': { level: 'error', stream: 'stderr' },
};

const COUNTER_OF: { readonly [level in ConsoleMethod['level']]: Counter } = {
  debug: 'debugLines',
  info: 'infoLines',
  warn: 'warningLines',
  error: 'errorLines',
};

/** Compared with what is written; more would not make it safer. */
const MAX_BEGINNING = 40;

export const watchConsole = (outlet: Outlet): (() => void) =>
  subscribeAll(
    Object.entries(CONSOLE).map(([channel, { level, stream }]) => [
      channel,
      (message) => {
        const values = message as readonly unknown[];
        outlet.announceConsole(stream, beginningOf(values[0]));
        if (isOwnWarning(values)) return;
        const isSevere = level === 'error' || level === 'warn' || isSevereText(values[0]);
        outlet.count('consoleLines');
        outlet.count(level !== 'warn' && isSevere ? 'errorLines' : COUNTER_OF[level]);
        if (outlet.admits(isSevere))
          outlet.tell({ source: 'console', level, ...argumentText(values) }, isSevere);
        else outlet.count('untoldLines');
      },
    ]),
  );

/** Node prints its warnings through the console; {@link watchWarnings} tells them, and they are no errors. */
const WARNING = `(${process.release.name}:${process.pid}) `;
const isOwnWarning = ([first]: readonly unknown[]): boolean =>
  typeof first === 'string' && first.startsWith(WARNING);

/** Up to what the console formats. */
const beginningOf = (first: unknown): string | undefined =>
  typeof first === 'string' ? /^[^%\n]*/.exec(first.slice(0, MAX_BEGINNING))?.[0] : undefined;

const MAX_LINE = 4_096;

/** pino's levels: 10 trace, 20 debug, 30 info, 40 warn, 50 error, 60 fatal. */
export function watchPino(outlet: Outlet): () => void {
  let startedAt = now();
  return subscribeAll([
    [
      'tracing:pino_asJson:start',
      () => {
        startedAt = now();
      },
    ],
    [
      'tracing:pino_asJson:end',
      (message) => {
        const { result: line, arguments: given } = message as PinoEnd;
        if (typeof line !== 'string') return;
        outlet.count('spentMs', now() - startedAt);
        const level = Number(given?.[2]);
        outlet.count('pinoLines');
        outlet.count('bytes', Buffer.byteLength(line));
        outlet.count(pinoCounter(level));
        if (outlet.admits(level >= 40))
          outlet.tell({ source: 'pino', text: line.slice(0, MAX_LINE) }, level >= 40);
        else outlet.count('untoldLines');
        outlet.announceLine(line);
      },
    ],
  ]);
}

interface PinoEnd {
  readonly result?: unknown;
  readonly arguments?: ArrayLike<unknown>;
}

function pinoCounter(level: number): Counter {
  if (level >= 50) return 'errorLines';
  if (level >= 40) return 'warningLines';
  return level >= 30 ? 'infoLines' : 'debugLines';
}

/** Also told when the process is told not to print them. */
export function watchWarnings(outlet: Outlet): () => void {
  const listener = guarded((warning) => {
    const { text, errorName } = argumentText([warning]);
    outlet.count('processWarnings');
    outlet.count('warningLines');
    if (outlet.admits(true)) outlet.tell({ source: 'warning', text, errorName }, true);
    else outlet.count('untoldLines');
  });
  process.on('warning', listener);
  return () => void process.off('warning', listener);
}

type Subscriber = (message: unknown) => void;

function subscribeAll(subscribers: readonly (readonly [string, Subscriber])[]): () => void {
  const guardedOnes = subscribers.map(([channel, subscriber]) => [channel, guarded(subscriber)] as const);
  for (const [channel, subscriber] of guardedOnes) subscribe(channel, subscriber);
  return () => {
    for (const [channel, subscriber] of guardedOnes) unsubscribe(channel, subscriber);
  };
}

const guarded =
  (subscriber: Subscriber): Subscriber =>
  (message) => {
    try {
      subscriber(message);
    } catch {
      // A line that cannot be read (a revoked proxy) is one that is not told; the app must not notice.
    }
  };
