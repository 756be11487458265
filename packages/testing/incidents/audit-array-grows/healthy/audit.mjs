import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { log } from './log.mjs';

const FILE = join(import.meta.dirname, 'audit.log');
const FLUSH_MS = 2_000;

/** The newest stay for the screen, the rest is in the file. */
const KEPT = 200;
const entries = [];
let written = 0;

/** Who changed what; both states are kept as they were at the time. */
export function record(action, clerk, before, after) {
  entries.push({
    action,
    clerk,
    at: new Date(),
    before: before === undefined ? null : structuredClone(before),
    after: structuredClone(after),
  });
}

export const recentEntries = (count) =>
  entries.slice(-count).map(({ action, clerk, at, after }) => ({ action, clerk, at, order: after.id }));

async function flush() {
  const batch = entries.slice(written);
  if (batch.length === 0) return;
  written = entries.length;
  const lines = batch.map(
    ({ action, clerk, at, after }) => `${at.toISOString()} ${clerk} ${action} ${after.id}`,
  );
  await appendFile(FILE, `${lines.join('\n')}\n`);
  const surplus = entries.length - KEPT;
  if (surplus <= 0) return;
  entries.splice(0, surplus);
  written = Math.max(0, written - surplus);
}

setInterval(() => {
  flush().catch((error) => log.error('audit not written', { reason: error.message }));
}, FLUSH_MS).unref();
