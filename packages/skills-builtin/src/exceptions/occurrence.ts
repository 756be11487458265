// One error as the probe told it, read without trusting its shape. Pure.
import type { JsonObject } from '@nodelens/core';
import { type AppFrame, framesOf, isOfApp } from '../app-frame.ts';
import { listOf, numberOf, textOf } from '../evidence.ts';
import { KINDS, type Kind } from './counters.ts';

/** Frames of the app that tell one error from another. */
const OWN_FRAMES = 3;
const MAX_FRAMES = 20;
const CLIENT_ERRORS_FROM = 400;
const SERVER_ERRORS_FROM = 500;

export interface Occurrence {
  readonly atMs: number;
  readonly kind: Kind;
  /** The process event or the diagnostics channel that told it; `span` for OpenTelemetry. */
  readonly source: string;
  readonly type: string;
  readonly code: string;
  readonly message: string;
  /** What was being done, as `GET /orders`. */
  readonly operation: string;
  /** Whom it could not reach, as `db:5432`. */
  readonly peer: string;
  /** The code of the error that names the peer; of a cause as well. */
  readonly peerCode: string;
  /** Cancelled by the app itself, or the fault of who asked: no sign of a fault of the app. */
  readonly isExpected: boolean;
  /** Innermost first, not Node's own. */
  readonly frames: readonly AppFrame[];
  /** Those of the app, or of dependencies where there are none of the app. */
  readonly ownFrames: readonly AppFrame[];
  readonly hasStack: boolean;
  readonly causes: readonly JsonObject[];
  readonly errors: readonly JsonObject[];
  readonly traceId: string;
}

export function readOccurrence(event: JsonObject): Occurrence {
  const stack = textOf(event.stack);
  const frames = [...framesOf(stack, '')].slice(0, MAX_FRAMES);
  const ofApp = frames.filter(isOfApp);
  return {
    atMs: numberOf(event.atMs),
    kind: KINDS.find((kind) => kind === event.kind) ?? 'handled',
    source: textOf(event.source),
    type: textOf(event.type),
    code: textOf(event.code),
    message: textOf(event.message),
    operation: textOf(event.operation),
    peer: textOf(event.peer),
    peerCode: textOf(event.peerCode) || textOf(event.code),
    isExpected: isExpected(event),
    frames,
    ownFrames: (ofApp.length > 0 ? ofApp : frames).slice(0, OWN_FRAMES),
    hasStack: stack !== '',
    causes: listOf(event.causes),
    errors: listOf(event.errors),
    traceId: textOf(event.traceId),
  };
}

function isExpected({ type, code, status, isCancelled }: JsonObject): boolean {
  const isClients = numberOf(status) >= CLIENT_ERRORS_FROM && numberOf(status) < SERVER_ERRORS_FROM;
  return type === 'AbortError' || code === 'ABORT_ERR' || isCancelled === true || isClients;
}
