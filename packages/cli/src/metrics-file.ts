// Recorded metrics: one JSON object a line, `{ at, skill, data }`, as `nodelens record` writes them and any other
// program can.
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { fail, type JsonObject, type MetricsSample, reasonOf } from '@nodelens/core';

export const encodeSample = ({ skill, atMs, data }: MetricsSample): string =>
  `${JSON.stringify({ at: new Date(atMs).toISOString(), skill, data })}\n`;

/**
 * The samples of a file, one after the other; a file of any size takes no more memory than a line of it.
 * @throws NodelensError `metrics_invalid` with the line, from 1 on; `option_invalid` when it cannot be opened.
 */
export async function* readSamples(file: string): AsyncGenerator<MetricsSample> {
  const newest = new Map<string, number>();
  let line = 0;
  const invalid = (reason: string): Error => fail('metrics_invalid', { file, line, reason });
  const input = createReadStream(file, { encoding: 'utf8' });
  // The lines' own iterator would end without a word.
  const opened = new Promise<void>((resolve, reject) =>
    input.once('open', () => resolve()).once('error', reject),
  );
  try {
    await opened;
  } catch (error) {
    throw fail('option_invalid', { option: 'file', reason: reasonOf(error) }, { cause: error });
  }
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    line += 1;
    if (text.trim() === '') continue;
    const sample = parse(text);
    if (typeof sample === 'string') throw invalid(sample);
    if (sample.atMs < (newest.get(sample.skill) ?? sample.atMs))
      throw invalid(`"at" is before that of the line before of "${sample.skill}".`);
    newest.set(sample.skill, sample.atMs);
    yield sample;
  }
}

/** A sample, or what is wrong. */
function parse(text: string): MetricsSample | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return `it is not JSON (${reasonOf(error)}).`;
  }
  const { at, skill, data } = (value ?? {}) as { at?: unknown; skill?: unknown; data?: unknown };
  const atMs = typeof at === 'string' ? Date.parse(at) : at;
  if (typeof atMs !== 'number' || !Number.isFinite(atMs))
    return '"at" must be an ISO-8601 time or milliseconds since 1970.';
  if (typeof skill !== 'string' || skill === '') return '"skill" must be a text.';
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return '"data" must be an object.';
  return { skill, atMs, data: data as JsonObject };
}
