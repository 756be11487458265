// What the skills of the service say of its figures: with jitter, long tails and rare bursts, as measured values have.
import type { Noise } from './noise.ts';
import type { Figures } from './service.ts';

export type Snapshots = Readonly<Record<string, Readonly<Record<string, number | string>>>>;

/** By skill. `seconds`: since the snapshots before. */
export const snapshotsOf = (figures: Figures, seconds: number, noise: Noise): Snapshots => ({
  runtime: runtimeOf(figures, noise),
  gc: gcOf(figures, noise),
  http: httpOf(figures, seconds, noise),
  redis: redisOf(figures, noise),
  queue: queueOf(figures, noise),
  system: systemOf(figures, noise),
});

const round = (value: number, digits = 2): number => Number(value.toFixed(digits));
const jitter = (noise: Noise, share: number): number => 1 + share * noise.normal();

type Snapshot = Snapshots[string];

function runtimeOf(figures: Figures, noise: Noise): Snapshot {
  const { uptimeSeconds, heapFloorMb, sawtoothMb, cpu, blockedMs } = figures;
  const utilization = Math.min(0.99, cpu + (blockedMs > 0 ? 0.25 : 0));
  const delayMs = (1.5 + 9 * cpu) * noise.lognormal(0.35);
  return {
    uptimeSeconds,
    rssMb: round(heapFloorMb * 1.25 + sawtoothMb + 110),
    heapUsedMb: round(heapFloorMb + sawtoothMb),
    heapFloorMb: round(heapFloorMb),
    eventLoopUtilization10s: round(Math.max(0, utilization * jitter(noise, 0.05)), 3),
    eventLoopDelayP99Ms: round(10.6 + delayMs + blockedMs * jitter(noise, 0.1)),
    mainCpuPercent: round(100 * cpu * jitter(noise, 0.06)),
    stalls1m: noise.poisson(0.002) + (blockedMs > 0 ? noise.poisson(5) : 0),
    mainBlockedMs: 0,
    threads: 11,
    blockKind: 'none',
  };
}

function gcOf({ perSecond, leakedMb, cpu }: Figures, noise: Noise): Snapshot {
  const pressure = 1 + leakedMb / 300;
  return {
    minorPerMinute: round((perSecond * 60 * 0.04 * pressure) / 16),
    majorPerMinute: noise.poisson(0.15 * pressure),
    pauseShare1mPercent: round((0.3 + 2.2 * cpu) * pressure * noise.lognormal(0.2)),
    longestPause1mMs: round(2.5 * pressure * noise.lognormal(0.5)),
  };
}

function httpOf(figures: Figures, seconds: number, noise: Noise): Snapshot {
  const { perSecond, failed, slowness, partnerMs, blockedMs, p50Ms } = figures;
  const inFlight = (perSecond * p50Ms) / 1_000;
  return {
    servedPerSecond1m: round(perSecond),
    requestsTotal: figures.requestsTotal,
    errorsTotal: figures.errorsTotal,
    servedP50Ms: round(p50Ms * jitter(noise, 0.04)),
    servedP99Ms: round((90 * slowness + 1.6 * partnerMs) * noise.lognormal(0.22) + 3 * blockedMs),
    server5xxPercent1m: perSecond === 0 ? 0 : round((100 * failed) / (perSecond * seconds)),
    servingInFlight: noise.poisson(inFlight),
    serverConnections: Math.round(20 + (0.8 * perSecond + inFlight) * jitter(noise, 0.03)),
    outgoingP50Ms: round(partnerMs * jitter(noise, 0.05)),
    outgoingP99Ms: round(partnerMs * 2.4 * noise.lognormal(0.25)),
    outgoingFailed1m: noise.poisson(0.02 * figures.partnerSlowness),
  };
}

const redisOf = ({ hitRatio, coldness, commandsTotal, poolMood }: Figures, noise: Noise): Snapshot => ({
  hitRatio: round(Math.min(1, hitRatio + 0.006 * noise.normal() - 0.05 * coldness), 4),
  commandsTotal,
  usedMemoryMb: round(812 + 3 * poolMood),
  connectedClients: 24,
});

const queueOf = ({ isBatch, processedTotal }: Figures, noise: Noise): Snapshot => ({
  depth: noise.poisson(isBatch ? 121.5 : 1.5),
  oldestJobMs: round(120 * noise.lognormal(0.6) + (isBatch ? 9_000 * jitter(noise, 0.2) : 0)),
  workers: 4,
  processedTotal,
});

const systemOf = (figures: Figures, noise: Noise): Snapshot => ({
  cpuPressure10sPercent: round(3 * figures.cpu * noise.lognormal(0.4)),
  memoryAvailableMb: round(5_200 - figures.heapFloorMb - figures.sawtoothMb + 60 * figures.poolMood),
  diskUsedPercent: round(48 + figures.logMb / 1_500),
  loadAverage1m: round(0.3 + 2 * figures.cpu * noise.lognormal(0.15)),
});
