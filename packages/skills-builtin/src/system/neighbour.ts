// The process that takes most, as evidence tells it: for what a check says about it. Pure.
import type { JsonObject, JsonValue, Subject } from '@nodelens/core';
import { listOf, numberOf, objectOf, textOf } from '../evidence.ts';
import { figure, mb } from '../wording.ts';

export interface Neighbour {
  readonly name: string;
  readonly pid: number;
  readonly relation: string;
  readonly cpuPercent: number;
  readonly rssMb: number;
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

const RELATIONS: { readonly [relation: string]: string } = {
  self: ', this process',
  child: ', a child of it',
};

const named = ({ name, pid, relation }: Neighbour): string =>
  `${name} (process ${pid}${RELATIONS[relation] ?? ''})`;

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
