// The load of a chaos run, a process of its own: requests at a steady rate over keep-alive connections, whatever the
// answers do (open loop). Latency counts from the time at which a request should have been sent.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { LoadCommand, LoadJob, LoadResult } from '../wire.ts';

const TICK_MS = 2;
const HEADER_END = '\r\n\r\n';
const REQUEST = 'GET / HTTP/1.1\r\nHost: chaos\r\n\r\n';
/** An answer that takes longer is none. */
const ANSWER_MS = 10_000;
const REOPEN_MS = 50;

interface Lane {
  readonly socket: Socket;
  /** When its request should have been sent; undefined while it is free. */
  dueMs: number | undefined;
}

class Load {
  readonly #job: LoadJob;
  readonly #startedAtMs = Date.now();
  readonly #startedMs = performance.now();
  readonly #windows = new Map<number, number[]>();
  readonly #failures: Record<string, number> = {};
  readonly #free: Lane[] = [];
  readonly #waiting: number[] = [];
  readonly #lanes = new Set<Lane>();
  readonly #timer: NodeJS.Timeout;
  #sent = 0;
  #answered = 0;
  #isFinishing = false;

  constructor(job: LoadJob) {
    this.#job = job;
    for (let lane = 0; lane < job.connections; lane += 1) this.#open();
    this.#timer = setInterval(() => this.#sendDue(), TICK_MS);
  }

  async finish(): Promise<LoadResult> {
    this.#isFinishing = true;
    const until = performance.now() + ANSWER_MS;
    while (this.#isUnderWay && performance.now() < until)
      await new Promise((resolve) => setTimeout(resolve, 20));
    clearInterval(this.#timer);
    // What is still under way is counted when its connection closes.
    const closed = [...this.#lanes].map(({ socket }) => once(socket, 'close'));
    for (const { socket } of this.#lanes) socket.destroy();
    await Promise.all(closed);
    const windows = [...this.#windows].map(([index, latencies]) => ({
      startedAtMs: this.#startedAtMs + index * this.#job.windowMs,
      latencies,
    }));
    return { type: 'result', windows, sent: this.#sent, answered: this.#answered, failures: this.#failures };
  }

  get #isUnderWay(): boolean {
    return this.#waiting.length > 0 || [...this.#lanes].some(({ dueMs }) => dueMs !== undefined);
  }

  #sendDue(): void {
    const now = performance.now();
    const due = ((now - this.#startedMs) / 1_000) * this.#job.perSecond;
    for (; !this.#isFinishing && this.#sent < due; this.#sent += 1)
      this.#waiting.push(this.#startedMs + (this.#sent / this.#job.perSecond) * 1_000);
    for (const lane of this.#lanes)
      if (lane.dueMs !== undefined && now - lane.dueMs > ANSWER_MS) lane.socket.destroy();
    this.#sendWaiting();
  }

  #sendWaiting(): void {
    while (this.#waiting.length > 0) {
      // In turn: a connection that never sends anything is answered with 408 by the server after a while.
      const lane = this.#free.shift();
      if (lane === undefined) return;
      lane.dueMs = this.#waiting.shift() as number;
      lane.socket.write(REQUEST);
    }
  }

  #open(): void {
    const socket = connect({ port: this.#job.port, host: '127.0.0.1', noDelay: true });
    const lane: Lane = { socket, dueMs: undefined };
    let text = '';
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      text += chunk;
      const head = text.indexOf(HEADER_END);
      const length = /content-length: (\d+)/i.exec(text.slice(0, head))?.[1];
      if (head < 0 || text.length < head + HEADER_END.length + Number(length)) return;
      this.#answer(lane, text.startsWith('HTTP/1.1 200 ') ? undefined : text.slice(0, head));
      text = '';
    });
    socket.on('error', () => socket.destroy());
    socket.once('connect', () => this.#free.push(lane));
    socket.once('close', () => this.#closed(lane));
    this.#lanes.add(lane);
  }

  #answer(lane: Lane, failure: string | undefined): void {
    const dueMs = lane.dueMs ?? performance.now();
    lane.dueMs = undefined;
    this.#free.push(lane);
    if (failure !== undefined) {
      this.#fail(failure.slice(0, 40));
      return;
    }
    this.#answered += 1;
    const index = Math.floor((dueMs - this.#startedMs) / this.#job.windowMs);
    const window = this.#windows.get(index) ?? [];
    window.push(performance.now() - dueMs);
    this.#windows.set(index, window);
    this.#sendWaiting();
  }

  #closed(lane: Lane): void {
    if (!this.#lanes.delete(lane)) return;
    const index = this.#free.indexOf(lane);
    if (index >= 0) this.#free.splice(index, 1);
    if (lane.dueMs !== undefined) this.#fail('no answer on its connection');
    if (!this.#isFinishing) setTimeout(() => this.#open(), REOPEN_MS);
  }

  #fail(reason: string): void {
    this.#failures[reason] = (this.#failures[reason] ?? 0) + 1;
  }
}

let load: Load | undefined;
process.on('message', (command: LoadCommand) => {
  if (command.type === 'start') load = new Load(command.job);
  else void load?.finish().then((result) => process.send?.(result, () => process.disconnect()));
});
