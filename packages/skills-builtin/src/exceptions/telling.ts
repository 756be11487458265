// How the checks speak of an error. Pure.
import type { JsonObject, Subject } from '@nodelens/core';
import { numberOf, placeOf, textOf } from '../evidence.ts';
import { figure, functionSubject, place } from '../wording.ts';

const MAX_TEXT = 200;

const shortened = (text: string): string => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text);

/** `PaymentError (E_CARD) "card <num> refused"` */
export function errorText(found: JsonObject): string {
  const code = textOf(found.code);
  const message = textOf(found.message);
  return `${textOf(found.type)}${code === '' ? '' : ` (${code})`}${message === '' ? '' : ` "${shortened(message)}"`}`;
}

/** ` in charge (/srv/pay.ts:12)`, or what else is known of where it happened; empty if nothing is. */
export function whereText(found: JsonObject): string {
  const by = placeOf(found.place);
  const operation = textOf(found.operation);
  const during = operation === '' ? '' : ` during ${operation}`;
  return `${by === undefined ? '' : ` in ${place(by)}`}${during}`;
}

/** The function, else the peer, else what was being done. */
export function subjectsOf(found: JsonObject, count: number): readonly Subject[] {
  const by = placeOf(found.place);
  if (by !== undefined) return [functionSubject(by, count, 'errors')];
  const peer = textOf(found.peer);
  if (peer !== '') return [{ kind: 'peer', name: peer, value: count, unit: 'errors' }];
  const name = textOf(found.operation) || textOf(found.type);
  return [{ kind: 'resource', name, value: count, unit: 'errors' }];
}

export const seconds = (ms: number): string => `${figure(Math.round(ms / 1000))} s`;

export const countOf = (found: JsonObject): number => numberOf(found.countInWindow);
