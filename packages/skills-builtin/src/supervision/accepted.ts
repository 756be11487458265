// How many TCP connections the kernel has accepted so far in the process's network namespace: in a container those of
// its own processes. Workers of a cluster that hand connections on, or accept them without main, tell of none.
import type { TextReader } from '../system/text-reader.ts';

/** Undefined where the kernel does not tell. */
export function acceptedConnections(reader: TextReader, pid: number): number | undefined {
  const lines = (reader.text(`proc/${pid}/net/snmp`) ?? '').split('\n');
  const [names, values] = lines.filter((line) => line.startsWith('Tcp:')).map((line) => line.split(/\s+/));
  const count = Number(values?.[names?.indexOf('PassiveOpens') ?? -1]);
  return Number.isFinite(count) ? count : undefined;
}
