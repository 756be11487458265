// The check `system.disk_out_of_space`: a disk has no space or no inodes left, so that writing fails. Pure.
import type { Check, Conclusion, JsonObject, JsonValue } from '@nodelens/core';
import { listOf, numberOf, textOf } from '../evidence.ts';
import { figure, mb } from '../wording.ts';

const TOLD = 2;

export const diskOutOfSpace: Check = {
  id: 'system.disk_out_of_space',
  when: (snapshot) => {
    const path = textOf(snapshot.diskRanOut);
    return path === '' ? undefined : { path };
  },
  investigate: 'return await system_disks();',
  conclude: (evidence) => conclude(evidence),
  // Errors whose cause has another name keep that.
  explains: [
    'http.error_burst',
    'exceptions.error_burst',
    'exceptions.new_error',
    'exceptions.unhandled_rejections',
    'exceptions.uncaught',
    'logger.error_burst',
    'logger.new_error',
  ],
};

function conclude(evidence: JsonValue): Conclusion | undefined {
  // What the process itself is known to use first.
  const found = listOf(evidence)
    .filter((disk) => textOf(disk.ranOut) !== '')
    .toSorted((a, b) => textsOf(b.holds).length - textsOf(a.holds).length);
  const [first] = found;
  if (first === undefined) return undefined;
  const isOwn = textsOf(first.holds).length > 0;
  return {
    severity: isOwn ? 'critical' : 'warning',
    context: found
      .slice(0, TOLD)
      .map(
        (disk) =>
          `${textOf(disk.path)} (${textOf(disk.type)}, ${mb(numberOf(disk.totalMb))}) has no ${textOf(disk.ranOut)} left.`,
      )
      .join(' '),
    observation: `${textOf(first.path)} is used to ${figure(numberOf(first.usedPercent))} %${inodes(first)}${isOwn ? `; this process is pointed to it by ${textsOf(first.holds).join(' and ')}` : ''}.`,
    hypothesis: isOwn
      ? 'What this process writes there fails with ENOSPC until files are removed.'
      : 'Whatever writes there fails with ENOSPC; that this process does cannot be seen.',
    subjects: found.slice(0, TOLD).map((disk) => ({
      kind: 'resource',
      name: `disk ${textOf(disk.path)}`,
      value: textOf(disk.ranOut) === 'inodes' ? numberOf(disk.inodesUsedPercent) : numberOf(disk.usedPercent),
      unit: textOf(disk.ranOut) === 'inodes' ? '% of inodes' : '%',
    })),
  };
}

const inodes = (disk: JsonObject): string =>
  typeof disk.inodesUsedPercent === 'number'
    ? `, and to ${figure(disk.inodesUsedPercent)} % of its inodes`
    : '';

export const textsOf = (value: JsonValue | undefined): readonly string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
