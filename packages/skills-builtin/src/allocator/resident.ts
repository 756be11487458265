// What the kernel says of the resident memory by kind, from /proc/self/status: 50 us, without main and without the
// thread pool, which the app may have filled. Parsing is pure.
import { readFileSync } from 'node:fs';
import { round } from '../wording.ts';

export interface Resident {
  readonly anonymousMb: number;
  readonly fileMb: number;
  readonly sharedMb: number;
  readonly threads: number;
}

/** Undefined where there is no /proc. */
export function readResident(): Resident | undefined {
  try {
    return parseStatus(readFileSync('/proc/self/status', 'utf8'));
  } catch {
    return undefined;
  }
}

/** Undefined when the kernel does not split what is resident (before 4.5). */
export function parseStatus(status: string): Resident | undefined {
  const number = (name: string): number | undefined => {
    const value = new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1];
    return value === undefined ? undefined : Number(value);
  };
  const anonymousKb = number('RssAnon');
  if (anonymousKb === undefined) return undefined;
  return {
    anonymousMb: round(anonymousKb / 1024),
    fileMb: round((number('RssFile') ?? 0) / 1024),
    sharedMb: round((number('RssShmem') ?? 0) / 1024),
    threads: number('Threads') ?? 0,
  };
}
