// How workers and children become text and subjects of a conclusion. Pure.
import { basename } from 'node:path';
import type { JsonObject, Subject } from '@nodelens/core';
import { numberOf, objectOf, type Place, placeOf, textOf } from '../evidence.ts';
import { figure, functionSubject, place } from '../wording.ts';

const WORDS: { readonly [kind: string]: string } = {
  worker: 'worker thread',
  cluster: 'cluster worker',
  child: 'child process',
};

/** `worker thread parse.js` */
export const calledByKind = (one: JsonObject): string =>
  `${WORDS[textOf(one.kind) || 'worker'] ?? 'process'} ${called(one)}`;

/** The last part of a file says enough in a sentence; the subject has the whole. */
export const called = (one: JsonObject): string => {
  const name = textOf(one.name);
  return name === textOf(one.file) ? basename(name) : name;
};

export function workerSubject(one: JsonObject, value: number, unit: string): Subject {
  const file = textOf(one.file);
  return {
    kind: (textOf(one.kind) || 'worker') === 'worker' ? 'worker' : 'process',
    name: called(one),
    ...(file !== '' && { file }),
    value,
    unit,
  };
}

/** What is to blame, the likeliest first: where the error came from, then who started it. */
export function placesOf(one: JsonObject): readonly Place[] {
  const error = placeOf(objectOf(one.error).frame);
  const starter = placeOf(one.starter);
  return [error, starter].filter((found) => found !== undefined);
}

export const placeSubjects = (one: JsonObject, value: number, unit: string): readonly Subject[] =>
  placesOf(one).map((found) => functionSubject(found, value, unit));

/** ` It is started by run (/srv/app.js:3).`, or nothing. */
export function startedBy(one: JsonObject): string {
  const starter = placeOf(one.starter);
  return starter === undefined ? '' : ` ${place(starter)} starts it.`;
}

export const seconds = (value: JsonObject[string]): string => `${figure(numberOf(value) / 1_000)} s`;
