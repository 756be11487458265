// A look at libuv's threads for a moment: how many were at work, what main gives to them by kind, and from where.
import type { JsonObject, JsonValue, ProbeFeed, RecorderContext } from '@nodelens/core';
import { objectOf } from '../evidence.ts';
import { pause } from '../pause.ts';
import { mean } from '../statistics.ts';
import { round } from '../wording.ts';
import type { Threadpool } from './threadpool.ts';
import { sitesOf } from './work-sites.ts';

const LOOKS = 5;
const MAIN_TIMEOUT_MS = 1_000;

export interface LookedAt {
  readonly context: Pick<RecorderContext, 'locate'>;
  /** Of a probe that passes questions on to a work watch. */
  readonly main: Pick<ProbeFeed, 'ask'>;
  readonly threadpool: Pick<Threadpool, 'threads'>;
}

/** What cannot be told is null. */
export async function lookAtWork(
  { context, main, threadpool }: LookedAt,
  watchMs: number,
  signal: AbortSignal,
): Promise<JsonObject> {
  const options = { timeoutMs: MAIN_TIMEOUT_MS };
  const ask = (question: JsonObject): Promise<JsonValue | undefined> =>
    main.ask(question, options).catch(() => undefined);
  const watched = await ask({ of: 'watch-work', windowMs: watchMs });
  const looks = [];
  for (let i = 0; i < LOOKS && !signal.aborted; i += 1) {
    const threads = threadpool.threads();
    if (threads !== undefined) looks.push(threads);
    await pause(watchMs / LOOKS, signal);
  }
  const sent = watched === true ? objectOf(await ask({ of: 'work' })) : undefined;
  const given = objectOf(await ask({ of: 'threadpool' }));
  return {
    threads: looks[0]?.size ?? given.threads ?? null,
    runningMean: looks.length === 0 ? null : round(mean(looks.map(({ running }) => running))),
    waitingForDiskMean: looks.length === 0 ? null : round(mean(looks.map((one) => one.waitingForDisk))),
    files: given.files ?? null,
    lookups: given.lookups ?? null,
    givenWhileWatched: sent?.counts ?? null,
    sites: sent === undefined ? [] : await sitesOf(sent.sites, context),
  };
}
