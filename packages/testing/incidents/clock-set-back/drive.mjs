// The service's time of day comes through a library that stands before the C library's (`LD_PRELOAD`), so that the clock
// can be set for one process and not for the machine. At the seventh second it is set back by three minutes.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SET_AT_MS = 7_000;
const SET_BY_MS = -180_000n;
const PARTNERS = ['alpine-travel', 'north-shop', 'paywise', 'ticketeer'];
const CURRENCIES = ['EUR', 'USD', 'GBP', 'CHF', 'JPY', 'SEK', 'PLN'];

let offsetFile;

export function prepare(lab) {
  const folder = mkdtempSync(join(tmpdir(), 'host-'));
  lab.onEnd(() => rmSync(folder, { recursive: true, force: true }));
  const library = join(folder, 'libhostclock.so');
  const source = fileURLToPath(new URL('./host/clock.c', import.meta.url));
  execFileSync('cc', ['-shared', '-fPIC', '-O2', '-o', library, source, '-ldl']);
  offsetFile = join(folder, 'clock');
  writeFileSync(offsetFile, Buffer.alloc(8));
  lab.env.HOST_CLOCK = offsetFile;
  lab.env.LD_PRELOAD = library;
}

export async function drive(lab) {
  const any = (list) => list[Math.floor(lab.random() * list.length)];
  const amount = () => Math.round(lab.random() * 90_000) / 100;
  lab.every(25, () =>
    lab.request(`/convert?from=${any(CURRENCIES)}&to=${any(CURRENCIES)}&amount=${amount()}`, {
      headers: { 'x-partner': any(PARTNERS) },
    }),
  );
  lab.every(1_000, () => lab.request('/rates'));
  lab.every(3_000, () => lab.request('/usage'));
  await lab.wait(SET_AT_MS);
  if (!lab.isHealthy && !lab.signal.aborted) setClock(SET_BY_MS);
  await lab.wait(3_600_000);
}

function setClock(offsetMs) {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(offsetMs);
  // In place: the service has the file mapped.
  writeFileSync(offsetFile, bytes, { flag: 'r+' });
}
