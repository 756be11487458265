// Visitors of the shop: real HTTP requests over loopback at a fixed pace, bounded in number and in time. What the
// service cannot keep up with waits, as it does for real visitors.
import { Agent, request } from 'node:http';

export interface TrafficWindow {
  readonly requests: number;
  readonly p99Ms: number;
  /** Requests without an answer yet, and how long the oldest of them has waited. */
  readonly waiting: number;
  readonly oldestWaitMs: number;
}

export interface Traffic {
  /** Visitors of another kind come on top. */
  add(mix: Mix): void;
  /** What happened since the last call. */
  window(): TrafficWindow;
  /** Gives up what is under way. Idempotent. */
  stop(): void;
}

export interface Kind {
  readonly perSecond: number;
  /** The call with this running number. */
  readonly make: (count: number) => Call;
}
export type Mix = readonly Kind[];

export interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
}

const TICK_MS = 20;
const MAX_WAITING = 300;
const WORDS = ['oak', 'linen', 'copper', 'marble', 'woven', 'cedar', 'lamp', 'chair', 'rug', 'vase'];

const get = (path: string): Call => ({ method: 'GET', path });
const sku = (count: number): string => `S${10_000 + ((count * 37) % 2400)}`;
const word = (count: number): string => WORDS[count % WORDS.length] as string;
const visitor = (count: number): string => `v${count % 400}`;

/** People who browse, fill a cart of a few things and buy. */
export const everyday: Mix = [
  { perSecond: 30, make: (count) => get(`/?category=${count % 2 ? 'office' : 'garden'}`) },
  { perSecond: 15, make: (count) => get(`/search?q=${word(count)}`) },
  { perSecond: 40, make: (count) => get(`/product?sku=${sku(count)}`) },
  { perSecond: 20, make: (count) => get(`/suggestions?visitor=${visitor(count)}&q=${word(count)}`) },
  { perSecond: 20, make: (count) => fill(visitor(count), [sku(count), sku(count + 11)]) },
  { perSecond: 20, make: (count) => get(`/cart/price?visitor=${visitor(count)}`) },
  { perSecond: 20, make: (count) => ({ method: 'POST', path: `/checkout?visitor=${visitor(count)}` }) },
];

/** New visitors only, as from an advertisement. */
export const newcomers: Mix = [
  { perSecond: 300, make: (count) => get(`/suggestions?visitor=n${count}&q=${word(count)}`) },
];

/** Dashboards of the back office that poll. */
export const backOffice: Mix = [{ perSecond: 5, make: () => get('/report') }];

/** What a wholesale customer does once: a cart of `lines` lines, and its price. */
export const wholesale = (lines: number): readonly Call[] => [
  fill(
    'wholesale',
    Array.from({ length: lines }, (_, index) => sku(index)),
  ),
  get('/cart/price?visitor=wholesale'),
];

function fill(who: string, skus: readonly string[]): Call {
  return { method: 'POST', path: `/cart?visitor=${who}`, body: JSON.stringify(skus) };
}

export interface Sender {
  /** Resolves with its latency in ms; rejects when it is given up. */
  send(call: Call): Promise<number>;
  readonly waitingSince: ReadonlySet<number>;
  close(): void;
}

export function createSender(base: string): Sender {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  const ended = new AbortController();
  const waitingSince = new Set<number>();
  return {
    waitingSince,
    close() {
      ended.abort();
      agent.destroy();
    },
    send({ method, path, body }) {
      const sentAt = performance.now();
      waitingSince.add(sentAt);
      return new Promise<number>((resolve, reject) => {
        const sent = request(`${base}${path}`, { method, agent, signal: ended.signal }, (response) => {
          response.resume().on('end', () => resolve(performance.now() - sentAt));
          response.on('error', reject);
        });
        sent.on('error', reject).end(body);
      }).finally(() => waitingSince.delete(sentAt));
    },
  };
}

/** Sends `mix` at its pace until stopped, for `maxMs` at most. */
export function startTraffic(sender: Sender, mix: Mix, maxMs: number): Traffic {
  const kinds: (Kind & { due: number; count: number })[] = [];
  const add = (more: Mix): void => {
    for (const kind of more) kinds.push({ ...kind, due: 0, count: 0 });
  };
  add(mix);
  let latencies: number[] = [];
  const timer = setInterval(() => {
    for (const kind of kinds) {
      for (kind.due += (kind.perSecond * TICK_MS) / 1000; kind.due >= 1; kind.due -= 1) {
        if (sender.waitingSince.size >= MAX_WAITING) continue;
        // A request that was given up at the end has no latency.
        sender.send(kind.make(kind.count)).then(
          (ms) => latencies.push(ms),
          () => {},
        );
        kind.count += 1;
      }
    }
  }, TICK_MS);
  const stop = (): void => {
    clearInterval(timer);
    clearTimeout(end);
    sender.close();
  };
  const end = setTimeout(stop, maxMs);
  const window = (): TrafficWindow => {
    const sorted = latencies.sort((left, right) => left - right);
    latencies = [];
    const [oldest = performance.now()] = sender.waitingSince;
    return {
      requests: sorted.length,
      p99Ms: sorted[Math.floor(0.99 * (sorted.length - 1))] ?? 0,
      waiting: sender.waitingSince.size,
      oldestWaitMs: performance.now() - oldest,
    };
  };
  return { add, window, stop };
}
