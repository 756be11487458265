// One survey: walk to the collections, watch their sizes for a while, weigh the largest, and name who fills them.
// Main is asked in slices of less than a millisecond; nothing forces a collection.

import type { CallContext, CodeLocation, JsonObject, RecorderContext } from '@nodelens/core';
import { isOwnCode } from '../own-code.ts';
import { pause } from '../pause.ts';
import { megabytes, round } from '../wording.ts';
import { closureBytes } from './closures.ts';
import { declarationLine } from './declaration.ts';
import type { GrowthHistory, Watched } from './growth-history.ts';
import { HELPER, pathOf, rootsExpression } from './main-side.ts';
import { racedPromises } from './raced-promises.ts';
import { createRemote, type Handle, type Remote, type ScriptPosition } from './remote.ts';
import { type Uses, type UsesOptions, usesOf } from './uses.ts';
import { type Found, walk } from './walk.ts';

export interface CollectionFigures {
  /** The same for as long as it is watched. */
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly entries: number;
  readonly entriesPerMinute: number;
  /** It grew in every part of the sample and never shrank. */
  readonly onlyGrows: boolean;
  readonly estimatedMb: number;
  readonly estimatedMbPerMinute: number;
  /** `streams`, `promises`, `generators`: its entries hold some, which hide what they keep; empty: they do not. */
  readonly opaque: string;
  readonly scope: string;
  readonly file: string;
  /** Where it is defined; null when the file does not show it. */
  readonly line: number | null;
  readonly filledBy: readonly JsonObject[];
  readonly emptiedBy: readonly JsonObject[];
  /** Where its size is compared with a bound. */
  readonly boundedBy: readonly JsonObject[];
}

export interface Survey {
  readonly atMs: number;
  readonly collections: readonly CollectionFigures[];
  /** Pending promises of the app that others are raced against. */
  readonly racedPromises: readonly JsonObject[];
  readonly seen: number;
  readonly steps: number;
  readonly isComplete: boolean;
  readonly sampleSeconds: number;
}

export interface SurveyOptions {
  /** How long sizes are watched, in s; 0: once. */
  readonly sampleSeconds: number;
  /** How many are told. */
  readonly limit: number;
  readonly sort: 'entries' | 'growth';
  /** Goes on to watch what is told. */
  readonly history: GrowthHistory;
}

/** What it costs main is bounded by its steps; a hundred of them, as a small app has, take 6 s where no core is free. */
const WALK_MS = 8_000;
const POLLS = 4;
/** Smaller ones are furniture. */
const MIN_ENTRIES = 20;
const WATCHED = 300;
const UNNAMED = '(unnamed)';

/** @throws NodelensError `inspector_no_answer` while main is inside a native call. */
export async function survey(
  context: RecorderContext,
  options: SurveyOptions,
  call: CallContext,
): Promise<Survey> {
  const remote = createRemote(context.inspector);
  try {
    return await surveyWith(remote, context, { ...options, call });
  } finally {
    await remote.release();
  }
}

async function surveyWith(
  remote: Remote,
  context: RecorderContext,
  { sampleSeconds, limit, sort, history, call }: SurveyOptions & { readonly call: CallContext },
): Promise<Survey> {
  const { signal, maxPauseMs } = call;
  const locate = ({ scriptId, line, column }: ScriptPosition): Promise<CodeLocation | undefined> =>
    context.inspector.locate(scriptId, line, column);
  const helper = await remote.evaluate(HELPER);
  const roots = await remote.evaluate(rootsExpression(await filesOfTheApp(context)));
  const deadlineMs = context.now() + WALK_MS;
  const walked = await walk({
    remote,
    helper,
    roots,
    locate,
    rank,
    signal,
    deadlineMs,
    now: () => context.now(),
  });
  const watched = walked.found
    .filter(({ entries }) => entries >= MIN_ENTRIES)
    .sort((a, b) => b.entries - a.entries)
    .slice(0, WATCHED);
  const sizes = await watch(watched, { remote, helper, sampleSeconds, maxPauseMs, signal });
  const told = rankBy(sort, sizes).slice(0, limit);
  const ids = await history.watch(told.map(asWatched));
  const collections: CollectionFigures[] = [];
  const searched: UsesOptions = { remote, helper, functions: walked.functions, locate };
  for (const [index, sized] of told.entries()) {
    const uses = await usesOf(sized.found, searched);
    const figures = await figuresOf(sized, uses, { remote, helper });
    collections.push({ id: ids[index] ?? '', ...figures });
  }
  const raced = await racedPromises(walked.promises, searched);
  const { steps, isComplete, found } = walked;
  return {
    atMs: context.now(),
    collections,
    racedPromises: raced,
    seen: found.length,
    steps,
    isComplete,
    sampleSeconds,
  };
}

