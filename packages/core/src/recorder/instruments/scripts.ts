// scriptId -> URL of main's scripts, without the Debugger domain: from what other answers carry anyway, else from a
// best-effort coverage listing (a pause of 2 ms in a small app, 40 ms with 484 scripts on a busy machine), asked for
// at most once a second.
import type { JsonObject } from '../../json.ts';

export interface ScriptTable {
  /** Remembers what an answer told in passing. */
  note(scriptId: string, url: string): void;
  /** undefined when V8 no longer knows the script, or main does not answer. */
  urlOf(scriptId: string): Promise<string | undefined>;
}

const CAPACITY = 20_000;
const REFRESH_MS = 1_000;

type Post = (method: string, params?: JsonObject, options?: { timeoutMs?: number }) => Promise<JsonObject>;

export function createScriptTable(post: Post): ScriptTable {
  const urls = new Map<string, string>();
  let refreshedAt = Number.NEGATIVE_INFINITY;
  let refreshing: Promise<void> | undefined;

  const note = (scriptId: string, url: string): void => {
    if (url === '') return;
    if (urls.size >= CAPACITY) urls.clear();
    urls.set(scriptId, url);
  };

  const refresh = async (): Promise<void> => {
    refreshedAt = performance.now();
    try {
      const { result } = await post('Profiler.getBestEffortCoverage');
      for (const script of result as unknown as readonly { scriptId: string; url: string }[])
        note(script.scriptId, script.url);
    } catch {
      // Main is in a native call or the session is closed: the script stays unknown, which the caller reports.
    }
  };

  return {
    note,
    async urlOf(scriptId) {
      if (!urls.has(scriptId) && performance.now() - refreshedAt >= REFRESH_MS)
        refreshing = refresh().finally(() => {
          refreshing = undefined;
        });
      await refreshing;
      return urls.get(scriptId);
    },
  };
}
