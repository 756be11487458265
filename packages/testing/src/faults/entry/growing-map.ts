// Fills a module's Map that never evicts, `--mbPerSecond` (default 5) up to `--maxMb` (default 150), then idles.
import { numberArgument, serve } from '../serve.ts';

const TICK_MS = 50;
/** What one entry holds, near enough: 64 rows of small objects and strings. */
const ENTRY_MB = 0.01;
const perTick = (numberArgument('mbPerSecond', 5) / ENTRY_MB) * (TICK_MS / 1000);
const maxEntries = numberArgument('maxMb', 150) / ENTRY_MB;

const sessionCache = new Map<string, readonly { readonly id: number; readonly note: string }[]>();
let visitors = 0;
let due = 0;

function rememberSession(visitor: number): void {
  const rows = Array.from({ length: 64 }, (_, id) => ({ id, note: `row ${id} of visitor ${visitor}` }));
  sessionCache.set(`visitor-${visitor}`, rows);
}

setInterval(() => {
  for (due += perTick; due >= 1 && sessionCache.size < maxEntries; due -= 1) {
    rememberSession(visitors);
    visitors += 1;
  }
}, TICK_MS).unref();

serve(() => sessionCache.size);
