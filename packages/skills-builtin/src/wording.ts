// How figures and places are written in observations, and how a place becomes a subject. Pure.
import type { CodeLocation, Subject } from '@nodelens/core';

/** `1,234.5`: one decimal below 100, none above. */
export const figure = (value: number): string =>
  (Math.abs(value) < 100 ? Math.round(value * 10) / 10 : Math.round(value)).toLocaleString('en-US');

export const ms = (value: number): string => `${Math.round(value).toLocaleString('en-US')} ms`;

export const mb = (value: number): string => `${figure(value)} MB`;

/** Share of one as percent. */
export const percent = (share: number): string => `${figure(share * 100)} %`;

/** `evil (/srv/app.mjs:12)` */
export const place = ({ name, file, line }: Pick<CodeLocation, 'name' | 'file' | 'line'>): string =>
  `${name} (${file}:${line})`;

export const functionSubject = (
  { name, file, line }: Pick<CodeLocation, 'name' | 'file' | 'line'>,
  value: number,
  unit: string,
): Subject => ({ kind: 'function', name, file, line, value: round(value), unit });

export const round = (value: number, decimals = 1): number => Number(value.toFixed(decimals));

export const megabytes = (bytes: number): number => round(bytes / 1_048_576, 2);
