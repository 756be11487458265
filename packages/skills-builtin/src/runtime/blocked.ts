// A block as the check judges it: a stall as runtime_stalls() tells it, read without trust in its shape. Pure.
import type { JsonObject } from '@nodelens/core';
import { numberOf, objectOf, type Place, placeOf, textOf } from '../evidence.ts';
import { type BlockDetails, detailsOf } from './block-details.ts';

export interface Blocked extends BlockDetails {
  /** Without the time in which the machine gave main no core: what the app has to answer for. */
  readonly ownMs: number;
  readonly ongoing: boolean;
  readonly endedAgoMs: number;
  readonly kind: string;
  readonly native: JsonObject;
  /** `live-stack`, `armed-profile`, `none` */
  readonly evidence: string;
  /** Where no stack showed one, the callback of ticks or microtasks without end. */
  readonly culprit: Place | undefined;
  /** Node's function that the culprit was in: `crypto.pbkdf2Sync`. Empty where it was in none. */
  readonly call: string;
  readonly startedAtMs: number;
  /** `timer`, `immediate`, `request`; empty where the stack does not tell. */
  readonly origin: string;
  readonly samples: number;
  readonly culpritSamples: number;
}

export function blockedOf(stall: JsonObject): Blocked {
  const details = detailsOf(stall);
  return {
    ...details,
    ownMs: Math.max(0, numberOf(stall.durationMs) - numberOf(stall.starvedMs)),
    ongoing: stall.ongoing === true,
    endedAgoMs: numberOf(stall.endedAgoMs),
    kind: textOf(stall.kind),
    native: objectOf(stall.native),
    evidence: textOf(stall.evidence),
    culprit: placeOf(stall.culprit) ?? details.callback,
    call: textOf(stall.call),
    startedAtMs: numberOf(stall.startedAtMs),
    origin: textOf(stall.origin),
    samples: numberOf(stall.samples),
    culpritSamples: numberOf(stall.culpritSamples),
  };
}
