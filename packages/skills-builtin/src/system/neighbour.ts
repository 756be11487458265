// The process that takes most, as evidence tells it: for what a check says about it. Pure.
import type { JsonObject, JsonValue, Subject } from '@nodelens/core';
import { listOf, numberOf, objectOf, textOf } from '../evidence.ts';
import { sum } from '../statistics.ts';
import { figure, mb, round } from '../wording.ts';

export interface Neighbour {
  readonly name: string;
  readonly pid: number;
  readonly relation: string;
  readonly cpuPercent: number;
  readonly rssMb: number;
}

/** Processes of one name, taken together: a build or a backup is often many. */
export interface Neighbours extends Neighbour {
  readonly count: number;
}

/** The processes in `system_top_processes`' answer, in its order. */
export const neighboursIn = (top: JsonValue | undefined): readonly Neighbour[] =>
  listOf(objectOf(top).processes).map((process: JsonObject) => ({
    name: textOf(process.name),
    pid: numberOf(process.pid),
    relation: textOf(process.relation),
    cpuPercent: numberOf(process.cpuPercent),
    rssMb: numberOf(process.rssMb),
  }));

/** By name, those with the most CPU first; the pid is that of the busiest. */
export function togetherByName(found: readonly Neighbour[]): readonly Neighbours[] {
  return [...Map.groupBy(found, ({ name }) => name).values()]
    .map((same): Neighbours => {
      const [busiest] = same.toSorted((a, b) => b.cpuPercent - a.cpuPercent) as [Neighbour];
      const cpuPercent = round(sum(same.map((one) => one.cpuPercent)));
      return { ...busiest, cpuPercent, rssMb: sum(same.map((one) => one.rssMb)), count: same.length };
    })
    .toSorted((a, b) => b.cpuPercent - a.cpuPercent);
}

const RELATIONS: { readonly [relation: string]: string } = {
  self: ', this process',
  child: ', a child of it',
};

const named = ({ name, pid, relation }: Neighbour): string =>
  `${name} (process ${pid}${RELATIONS[relation] ?? ''})`;

export const useCpu = (some: Neighbours): string =>
  some.count === 1
    ? usesCpu(some)
    : `${some.count} processes ${some.name} (the busiest is ${some.pid}) used ${figure(some.cpuPercent)} % of a core together`;

export const usesCpu = (one: Neighbour): string => `${named(one)} used ${figure(one.cpuPercent)} % of a core`;

export const holdsMemory = (one: Neighbour): string => `${named(one)} holds ${mb(one.rssMb)}`;

export const cpuSubject = ({ name, cpuPercent }: Neighbour): Subject => ({
  kind: 'process',
  name,
  value: cpuPercent,
  unit: '% of a core',
});

export const memorySubject = ({ name, rssMb }: Neighbour): Subject => ({
  kind: 'process',
  name,
  value: rssMb,
  unit: 'MB',
});
