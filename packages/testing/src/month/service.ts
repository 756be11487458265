// A shop's service in figures, half a minute at a time: how it goes under given conditions. The shapes are those of real
// services: load by the hour, saw teeth of the heap, moods of latency, counters that begin anew with the process.
import type { Random } from '../chaos/random.ts';
import { createNoise, createWander, type Noise } from './noise.ts';

/** What the world does to the service. */
export interface Conditions {
  /** Requests per second that users would make. */
  readonly demand: number;
  /** How much of them arrives; 1 is all. */
  readonly trafficShare: number;
  /** Latency of the partner, in multiples of the usual. */
  readonly partnerSlowness: number;
  readonly leakedMb: number;
  /** Of the cache server. */
  readonly hitRatio: number;
  /** How long a turn of the loop takes at worst beyond the usual. */
  readonly blockedMs: number;
  /** 0: warm; 1: just started. */
  readonly coldness: number;
  /** Whether the nightly job runs. */
  readonly isBatch: boolean;
}

/** How the service goes, for the snapshots to be made of. */
export interface Figures extends Conditions, Process {
  readonly perSecond: number;
  readonly failed: number;
  /** Share of a core, 0 to 1. */
  readonly cpu: number;
  readonly heapFloorMb: number;
  readonly partnerMs: number;
  readonly p50Ms: number;
  /** In multiples of the usual. */
  readonly slowness: number;
  readonly poolMood: number;
  readonly logMb: number;
}

/** What begins anew with each process. */
interface Process {
  readonly uptimeSeconds: number;
  readonly requestsTotal: number;
  readonly commandsTotal: number;
  readonly processedTotal: number;
  readonly errorsTotal: number;
  /** Garbage since the last collection. */
  readonly sawtoothMb: number;
  readonly oldMb: number;
}

export interface Service {
  /** After `seconds` more. */
  step(conditions: Conditions, seconds: number): Figures;
  /** A new process. */
  restart(): void;
}

const OLD_MB = 95;
const YOUNG_MB = 38;
const CPU_MS_PER_REQUEST = 2.6;
const USUAL_HIT_RATIO = 0.94;
const begun: Process = {
  uptimeSeconds: 0,
  requestsTotal: 0,
  commandsTotal: 0,
  processedTotal: 0,
  errorsTotal: 0,
  sawtoothMb: 0,
  oldMb: 0,
};

/** Each is a service with a noise of its own. */
export function createService(random: Random): Service {
  const noise = createNoise(random);
  const latencyMood = createWander(noise, 60);
  const poolMood = createWander(noise, 200);
  let process = begun;
  let logMb = 0;
  return {
    restart() {
      process = begun;
    },
    step(conditions, seconds) {
      const { demand, trafficShare } = conditions;
      const arriving = demand * trafficShare * seconds * (1 + 0.03 * noise.normal());
      const perSecond = noise.poisson(arriving) / seconds;
      const failed = noise.poisson(perSecond * seconds * 0.0004);
      process = lived(process, { conditions, seconds, perSecond, failed }, noise);
      logMb = (logMb + perSecond * seconds * 0.001) % 9_000;
      const latency = latencyOf(conditions, Math.exp(0.08 * latencyMood()));
      const pool = poolMood();
      const heapFloorMb = 60 + process.oldMb * (1 + 0.004 * noise.normal()) + 4 * pool + conditions.leakedMb;
      const cpu = cpuOf(conditions, perSecond);
      const p50Ms = latency.p50Ms * (1 + 0.5 * cpu) + conditions.blockedMs / 3;
      return {
        ...conditions,
        ...process,
        ...latency,
        p50Ms,
        perSecond,
        failed,
        cpu,
        heapFloorMb,
        poolMood: pool,
        logMb,
      };
    },
  };
}

interface Load {
  readonly conditions: Conditions;
  readonly seconds: number;
  readonly perSecond: number;
  readonly failed: number;
}

function lived(process: Process, { conditions, seconds, perSecond, failed }: Load, noise: Noise): Process {
  const { demand, hitRatio, isBatch } = conditions;
  const requests = perSecond * seconds;
  const jobs = (2 + 0.05 * demand + (isBatch ? 40 : 0)) * seconds;
  return {
    uptimeSeconds: process.uptimeSeconds + seconds,
    requestsTotal: process.requestsTotal + Math.round(requests),
    commandsTotal: process.commandsTotal + Math.round(requests * (3.1 + 1 - hitRatio)),
    processedTotal: process.processedTotal + noise.poisson(jobs),
    errorsTotal: process.errorsTotal + failed,
    sawtoothMb: (process.sawtoothMb + requests * 0.04 * (1 + 0.1 * noise.normal())) % YOUNG_MB,
    oldMb: process.oldMb + (OLD_MB - process.oldMb) * (1 - Math.exp(-seconds / 900)),
  };
}

function latencyOf(
  { hitRatio, coldness, partnerSlowness }: Conditions,
  mood: number,
): Pick<Figures, 'slowness' | 'partnerMs' | 'p50Ms'> {
  const missing = Math.max(0, USUAL_HIT_RATIO - hitRatio);
  const slowness = mood * (1 + 1.5 * coldness) * (1 + 2 * missing);
  const partnerMs = 42 * partnerSlowness * mood;
  return { slowness, partnerMs, p50Ms: (18 + 0.35 * partnerMs) * slowness };
}

function cpuOf({ coldness, isBatch }: Conditions, perSecond: number): number {
  const working = (perSecond * CPU_MS_PER_REQUEST * (1 + 0.3 * coldness)) / 1_000;
  return Math.min(0.98, working + (isBatch ? 0.25 : 0) + 0.015);
}
