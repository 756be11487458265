// Who asks for what: what the probe of callers told of the last two minutes, put together by peer and function.
import type { JsonObject, ProbeFeed, RecorderContext } from '@nodelens/core';
import { numberOf, objectOf, type Place, placeOf, textOf } from '../evidence.ts';
import { peerOf } from '../requests/route-name.ts';
import { median } from '../statistics.ts';
import { round } from '../wording.ts';

const KEPT = 600;
const KEPT_MS = 120_000;
const MAX_SITES = 10;

interface Sample {
  readonly atMs: number;
  readonly peer: string;
  readonly by: JsonObject;
  readonly from: JsonObject;
  /** Since the same had failed, in ms; -1 when it had not. */
  readonly againMs: number;
}

export interface Callers {
  /** By function, most often first, of one peer or of all; at most ten. */
  sites(seconds: number, peer?: string): Promise<readonly JsonObject[]>;
}

export function keepCallers(
  feed: ProbeFeed | undefined,
  context: Pick<RecorderContext, 'now' | 'locate'>,
): Callers {
  let samples: Sample[] = [];
  feed?.onEvent(({ origin, by, from, againMs }) => {
    samples.push({
      atMs: context.now(),
      peer: peerOf(textOf(origin)),
      by: objectOf(by),
      from: objectOf(from),
      againMs: numberOf(againMs, -1),
    });
    if (samples.length >= 2 * KEPT) samples = samples.slice(-KEPT);
  });
  return {
    async sites(seconds, peer) {
      const sinceMs = context.now() - Math.min(KEPT_MS, 1_000 * seconds);
      const seen = samples.filter((one) => one.atMs >= sinceMs && (peer === undefined || one.peer === peer));
      const groups = [...Map.groupBy(seen, keyOf).values()].sort((a, b) => b.length - a.length);
      return Promise.all(
        groups.slice(0, MAX_SITES).map(async (group) => {
          const [first] = group as [Sample, ...Sample[]];
          return {
            peer: first.peer,
            by: await located(first.by, context),
            from: await located(first.from, context),
            samples: group.length,
            ...again(group),
            sharePercent: round((100 * group.length) / seen.length),
          };
        }),
      );
    },
  };
}

function again(group: readonly Sample[]): JsonObject {
  const gaps = group.map(({ againMs }) => againMs).filter((gapMs) => gapMs >= 0);
  return { again: gaps.length, againMs: gaps.length === 0 ? null : median(gaps) };
}

const keyOf = ({ peer, by, from }: Sample): string => `${peer} ${siteOf(by)} ${siteOf(from)}`;
/** A function may ask in several lines. */
const siteOf = ({ name, file }: JsonObject): string => `${textOf(name)} ${textOf(file)}`;

async function located(frame: JsonObject, { locate }: Pick<RecorderContext, 'locate'>): Promise<JsonObject> {
  const known = placeOf(frame);
  if (known === undefined) return {};
  const { name, file, line }: Place = await locate({ ...known, column: numberOf(frame.column, 1) });
  return { name: name || known.name, file, line };
}