function rank(file: string): 'app' | 'dependency' | 'foreign' {
  if (file === '' || file.startsWith('node:') || isOwnCode(file)) return 'foreign';
  return /[\\/]node_modules[\\/]/.test(file) ? 'dependency' : 'app';
}

/** Listing the scripts makes V8 look through its whole heap: 0.4 ms per MB. What is loaded late is found by the walk. */
const LISTED_MS = 10 * 60_000;
const listings = new WeakMap<RecorderContext, { readonly atMs: number; readonly files: readonly string[] }>();

async function filesOfTheApp(context: RecorderContext): Promise<readonly string[]> {
  const known = listings.get(context);
  if (known !== undefined && context.now() - known.atMs < LISTED_MS) return known.files;
  const { result } = await context.inspector
    .post('Profiler.getBestEffortCoverage')
    .catch(() => ({ result: [] }));
  const urls = (result as readonly JsonObject[]).map(({ url }) => String(url));
  const paths = urls.filter((url) => url.startsWith('file://') || url.startsWith('/')).map(pathOf);
  const own = paths.filter((path): path is string => path !== undefined && rank(path) === 'app');
  const files = [...new Set(own)].slice(0, 300);
  if (files.length > 0) listings.set(context, { atMs: context.now(), files });
  return files;
}

interface Sized {
  readonly found: Found;
  /** Entries at each poll. */
  readonly sizes: readonly number[];
  /** When each poll was, in wall-clock ms. */
  readonly times: readonly number[];
}

interface WatchOptions {
  readonly remote: Remote;
  readonly helper: Handle;
  readonly sampleSeconds: number;
  readonly maxPauseMs: number;
  readonly signal: AbortSignal;
}

async function watch(
  watched: readonly Found[],
  { remote, helper, sampleSeconds, maxPauseMs, signal }: WatchOptions,
): Promise<readonly Sized[]> {
  const read = async (grantMs: number): Promise<readonly number[]> =>
    (await remote.call(
      helper,
      'function (grantMs, ...collections) { return this.sizes(grantMs, ...collections); }',
      [grantMs, ...watched.map(({ handle }) => handle)],
    )) as readonly number[];
  const polls = [await read(0)];
  const times = [Date.now()];
  while (sampleSeconds > 0 && polls.length < POLLS && !signal.aborted) {
    await pause((sampleSeconds * 1000) / (POLLS - 1), signal);
    // Plain objects are dear to count: only once more, and within the grant.
    polls.push(await read(polls.length === POLLS - 1 ? maxPauseMs : 0));
    times.push(Date.now());
  }
  return watched.map((found, index) => ({
    found,
    // Less than nothing: a dictionary that has shrunk below what counts as one.
    sizes: polls.map((poll) => Math.max(0, poll[index] ?? 0)),
    times,
  }));
}

const asWatched = ({ found, sizes, times }: Sized): Watched => ({
  handle: found.handle,
  name: found.name || UNNAMED,
  kind: found.kind,
  file: found.file,
  points: sizes.map((value, index) => ({ atMs: times[index] ?? 0, value })),
});

const grownOf = ({ sizes }: Sized): number => (sizes.at(-1) ?? 0) - (sizes[0] ?? 0);

const rankBy = (sort: 'entries' | 'growth', sized: readonly Sized[]): readonly Sized[] =>
  sized.toSorted((a, b) =>
    sort === 'growth' && grownOf(a) !== grownOf(b)
      ? grownOf(b) - grownOf(a)
      : (b.sizes.at(-1) ?? 0) - (a.sizes.at(-1) ?? 0),
  );

async function figuresOf(
  sized: Sized,
  uses: Uses,
  { remote, helper }: { remote: Remote; helper: Handle },
): Promise<Omit<CollectionFigures, 'id'>> {
  const { found, sizes, times } = sized;
  const minutes = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 60_000;
  const entries = sizes.at(-1) ?? found.entries;
  const grown = grownOf(sized);
  const plain = await remote.call(helper, 'function (x) { return this.estimate(x); }', [found.handle]);
  const bytes = Number(plain) + entries * (await closureBytes(found.handle, { remote, helper }));
  const perMinute = sizes.length > 1 && minutes > 0 ? grown / minutes : 0;
  return {
    name: found.name || UNNAMED,
    kind: found.kind,
    entries,
    entriesPerMinute: round(perMinute, 0),
    onlyGrows: grown > 0 && sizes.every((size, index) => index === 0 || size >= (sizes[index - 1] as number)),
    estimatedMb: megabytes(bytes),
    estimatedMbPerMinute: entries === 0 ? 0 : round((megabytes(bytes) / entries) * perMinute, 2),
    opaque: String(await remote.call(helper, 'function (x) { return this.opaque(x); }', [found.handle])),
    scope: found.scope,
    file: found.file,
    line: (await declarationLine(found.name, found.file)) ?? null,
    ...uses,
  };
}
