// The check `system.disk_full`: a disk has little room or few inodes left; one that has none is `disk_out_of_space`.
// Pure.
import type { Check, Conclusion, JsonObject, JsonValue, Severity } from '@nodelens/core';
import { listOf, numberOf, textOf } from '../evidence.ts';
import { figure, mb } from '../wording.ts';
import { textsOf } from './check-out-of-space.ts';

/** The kubelet's default for hard eviction: nodefs.available < 10 %, nodefs.inodesFree < 5 %. */
const USED_PERCENT = 90;
const INODES_USED_PERCENT = 95;
const CRITICAL_PERCENT = 97;
/** A forecast counts only when much is in use already. */
const FORECAST_PERCENT = 80;
const FORECAST_MINUTES = 30;
/** A tenth of a very large disk is still plenty: told, but no alarm. */
const PLENTY_MB = 50 * 1_024;

export const diskFull: Check = {
  id: 'system.disk_full',
  when: (snapshot) => {
    const usedPercent = numberOf(snapshot.diskUsedPercent);
    const inodesUsedPercent = numberOf(snapshot.inodesUsedPercent);
    const minutes = numberOf(snapshot.minutesUntilDiskFull, Number.POSITIVE_INFINITY);
    return usedPercent > USED_PERCENT ||
      inodesUsedPercent > INODES_USED_PERCENT ||
      (usedPercent > FORECAST_PERCENT && minutes <= FORECAST_MINUTES)
      ? { usedPercent, inodesUsedPercent }
      : undefined;
  },
  investigate: 'return await system_disks();',
  conclude: (evidence) => conclude(evidence),
};

const minutesLeft = (disk: JsonObject): number => numberOf(disk.minutesUntilFull, Number.POSITIVE_INFINITY);

const isFull = (disk: JsonObject): boolean =>
  numberOf(disk.usedPercent) > USED_PERCENT ||
  (numberOf(disk.usedPercent) > FORECAST_PERCENT && minutesLeft(disk) <= FORECAST_MINUTES);

const isOutOfInodes = (disk: JsonObject): boolean => numberOf(disk.inodesUsedPercent) > INODES_USED_PERCENT;

/** What matters most first: what the process itself needs. */
const rank = (disk: JsonObject): number =>
  numberOf(disk.usedPercent) + (Array.isArray(disk.holds) && disk.holds.length > 0 ? 100 : 0);

function conclude(evidence: JsonValue): Conclusion | undefined {
  const full = listOf(evidence)
    .filter((disk) => textOf(disk.ranOut) === '' && (isFull(disk) || isOutOfInodes(disk)))
    .toSorted((a, b) => rank(b) - rank(a));
  const [first] = full;
  if (first === undefined) return undefined;
  const minutes = minutesLeft(first);
  return {
    severity: severityOf(full),
    context: `${full.length === 1 ? '1 disk is' : `${full.length} disks are`} nearly full.`,
    observation: `${full.slice(0, 3).map(describe).join('; ')}.`,
    hypothesis: `${Number.isFinite(minutes) ? `At its present growth ${textOf(first.path)} is full in ${figure(minutes)} minutes. ` : ''}When it is full, writing fails with ENOSPC: logs, uploads and temporary files.`,
    subjects: full.slice(0, 3).map((disk) => ({
      kind: 'resource',
      name: `disk ${textOf(disk.path)}`,
      value: isFull(disk) ? numberOf(disk.usedPercent) : numberOf(disk.inodesUsedPercent),
      unit: isFull(disk) ? '%' : '% of inodes',
    })),
  };
}

function severityOf(full: readonly JsonObject[]): Severity {
  const isCritical = (disk: JsonObject): boolean =>
    numberOf(disk.inodesUsedPercent) >= CRITICAL_PERCENT ||
    (numberOf(disk.usedPercent) >= CRITICAL_PERCENT && numberOf(disk.availableMb) < PLENTY_MB);
  const isMild = (disk: JsonObject): boolean =>
    !isOutOfInodes(disk) && numberOf(disk.availableMb) >= PLENTY_MB;
  if (full.some(isCritical)) return 'critical';
  return full.every(isMild) ? 'info' : 'warning';
}

function describe(disk: JsonObject): string {
  const holds = textsOf(disk.holds);
  const where = `${textOf(disk.path)}${holds.length > 0 ? ` (holds ${holds.join(' and ')})` : ''}`;
  const inodes = isOutOfInodes(disk) ? `, ${figure(numberOf(disk.inodesUsedPercent))} % of its inodes` : '';
  return `${where} is used to ${figure(numberOf(disk.usedPercent))} %${inodes}; ${mb(numberOf(disk.availableMb))} are left`;
}
