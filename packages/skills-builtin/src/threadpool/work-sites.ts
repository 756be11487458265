// The functions that give work to libuv's threads, at their places in the source.
import type { JsonObject, JsonValue, RecorderContext } from '@nodelens/core';
import { listOf, numberOf, objectOf, placeOf, textOf } from '../evidence.ts';
import { located } from './located.ts';

/** @param sites as the probe tells them; most frequent first, at most 10 */
export async function sitesOf(
  sites: JsonValue | undefined,
  context: Pick<RecorderContext, 'locate'>,
): Promise<readonly JsonObject[]> {
  const most = [...listOf(sites)].sort((a, b) => numberOf(b.count) - numberOf(a.count)).slice(0, 10);
  return Promise.all(
    most.map(async ({ kind, frame, count }) => {
      const place = placeOf(frame);
      if (place === undefined) return { kind: textOf(kind), count: numberOf(count) };
      const column = numberOf(objectOf(frame).column, 1);
      const { name, file, line } = await located({ ...place, column }, context);
      return { kind: textOf(kind), count: numberOf(count), name: name || place.name, file, line };
    }),
  );
}
