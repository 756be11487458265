// Whether a process is there, for tests that look for what was left behind.
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';

/** A zombie, dead but not reaped by its parent yet, is not alive. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

export const expectGone = (pid: number): Promise<void> =>
  expect.poll(() => isAlive(pid), { timeout: 5_000, interval: 10 }).toBe(false);
