// Errors that are one: the same kind, type, code, message without what varies, peer, and frames of the app. Bounded; the
// one seen longest ago makes room. Pure but for what it holds.
import { createHash } from 'node:crypto';
import { maskedTokens } from '../logger/mask.ts';
import { createSeries, type Series } from '../logger/series.ts';
import type { Occurrence } from './occurrence.ts';

const KEPT = 300;
/** Occurrences that are further apart are no run any more. */
export const RUN_GAP_MS = 15_000;

export interface Fingerprint {
  readonly id: string;
  /** The message without what varies. */
  readonly pattern: string;
  /** The newest one with a stack, else the newest. */
  readonly example: Occurrence;
  readonly count: number;
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  /** Since when, and how often, it has been coming without a break of {@link RUN_GAP_MS}. */
  readonly runStartedMs: number;
  readonly runCount: number;
  /** Requests that the app had been asked for when it was first seen; 0 where nobody counts. */
  readonly requestsBefore: number;
  readonly series: Series;
}

type Draft = { -readonly [key in keyof Fingerprint]: Fingerprint[key] };

export interface Fingerprints {
  add(occurrence: Occurrence, requestsBefore: number): Fingerprint;
  all(): readonly Fingerprint[];
  find(id: string): Fingerprint | undefined;
}

export function createFingerprints(): Fingerprints {
  // In the order of when they were seen.
  const drafts = new Map<string, Draft>();
  /** The newest with a stack, for those that come without one. */
  const byGist = new Map<string, string>();
  return {
    add(occurrence, requestsBefore) {
      const pattern = maskedTokens(occurrence.message).join(' ');
      const gist = gistOf(occurrence, pattern);
      const id = occurrence.hasStack ? idOf(gist, occurrence) : (byGist.get(gist) ?? idOf(gist, occurrence));
      const known = drafts.get(id);
      const draft = known ?? begin(id, pattern, { occurrence, requestsBefore });
      count(draft, occurrence);
      drafts.delete(id);
      drafts.set(id, draft);
      if (occurrence.hasStack) byGist.set(gist, id);
      const [oldest] = drafts.values();
      if (drafts.size > KEPT && oldest !== undefined) {
        drafts.delete(oldest.id);
        byGist.delete(gistOf(oldest.example, oldest.pattern));
      }
      return draft;
    },
    all: () => [...drafts.values()],
    find: (id) => drafts.get(id),
  };
}

const gistOf = ({ kind, type, code, peer, isExpected }: Occurrence, pattern: string): string =>
  [kind, type, code, peer, isExpected, pattern].join('\0');

function idOf(gist: string, { ownFrames }: Occurrence): string {
  const frames = ownFrames.map(({ name, file, line, column }) => `${name} ${file}:${line}:${column}`);
  return createHash('sha256')
    .update([gist, ...frames].join('\0'))
    .digest('hex')
    .slice(0, 10);
}

const begin = (
  id: string,
  pattern: string,
  { occurrence, requestsBefore }: { readonly occurrence: Occurrence; readonly requestsBefore: number },
): Draft => ({
  id,
  pattern,
  example: occurrence,
  count: 0,
  firstSeenMs: occurrence.atMs,
  lastSeenMs: occurrence.atMs,
  runStartedMs: occurrence.atMs,
  runCount: 0,
  requestsBefore,
  series: createSeries(),
});

function count(draft: Draft, occurrence: Occurrence): void {
  const { atMs } = occurrence;
  if (atMs - draft.lastSeenMs > RUN_GAP_MS) {
    draft.runStartedMs = atMs;
    draft.runCount = 0;
  }
  draft.count += 1;
  draft.runCount += 1;
  draft.lastSeenMs = Math.max(draft.lastSeenMs, atMs);
  if (occurrence.hasStack || !draft.example.hasStack) draft.example = occurrence;
  draft.series.add(atMs);
}
