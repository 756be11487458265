// One worker thread, cluster worker or child process from its start to its end, as the probe told it. Pure.
import type { JsonObject } from '@nodelens/core';
import { numberOf, objectOf, type Place, placeOf, textOf } from '../evidence.ts';

export type LifeKind = 'worker' | 'cluster' | 'child';

/** A frame as main told it: of the code that runs, to be located before it is shown. */
export interface Frame extends Place {
  readonly column: number;
}

export interface LifeError {
  readonly type: string;
  readonly code: string;
  readonly message: string;
  readonly frame: Frame | undefined;
}

export interface Life {
  readonly id: number;
  readonly kind: LifeKind;
  readonly name: string;
  /** The file that it runs. */
  readonly file: string | undefined;
  /** The app's frame that started it. */
  readonly starter: Frame | undefined;
  readonly threadId: number | undefined;
  readonly heapLimitMb: number | undefined;
  readonly startedAtMs: number;
  pid: number | undefined;
  error: LifeError | undefined;
  endedAtMs: number | undefined;
  exitCode: number | undefined;
  signal: string | undefined;
  isKilledByApp: boolean;
}

const KINDS: ReadonlySet<string> = new Set(['worker', 'cluster', 'child'] satisfies LifeKind[]);

export const isLifeKind = (kind: string): kind is LifeKind => KINDS.has(kind);

/** Of an event `started`. */
export const beginLife = (event: JsonObject, kind: LifeKind): Life => ({
  id: numberOf(event.id),
  kind,
  name: textOf(event.name),
  file: textOf(event.file) || undefined,
  starter: frameOf(event.frame),
  threadId: optionalNumber(event.threadId),
  heapLimitMb: optionalNumber(event.heapLimitMb),
  startedAtMs: numberOf(event.atMs),
  pid: undefined,
  error: undefined,
  endedAtMs: undefined,
  exitCode: undefined,
  signal: undefined,
  isKilledByApp: false,
});

/** Notes what a later event tells of it. */
export function continueLife(life: Life, event: JsonObject): void {
  if (event.what === 'online') life.pid = optionalNumber(event.pid);
  if (event.what === 'error') {
    life.error = errorOf(event);
    // One that could not be started never exits.
    if (event.hasStarted === false) life.endedAtMs = numberOf(event.atMs);
  }
  if (event.what === 'exited') {
    life.endedAtMs = numberOf(event.atMs);
    life.exitCode = optionalNumber(event.exitCode);
    life.signal = textOf(event.signal) || undefined;
    life.isKilledByApp = event.isKilledByApp === true;
  }
}

const errorOf = (event: JsonObject): LifeError => ({
  type: textOf(event.errorType),
  code: textOf(event.errorCode),
  message: textOf(event.errorMessage),
  frame: frameOf(event.errorFrame),
});

function frameOf(value: JsonObject[string]): Frame | undefined {
  const place = placeOf(value);
  return place && { ...place, column: numberOf(objectOf(value).column, 1) };
}

const optionalNumber = (value: JsonObject[string]): number | undefined =>
  typeof value === 'number' ? value : undefined;

export const livedMs = ({ startedAtMs, endedAtMs }: Life, nowMs: number): number =>
  Math.max(0, (endedAtMs ?? nowMs) - startedAtMs);
