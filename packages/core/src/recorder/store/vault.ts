// Memory of the process that outlives the thread which writes to it: main makes it and holds it, without looking into
// it, and gives it to each life of the recorder. Two halves: when one is full, its newest records move to the other.
// A record counts once the length of its half says so, so a writer that is killed at any point leaves whole records.

/** Bytes of one half; memory is only taken for what is written. */
const HALF_BYTES = 2 * 1_048_576;
const HEADER_BYTES = 64;
const LENGTH_BYTES = 4;
/** What of a full half is carried over. */
const CARRIED_BYTES = HALF_BYTES / 2;
/** Words of the header: which half is in use, and how much of each. */
const ACTIVE = 0;
const LENGTH_OF_FIRST = 1;

export type VaultMemory = SharedArrayBuffer;

/** Takes no memory worth mentioning until something is written. */
export const createVaultMemory = (): VaultMemory =>
  new SharedArrayBuffer(HEADER_BYTES, { maxByteLength: HEADER_BYTES + 2 * HALF_BYTES });

export interface Vault {
  /** Longest record, in bytes. */
  readonly maxBytes: number;
  /** When it returns, the record outlives this thread. The oldest are given up when there is no room. */
  append(record: string): void;
  /** All records, oldest first. */
  read(): readonly string[];
}

/**
 * One writer at a time.
 * @param keyOf of records that take the place of earlier ones with the same key: only the newest of them is carried over.
 */
export function openVault(memory: VaultMemory, keyOf?: (record: string) => string): Vault {
  const header = new Int32Array(memory, 0, HEADER_BYTES / Int32Array.BYTES_PER_ELEMENT);
  const start = (half: number): number => HEADER_BYTES + half * HALF_BYTES;
  const used = (half: number): number => Atomics.load(header, LENGTH_OF_FIRST + half);
  /** Writes behind what counts, then lets it count. */
  const write = (half: number, from: number, records: readonly Buffer[]): void => {
    const size = records.reduce((sum, record) => sum + LENGTH_BYTES + record.length, from);
    const end = start(half) + size;
    if (memory.byteLength < end) memory.grow(end);
    const bytes = Buffer.from(memory, start(half), size);
    let at = from;
    for (const record of records) {
      at = bytes.writeUInt32LE(record.length, at);
      at += record.copy(bytes, at);
    }
    Atomics.store(header, LENGTH_OF_FIRST + half, size);
  };
  const recordsOf = (half: number): readonly Buffer[] => {
    const records: Buffer[] = [];
    if (used(half) === 0) return records;
    const bytes = Buffer.from(memory, start(half), used(half));
    for (let at = 0; at < bytes.length; ) {
      const from = at + LENGTH_BYTES;
      at = from + bytes.readUInt32LE(at);
      records.push(bytes.subarray(from, at));
    }
    return records;
  };
  return {
    maxBytes: CARRIED_BYTES - LENGTH_BYTES,
    append(record) {
      const bytes = Buffer.from(record);
      const active = Atomics.load(header, ACTIVE);
      if (used(active) + LENGTH_BYTES + bytes.length <= HALF_BYTES)
        return write(active, used(active), [bytes]);
      const other = 1 - active;
      const records = keyOf === undefined ? recordsOf(active) : latestOfEach(recordsOf(active), keyOf);
      write(other, 0, [...newestWithin(records, CARRIED_BYTES), bytes]);
      Atomics.store(header, ACTIVE, other);
    },
    read: () => recordsOf(Atomics.load(header, ACTIVE)).map((record) => record.toString()),
  };
}

/** In the order in which the latest came. */
function latestOfEach(records: readonly Buffer[], keyOf: (record: string) => string): readonly Buffer[] {
  const latest = new Map<string, Buffer>();
  for (const record of records) {
    const key = keyOf(record.toString());
    latest.delete(key);
    latest.set(key, record);
  }
  return [...latest.values()];
}

/** In the same order. */
function newestWithin(records: readonly Buffer[], maxBytes: number): readonly Buffer[] {
  let bytes = 0;
  const oldest = records.findLastIndex((record) => {
    bytes += LENGTH_BYTES + record.length;
    return bytes > maxBytes;
  });
  return records.slice(oldest + 1);
}
