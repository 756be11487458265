// The check `supervision.cluster_imbalance`: one cluster worker is at its limit while the others have little to do. Pure.
import type { Check, Conclusion, Finding, JsonObject, JsonValue } from '@nodelens/core';
import { listOf, numberOf, objectOf, textOf } from '../evidence.ts';
import { mean } from '../statistics.ts';
import { figure } from '../wording.ts';
import { workerSubject } from './subjects.ts';

/** Below it there is room left, and an imbalance harms nobody. Of one core, waiting for one included. */
const FULL_PERCENT = 90;
/** Of the busiest: so little the others do on average. */
const OTHERS_SHARE = 0.25;
const MIN_WORKERS = 2;
/** So many times the sockets of the others. */
const MORE_FILES = 2;

export const clusterImbalance: Check = {
  id: 'supervision.cluster_imbalance',
  when: (snapshot) =>
    isImbalanced({
      workers: snapshot.clusterWorkersMeasured ?? 0,
      maxPercent: snapshot.clusterMaxCpuPercent ?? 0,
      othersPercent: snapshot.clusterOthersCpuPercent ?? 0,
      wantedPercent: snapshot.clusterMaxWantedPercent ?? 0,
    }),
  investigate: 'return { balance: await supervision_cluster_balance() };',
  conclude: (evidence) => conclude(evidence),
};

function isImbalanced(figures: JsonObject): Finding | undefined {
  const { workers, maxPercent, othersPercent, wantedPercent } = figures;
  const isUneven = numberOf(othersPercent) <= OTHERS_SHARE * numberOf(maxPercent);
  return numberOf(workers) >= MIN_WORKERS && numberOf(wantedPercent) >= FULL_PERCENT && isUneven
    ? figures
    : undefined;
}

function conclude(evidence: JsonValue): Conclusion | undefined {
  const balance = objectOf(objectOf(evidence).balance);
  const [busiest, ...others] = listOf(balance.busiestFirst);
  if (busiest === undefined) return undefined;
  if (isImbalanced({ ...balance, wantedPercent: busiest.mainWantedPercent ?? 0 }) === undefined)
    return undefined;
  const files = numberOf(busiest.openFiles);
  const othersFiles = mean(others.map(({ openFiles }) => numberOf(openFiles)));
  const hasMoreFiles = files >= MORE_FILES * othersFiles && files - othersFiles >= 10;
  return {
    severity: 'warning',
    context: `Of ${figure(numberOf(balance.workers))} cluster workers, pid ${numberOf(busiest.pid)} (${textOf(busiest.name)}) took ${figure(numberOf(busiest.cpuPercent))} % of a core over ${figure(numberOf(balance.windowSeconds))} s and its main thread wanted ${figure(numberOf(busiest.mainWantedPercent))} %; the others took ${figure(numberOf(balance.othersPercent))} % on average.`,
    observation: `It has ${figure(files)} open files and sockets, the others ${figure(othersFiles)} on average.`,
    hypothesis: hasMoreFiles
      ? 'Connections are spread unevenly: long-lived ones stay with the worker that accepted them.'
      : 'Connections are spread evenly: one request or job of that worker takes the CPU, perhaps without end.',
    subjects: [
      workerSubject({ ...busiest, kind: 'cluster' }, numberOf(busiest.cpuPercent), '%'),
      { kind: 'process', name: `pid ${numberOf(busiest.pid)}`, value: files, unit: 'open files' },
    ],
  };
}
