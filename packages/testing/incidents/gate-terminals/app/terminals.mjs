// Each terminal of the gate is a named pipe that gets a line whenever a truck passes.
import { readFile } from 'node:fs/promises';

const MAX_SCANS = 100;
const scans = [];

const nextScan = async (path) => (await readFile(path, 'utf8')).trim();

async function watchTerminal(path) {
  for (;;) {
    const truck = await nextScan(path);
    if (truck !== '') remember({ truck, terminal: path.split('/').at(-1), at: Date.now() });
  }
}

function remember(scan) {
  scans.push(scan);
  if (scans.length > MAX_SCANS) scans.shift();
}

export const lastScans = () => scans.toReversed();

export function watchTerminals(paths) {
  for (const path of paths) void watchTerminal(path);
}
