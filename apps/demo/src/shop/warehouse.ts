// Stock levels, asked over a small pool of connections to the warehouse; refreshed in the background.
import { setTimeout as delay } from 'node:timers/promises';
import { allSkus } from './catalogue.ts';

const POOL_SIZE = 4;
const free: number[] = Array.from({ length: POOL_SIZE }, (_, index) => index);
const waiting: ((connection: number) => void)[] = [];
const levels = new Map<string, number>();

setInterval(() => void refreshSome(), 1000).unref();

/** Pieces in stock; asks the warehouse for what is not known yet. */
export async function stockOf(sku: string): Promise<number> {
  return levels.get(sku) ?? (await ask(sku));
}

async function ask(sku: string): Promise<number> {
  const connection = free.pop() ?? (await new Promise<number>((resolve) => waiting.push(resolve)));
  try {
    await delay(2);
    const level = (Number(sku.slice(1)) * 31) % 50;
    levels.set(sku, level);
    return level;
  } finally {
    const next = waiting.shift();
    if (next === undefined) free.push(connection);
    else next(connection);
  }
}

async function refreshSome(): Promise<void> {
  const skus = allSkus();
  const from = Math.floor(Math.random() * (skus.length - 20));
  await Promise.all(skus.slice(from, from + 20).map(ask));
}
