// Servers of every variant, all alive, taking turns in segments of requests.
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { LoadJob, LoadResult } from './load.ts';
import { type Subject, spawnPinned, startSubject } from './subject.ts';
import type { Variant } from './variants.ts';

export interface Route {
  readonly path: string;
  readonly connections: number;
  /** Of the requests asked for: a dearer handler gets fewer. */
  readonly share: number;
}

export interface Lengths {
  readonly rounds: number;
  /** Requests of one segment. */
  readonly requests: number;
  readonly warmup: number;
  /** Other threads than main run on the load generator's core once they are warm. */
  readonly apart: boolean;
}

export interface Segment {
  readonly mainUs: number;
  readonly allUs: number;
  readonly perSecond: number;
  readonly p99Ms: number;
}

/** What one server of a start gave. */
export interface Measured {
  readonly segments: readonly Segment[];
  readonly rssMb: number;
}

export type Drive = (job: LoadJob) => Promise<LoadResult>;

const LOAD_CORE = 1;

/** Starts the load generator on a core of its own. */
export function startLoad(): { readonly drive: Drive; stop(): void } {
  const load = spawnPinned(LOAD_CORE, [fileURLToPath(new URL('./load.ts', import.meta.url))], 'ipc');
  load.once('exit', (code) => {
    if (code !== 0) process.exit(1);
  });
  return {
    async drive(job) {
      load.send(job);
      const [result] = (await once(load, 'message')) as [LoadResult];
      return result;
    },
    stop: () => load.disconnect(),
  };
}

async function segment(drive: Drive, subject: Subject, job: LoadJob): Promise<Segment> {
  // Asking for totals is a request: it lies outside what main is measured for.
  const allBefore = (await subject.totals()).cpuUs;
  const mainBefore = subject.mainCpuUs();
  const { durationMs, p99Ms } = await drive(job);
  const mainUs = (subject.mainCpuUs() - mainBefore) / job.requests;
  const allUs = ((await subject.totals()).cpuUs - allBefore) / job.requests;
  return { mainUs, allUs, perSecond: (1000 * job.requests) / durationMs, p99Ms };
}

/** The variants in the order of a turn: rotated and reversed, so that none always follows the same one. */
function turn(variants: readonly Variant[], count: number): readonly Variant[] {
  const first = count % variants.length;
  const rotated = [...variants.slice(first), ...variants.slice(0, first)];
  return count % 2 === 1 ? rotated.reverse() : rotated;
}

/** Fresh processes of every variant, taking turns in alternating order. */
export async function oneStart(
  drive: Drive,
  variants: readonly Variant[],
  route: Route,
  start: number,
  { rounds, requests, warmup, apart }: Lengths,
): Promise<ReadonlyMap<Variant, Measured>> {
  const subjects = new Map<Variant, Subject>();
  for (const variant of turn(variants, start)) subjects.set(variant, await startSubject(variant.preload));
  const job = ({ port }: Subject, count: number): LoadJob => ({
    port,
    path: route.path,
    connections: route.connections,
    requests: Math.round(count * route.share),
  });
  for (const subject of subjects.values()) {
    await drive(job(subject, warmup));
    if (apart) subject.leaveMainAlone(LOAD_CORE);
  }
  const segments = new Map(variants.map((variant) => [variant, [] as Segment[]]));
  for (let round = 0; round < rounds; round += 1) {
    for (const variant of turn(variants, round)) {
      const subject = subjects.get(variant) as Subject;
      segments.get(variant)?.push(await segment(drive, subject, job(subject, requests)));
    }
  }
  const result = new Map<Variant, Measured>();
  for (const [variant, subject] of subjects) {
    const { rssMb } = await subject.totals();
    result.set(variant, { segments: segments.get(variant) ?? [], rssMb });
    await subject.stop();
  }
  return result;
}
