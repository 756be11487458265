// What an error's code says: PostgreSQL's SQLSTATE (its manual, appendix A), or the code of a socket. Pure.
import type { JsonValue } from '@nodelens/core';

const MEANINGS: { readonly [code: string]: string } = {
  '23502': 'a value that must not be null was null',
  '23503': 'a row that is referred to is missing, or still referred to',
  '23505': 'a unique value was there already',
  '23514': 'a check constraint was broken',
  '25P02': 'the transaction had failed before',
  '28P01': 'the password was refused',
  '40001': 'the transaction met a concurrent one and may be tried again',
  '40P01': 'deadlock',
  '42501': 'no permission',
  '42601': 'syntax error',
  '42703': 'there is no such column',
  '42P01': 'there is no such table',
  '53300': 'the server has no connection left',
  '55P03': 'a lock was not to be had in time',
  '57014': 'cancelled: by statement_timeout, or by someone',
  '57P01': 'the server ended the connection',
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was cut',
  ETIMEDOUT: 'no answer in time',
  ENOTFOUND: 'the host has no address',
};

const CLASSES: { readonly [start: string]: string } = {
  '08': 'connection failed',
  '22': 'a value that its type does not allow',
  '23': 'a constraint was broken',
  '28': 'not allowed to log in',
  '40': 'the transaction was rolled back',
  '42': 'the statement is wrong, or not permitted',
  '53': 'the server is short of something',
  '57': 'an operator or the server stepped in',
  '58': 'the server met an error of its system',
  P0: 'raised by a function in the database',
  XX: 'internal error of the server',
};

export function meaningOf(code: JsonValue | undefined): string | null {
  if (typeof code !== 'string') return null;
  return MEANINGS[code] ?? CLASSES[code.slice(0, 2)] ?? null;
}

/** What applications expect and handle: broken constraints, bad values, concurrency, functions that raise. */
export const isExpected = (code: JsonValue | undefined): boolean =>
  typeof code === 'string' && /^(?:22|23|P0|40001|55P03)/.test(code);
