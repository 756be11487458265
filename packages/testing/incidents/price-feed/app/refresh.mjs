import { setPrices, symbols } from './book.mjs';
import { fetchPrices } from './source.mjs';

const EVERY_MS = 2_000;
const busy = new Set();

async function untilFresh(symbol) {
  for (;;) {
    try {
      setPrices(symbol, await fetchPrices(symbol));
      return;
    } catch {
      // The exchange has short outages; the next answer may be good.
    }
  }
}

async function refresh(symbol) {
  if (busy.has(symbol)) return;
  busy.add(symbol);
  await untilFresh(symbol);
  busy.delete(symbol);
}

export function startRefreshing() {
  const refreshAll = () => Promise.all(symbols.map(refresh));
  void refreshAll();
  setInterval(refreshAll, EVERY_MS).unref();
}
