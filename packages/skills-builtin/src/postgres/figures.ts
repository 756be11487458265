// The answers to questions about past queries, made of what is kept. Pure.
import type { JsonObject } from '@nodelens/core';
import { numberOf, textOf } from '../evidence.ts';
import { max, median, sum } from '../statistics.ts';
import { round } from '../wording.ts';
import { isControl } from './fingerprint.ts';
import { quantile } from './histogram.ts';
import { routeOf } from './present.ts';
import type { Figures, QueryStore } from './query-store.ts';
import { meaningOf } from './sqlstate.ts';

/** @param seconds that the figures cover */
export const describeStatement = (query: string, figures: Figures, seconds: number): JsonObject => ({
  query,
  calls: figures.calls,
  callsPerSecond: round(figures.calls / seconds, 2),
  totalMs: round(figures.totalMs),
  meanMs: round(figures.totalMs / figures.calls, 2),
  p50Ms: round(quantile(figures.durations, 0.5), 2),
  p99Ms: round(Math.min(figures.maxMs, quantile(figures.durations, 0.99)), 2),
  maxMs: round(figures.maxMs),
  rowsPerCall: round(figures.rows / figures.calls),
  errors: figures.errors,
});

/** One line for each group, in the order of the groups' first members. */
function grouped(
  events: readonly JsonObject[],
  keyOf: (event: JsonObject) => string,
): readonly (readonly JsonObject[])[] {
  const groups = new Map<string, JsonObject[]>();
  for (const event of events) {
    const key = keyOf(event);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [event]);
    else group.push(event);
  }
  return [...groups.values()];
}

const newestOf = (group: readonly JsonObject[]): JsonObject => group[0] ?? {};

/** Slow queries by statement, the most time first. `ownMs`: without stalls of main. */
export const slowGroups = (events: readonly JsonObject[], store: QueryStore, nowMs: number): JsonObject[] =>
  grouped(events, ({ text }) => store.fingerprint(textOf(text)))
    .map((group) => {
      const own = group.map(({ ownMs }) => numberOf(ownMs));
      const newest = newestOf(group);
      return {
        query: store.fingerprint(textOf(newest.text)),
        count: group.length,
        medianMs: round(median(own)),
        maxMs: round(max(own)),
        totalMs: round(sum(own)),
        rows: numberOf(newest.rows),
        database: newest.database,
        newestAgoMs: nowMs - numberOf(newest.atMs),
        endpoint: newest.endpoint,
        frame: frameOfGroup(group) ?? store.frame(store.fingerprint(textOf(newest.text))),
      };
    })
    .sort((a, b) => b.totalMs - a.totalMs);

/** Errors by code and statement, the most first. */
export const errorGroups = (
  events: readonly JsonObject[],
  store: QueryStore,
  { fromMs, nowMs }: { readonly fromMs: number; readonly nowMs: number },
): JsonObject[] => {
  const statements = store.statements(fromMs);
  const nameOf = ({ of, text }: JsonObject): string =>
    of === 'connect' ? '(connect)' : store.fingerprint(textOf(text));
  return grouped(events, (event) => `${event.code} ${nameOf(event)}`)
    .map((group) => {
      const newest = newestOf(group);
      const name = nameOf(newest);
      return {
        of: newest.of,
        code: newest.code,
        meaning: meaningOf(newest.code),
        message: withoutValues(newest),
        query: newest.of === 'connect' ? null : name,
        count: group.length,
        calls: newest.of === 'connect' ? null : (statements.get(name)?.calls ?? group.length),
        isPoolFull: newest.isPoolFull,
        newestAgoMs: nowMs - numberOf(newest.atMs),
        endpoint: newest.endpoint,
        frame: frameOfGroup(group) ?? store.frame(name),
      };
    })
    .sort((a, b) => b.count - a.count);
};

/** Statements that were run many times in one request or chain of awaits, by statement and route. */
export const repetitions = (
  events: readonly JsonObject[],
  store: QueryStore,
  { fromMs, nowMs }: { readonly fromMs: number; readonly nowMs: number },
): JsonObject[] => {
  const statements = store.statements(fromMs);
  const allCalls = sum([...statements.values()].map(({ calls }) => calls));
  const routeOfEvent = ({ endpoint }: JsonObject): string => (endpoint ? routeOf(textOf(endpoint)) : '');
  return grouped(events, (event) => `${routeOfEvent(event)} ${store.fingerprint(textOf(event.text))}`)
    .map((group) => {
      const newest = newestOf(group);
      const query = store.fingerprint(textOf(newest.text));
      const counts = group.map(({ count }) => numberOf(count));
      const figures = statements.get(query);
      return {
        query,
        endpoint: routeOfEvent(newest) || null,
        contexts: group.length,
        medianExecutions: median(counts),
        maxExecutions: max(counts),
        medianSpanMs: round(median(group.map(({ spanMs }) => numberOf(spanMs)))),
        meanMs: figures === undefined ? null : round(figures.totalMs / figures.calls, 2),
        shareOfQueries: figures === undefined ? null : round(figures.calls / allCalls, 3),
        newestAgoMs: nowMs - numberOf(newest.atMs),
        frame: store.frame(query),
      };
    })
    .filter(({ query }) => !isControl(query))
    .sort((a, b) => b.contexts * b.medianExecutions - a.contexts * a.medianExecutions);
};

/** What a type does not allow stands quoted in the message; other quotes are names. */
const withoutValues = ({ code, message }: JsonObject): string =>
  textOf(code).startsWith('22') ? textOf(message).replace(/"[^"]*"?/g, '"…"') : textOf(message);

const frameOfGroup = (group: readonly JsonObject[]): JsonObject | undefined =>
  group.map(({ frame }) => frame).find((frame) => frame !== undefined) as JsonObject | undefined;
