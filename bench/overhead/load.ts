// The load generator, a process of its own: keep-alive connections over plain node:net, each with one request under
// way. Driven by messages of its parent: a job in, its timings out.
import { connect, type Socket } from 'node:net';

export interface LoadJob {
  readonly port: number;
  readonly path: string;
  readonly connections: number;
  readonly requests: number;
}

export interface LoadResult {
  readonly durationMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

interface Lane {
  readonly socket: Socket;
  /** Called when a whole response has arrived. */
  onResponse: () => void;
}

const lanes = new Map<string, readonly Lane[]>();
const HEADER_END = '\r\n\r\n';

async function openLane(port: number): Promise<Lane> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const lane: Lane = { socket, onResponse: () => {} };
  let expected = 0;
  let seen = 0;
  socket.on('data', (chunk: Buffer) => {
    if (expected === 0) {
      const head = chunk.indexOf(HEADER_END);
      const length = /content-length: (\d+)/i.exec(chunk.toString('latin1', 0, head))?.[1];
      if (head < 0 || length === undefined) throw new Error('a response without a length');
      expected = head + HEADER_END.length + Number(length);
    }
    seen += chunk.length;
    if (seen < expected) return;
    expected = 0;
    seen = 0;
    lane.onResponse();
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  return lane;
}

async function lanesTo(port: number, connections: number): Promise<readonly Lane[]> {
  const key = `${port} ${connections}`;
  const open = lanes.get(key);
  // A port may come again with another server behind it.
  if (open?.every(({ socket }) => !socket.destroyed)) return open;
  const fresh = await Promise.all(Array.from({ length: connections }, () => openLane(port)));
  lanes.set(key, fresh);
  return fresh;
}

async function run(job: LoadJob): Promise<LoadResult> {
  const open = await lanesTo(job.port, job.connections);
  const request = `GET ${job.path} HTTP/1.1\r\nHost: bench\r\n\r\n`;
  const latencies = new Float64Array(job.requests);
  let sent = 0;
  let done = 0;
  const startedAt = performance.now();
  await new Promise<void>((resolve) => {
    for (const lane of open) {
      let sentAt = 0;
      const next = (): void => {
        if (sent === job.requests) return;
        sent += 1;
        sentAt = performance.now();
        lane.socket.write(request);
      };
      lane.onResponse = () => {
        latencies[done] = performance.now() - sentAt;
        done += 1;
        if (done === job.requests) resolve();
        else next();
      };
      next();
    }
  });
  const durationMs = performance.now() - startedAt;
  latencies.sort();
  const at = (share: number): number => latencies[Math.floor(share * (job.requests - 1))] ?? 0;
  return { durationMs, p50Ms: at(0.5), p99Ms: at(0.99) };
}

process.on('message', (job: LoadJob) => {
  void run(job).then((result) => process.send?.(result));
});
