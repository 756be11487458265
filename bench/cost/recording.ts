// A recording as a file: gzip'd JSON lines, snapshots and what callbacks said.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { JsonObject, JsonValue } from '@nodelens/core';

export interface RecordedSnapshot {
  readonly skill: string;
  /** Wall-clock ms. */
  readonly atMs: number;
  readonly data: JsonObject;
}

export type RecordedCall = {
  readonly skill: string;
  readonly callback: string;
  readonly args: readonly JsonValue[];
} & ({ readonly value: JsonValue } | { readonly error: string });

export type RecordedLine = RecordedSnapshot | RecordedCall;

export interface Recording {
  /** By skill, oldest first. */
  readonly snapshots: ReadonlyMap<string, readonly RecordedSnapshot[]>;
  readonly calls: readonly RecordedCall[];
}

export const recordingFile = (name: string): URL => new URL(`./recordings/${name}.jsonl.gz`, import.meta.url);

export function readRecording(name: string): Recording {
  const lines = gunzipSync(readFileSync(recordingFile(name)))
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as RecordedLine);
  const snapshots = lines.filter((line): line is RecordedSnapshot => 'data' in line);
  return {
    snapshots: Map.groupBy(snapshots, ({ skill }) => skill),
    calls: lines.filter((line): line is RecordedCall => 'callback' in line),
  };
}
