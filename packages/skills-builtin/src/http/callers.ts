// Who asks for what, and when many ask for the same at once: what the probe of callers told of the last two minutes.
import type { CodeLocation, JsonObject, ProbeFeed, RecorderContext } from '@nodelens/core';
import { listOf, numberOf, placeOf, textOf } from '../evidence.ts';
import { callOf, peerOf } from '../requests/route-name.ts';
import { median } from '../statistics.ts';
import { located } from '../threadpool/located.ts';
import { round } from '../wording.ts';
import { askerOf, keyOf, type Seen } from './askers.ts';

const KEPT = 800;
const KEPT_MS = 120_000;
const MAX_SITES = 12;

interface Sample extends Seen {
  readonly atMs: number;
  readonly peer: string;
  /** Since the same had failed, in ms; -1 when it had not. */
  readonly againMs: number;
}

interface Burst {
  readonly atMs: number;
  readonly peer: string;
  readonly call: string;
  readonly peak: number;
  readonly requests: number;
  readonly lastedMs: number;
  readonly quietMs: number;
}

export interface Callers {
  /** By call and function, most often first; at most twelve. */
  sites(seconds: number): Promise<readonly JsonObject[]>;
  /** Calls that many made at once, again and again; most often first. At once. */
  bursts(seconds: number): readonly JsonObject[];
}

type Context = Pick<RecorderContext, 'now' | 'locate'>;

export function keepCallers(feed: ProbeFeed | undefined, context: Context): Callers {
  let samples: Sample[] = [];
  let bursts: Burst[] = [];
  feed?.onEvent((event) => {
    if (event.target === undefined) return;
    const target = textOf(event.target);
    const of = { atMs: context.now(), peer: peerOf(target), call: callOf(textOf(event.method), target) };
    if (event.path === undefined) bursts = [...bursts, burstOf(event, of)].slice(-KEPT);
    else samples.push({ ...of, path: listOf(event.path), againMs: numberOf(event.againMs, -1) });
    if (samples.length >= 2 * KEPT) samples = samples.slice(-KEPT);
  });
  const since = (seconds: number): number => context.now() - Math.min(KEPT_MS, 1_000 * seconds);
  return {
    async sites(seconds) {
      const seen = samples.filter(({ atMs }) => atMs >= since(seconds));
      const groups = [...Map.groupBy(seen, groupOf).values()].sort((a, b) => b.length - a.length);
      return Promise.all(groups.slice(0, MAX_SITES).map((group) => siteOf(group, seen, context)));
    },
    bursts: (seconds) =>
      [
        ...Map.groupBy(
          bursts.filter(({ atMs }) => atMs >= since(seconds)),
          ({ call }) => call,
        ).values(),
      ]
        .map(crowdOf)
        .sort((a, b) => numberOf(b.bursts) - numberOf(a.bursts)),
  };
}

const burstOf = (event: JsonObject, of: Pick<Burst, 'atMs' | 'peer' | 'call'>): Burst => ({
  ...of,
  peak: numberOf(event.peak),
  requests: numberOf(event.requests),
  lastedMs: numberOf(event.lastedMs),
  quietMs: numberOf(event.quietMs, -1),
});

function crowdOf(some: readonly Burst[]): JsonObject {
  const quiet = some.map(({ quietMs }) => quietMs).filter((quietMs) => quietMs >= 0);
  return {
    peer: some[0]?.peer ?? '',
    call: some[0]?.call ?? '',
    bursts: some.length,
    atOnce: median(some.map(({ peak }) => peak)),
    requests: some.reduce((sum, { requests }) => sum + requests, 0),
    lastedMs: median(some.map(({ lastedMs }) => lastedMs)),
    quietMs: quiet.length === 0 ? null : median(quiet),
  };
}

const groupOf = ({ call, path }: Sample): string =>
  `${call} ${keyOf(path[0] ?? {})} ${keyOf(path.at(-1) ?? {})}`;

async function siteOf(
  group: readonly Sample[],
  seen: readonly Sample[],
  context: Context,
): Promise<JsonObject> {
  const [{ peer, call, path }] = group as [Sample, ...Sample[]];
  const gaps = group.map(({ againMs }) => againMs).filter((gapMs) => gapMs >= 0);
  const frames = [path[0], path.at(-1), askerOf(call, seen)];
  const [by = null, from = null, asker = null] = await Promise.all(
    frames.map((frame) => placeIn(frame, context)),
  );
  return {
    peer,
    call,
    by,
    from,
    asker,
    samples: group.length,
    again: gaps.length,
    againMs: gaps.length === 0 ? null : median(gaps),
    sharePercent: round((100 * group.length) / seen.length),
  };
}

async function placeIn(frame: JsonObject | undefined, context: Context): Promise<JsonObject | null> {
  const known = placeOf(frame);
  if (known === undefined) return null;
  const { name, file, line }: CodeLocation = await located(
    { ...known, column: numberOf(frame?.column, 1) },
    context,
  );
  return { name: name || known.name, file, line };
}
