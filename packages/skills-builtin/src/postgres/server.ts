// Questions to the server through the app's own pool: the recorder asks main to begin, and the answer comes as an event.
import type { JsonObject, JsonValue, ProbeFeed } from '@nodelens/core';
import { textOf } from '../evidence.ts';
import { pause } from '../pause.ts';
import type { Past } from './past.ts';
import type { ServerTopic } from './server-sql.ts';

/** The deadlines on main are shorter: what is still missing then, main is too busy to tell. */
const WAIT_MS = 4_000;

export type ServerAnswer =
  | { readonly told: JsonValue; readonly pool: JsonObject }
  | { readonly unavailable: string };

/** One question after the other. */
export type AskServer = (
  topic: ServerTopic,
  pool: number | null,
  signal: AbortSignal,
) => Promise<ServerAnswer>;

export function createAskServer(feed: ProbeFeed, past: Past): AskServer {
  let arrived = Promise.withResolvers<JsonObject>();
  let last: Promise<unknown> = Promise.resolve();
  past.onServer((event) => arrived.resolve(event));
  const askNow: AskServer = async (topic, pool, signal) => {
    // The answer may be there before main has told that it began.
    arrived = Promise.withResolvers();
    const started = (await feed.ask({ about: 'server', topic, pool })) as JsonObject | null;
    if (started === null) return { unavailable: 'the probe does not run' };
    const { id: _, refused, ...where } = started;
    if (refused !== undefined) return { unavailable: textOf(refused) };
    const { json, error, code } = await within(arrived.promise, signal);
    return typeof json === 'string'
      ? { told: JSON.parse(json), pool: where }
      : { unavailable: reasonOf(topic, textOf(error), code) };
  };
  return (topic, pool, signal) => {
    const asked = last.then(() => askNow(topic, pool, signal));
    last = asked.catch(() => undefined);
    return asked;
  };
}

async function within(answer: Promise<JsonObject>, signal: AbortSignal): Promise<JsonObject> {
  const done = new AbortController();
  const late = pause(WAIT_MS, AbortSignal.any([signal, done.signal])).then(() => ({
    error: 'main has not passed on the answer in time',
  }));
  return Promise.race([answer, late]).finally(() => done.abort());
}

function reasonOf(topic: ServerTopic, error: string, code: JsonValue | undefined): string {
  if (topic === 'statements' && (code === '42P01' || code === '55000'))
    return 'the extension pg_stat_statements is not installed in this database';
  return `the server: ${error}`;
}
