// The check `supervision.cluster_imbalance`: one cluster worker is at its limit while the others have little to do, or
// has room left, but nearly all connections go to it. Pure.
import type { Check, Conclusion, Finding, JsonObject, JsonValue } from '@nodelens/core';
import { listOf, numberOf, objectOf, textOf } from '../evidence.ts';
import { mean } from '../statistics.ts';
import { figure } from '../wording.ts';
import { workerSubject } from './subjects.ts';

/** Of one core, waiting for one included. Below it there is room left, and a job of one worker may be the reason. */
const FULL_PERCENT = 90;
/** At a third of what it can do an answer takes half as long again as without a queue (M/M/1): from here it matters. */
const BUSY_PERCENT = 33;
/** Of the busiest: so little the others do on average. */
const OTHERS_SHARE = 0.25;
const MIN_WORKERS = 2;
/** So many times the sockets of the others. */
const MORE_FILES = 2;
/** So many times as often as the others its main thread reads: more comes in, also by connections that do not last. */
const MORE_READS = 3;
const MIN_READS_PER_SECOND = 5;
/** Where the others read less there is no traffic to compare with: a busy loop reads a little by itself. */
const MIN_OTHERS_READS_PER_SECOND = 0.5;
/** Within two seconds. A few connections that last may well go to one; of new ones so many do not by chance. */
const MIN_NEW = 5;

export const clusterImbalance: Check = {
  id: 'supervision.cluster_imbalance',
  when: (snapshot) =>
    isImbalanced({
      workers: snapshot.clusterWorkersMeasured ?? 0,
      maxPercent: snapshot.clusterMaxCpuPercent ?? 0,
      othersPercent: snapshot.clusterOthersCpuPercent ?? 0,
      wantedPercent: snapshot.clusterMaxWantedPercent ?? 0,
    }),
  investigate: `const balance = await supervision_cluster_balance();
const [busiest] = balance.busiestFirst;
const newConnections = busiest ? await supervision_new_connections(busiest.pid).catch(() => null) : null;
return { balance, newConnections };`,
  conclude: (evidence) => conclude(evidence),
};

function isImbalanced(figures: JsonObject): Finding | undefined {
  const { workers, maxPercent, othersPercent, wantedPercent } = figures;
  const isUneven = numberOf(othersPercent) <= OTHERS_SHARE * numberOf(maxPercent);
  return numberOf(workers) >= MIN_WORKERS && numberOf(wantedPercent) >= BUSY_PERCENT && isUneven
    ? figures
    : undefined;
}

function conclude(evidence: JsonValue): Conclusion | undefined {
  const { newConnections } = objectOf(evidence);
  const balance = objectOf(objectOf(evidence).balance);
  const [busiest, ...others] = listOf(balance.busiestFirst);
  if (busiest === undefined) return undefined;
  if (isImbalanced({ ...balance, wantedPercent: busiest.mainWantedPercent ?? 0 }) === undefined)
    return undefined;
  const isFull = numberOf(busiest.mainWantedPercent) >= FULL_PERCENT;
  const reads = readsOf(busiest, others);
  // Connections that do not last, and hardly any go elsewhere: that is so also while there is room left.
  const takesMost = reads !== undefined && isMuchMore(reads) && numberOf(newConnections) >= MIN_NEW;
  if (!isFull && !takesMost) return undefined;
  const files = numberOf(busiest.openFiles);
  const othersFiles = mean(others.map(({ openFiles }) => numberOf(openFiles)));
  return {
    severity: 'warning',
    context: `Of ${figure(numberOf(balance.workers))} cluster workers, pid ${numberOf(busiest.pid)} (${textOf(busiest.name)}) took ${figure(numberOf(busiest.cpuPercent))} % of a core over ${figure(numberOf(balance.windowSeconds))} s and its main thread wanted ${figure(numberOf(busiest.mainWantedPercent))} %; the others took ${figure(numberOf(balance.othersPercent))} % on average.`,
    observation: `It has ${figure(files)} open files and sockets, the others ${figure(othersFiles)} on average${reads === undefined ? '' : `; its main thread read ${figure(reads.own)} times per second, the others' ${figure(reads.others)}`}${takesMost ? `; ${figure(numberOf(newConnections))} new connections and more came to it within two seconds` : ''}.`,
    hypothesis: takesMost
      ? MOST_COMES_IN
      : hypothesisOf(files >= MORE_FILES * othersFiles && files - othersFiles >= 10, reads),
    subjects: [
      workerSubject({ ...busiest, kind: 'cluster' }, numberOf(busiest.cpuPercent), '%'),
      { kind: 'process', name: `pid ${numberOf(busiest.pid)}`, value: files, unit: 'open files' },
    ],
  };
}

interface Reads {
  readonly own: number;
  /** Mean. */
  readonly others: number;
}

function readsOf(busiest: JsonObject, others: readonly JsonObject[]): Reads | undefined {
  const own = busiest.mainReadsPerSecond;
  const theirs = others.map(({ mainReadsPerSecond }) => mainReadsPerSecond);
  return typeof own === 'number' && theirs.every((each) => typeof each === 'number')
    ? { own, others: mean(theirs) }
    : undefined;
}

const isMuchMore = ({ own, others }: Reads): boolean =>
  own >= Math.max(MIN_READS_PER_SECOND, MORE_READS * others);

const MOST_COMES_IN =
  'Most of what comes in goes to that worker: connections are not spread, as when they are assigned by an address or a key that most of them share.';

function hypothesisOf(hasMoreFiles: boolean, reads: Reads | undefined): string {
  if (hasMoreFiles)
    return 'Connections are spread unevenly: long-lived ones stay with the worker that accepted them.';
  const isMore = reads !== undefined && isMuchMore(reads);
  if (reads === undefined || (isMore && reads.others < MIN_OTHERS_READS_PER_SECOND))
    return 'Either most requests come to that worker, by connections that do not last, or one request or job of it takes the CPU.';
  return isMore
    ? MOST_COMES_IN
    : 'As little comes in as to the others: one request or job of that worker takes the CPU, perhaps without end.';
}
