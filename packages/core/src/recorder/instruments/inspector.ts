// The one inspector session on main. Every request has a deadline; a late answer is dropped. It connects only when
// the exit word allows it, gives the session up when main asks, and enables the
// Debugger domain for nobody but the skill `tracer`, which sees to it that it never pauses.
import { Session } from 'node:inspector';
import { fail } from '../../errors.ts';
import type { JsonObject, JsonValue } from '../../json.ts';
import type { CodeLocation, MainInspector } from '../context.ts';
import { claimConnection, type ExitWord, markGone, onCloseAsked } from '../exit-word.ts';
import { createScriptTable, type ScriptTable } from './scripts.ts';
import type { Locator } from './source-map.ts';

const DEFAULT_TIMEOUT_MS = 1_000;

export interface MainSession extends MainInspector {
  readonly scripts: ScriptTable;
  /**
   * One request without a deadline: `done` is called when main answers, however late, or not at all.
   * For watchers that keep their own time.
   */
  send(
    method: string,
    params: JsonObject,
    done: (error: Error | undefined, result: JsonObject) => void,
  ): void;
  /** Listens to an event of the session; returns the undo. */
  on(event: string, listener: (params: JsonObject) => void): () => void;
  /** What is still to be done before the session is given up: main waits meanwhile, so it must be quick and not throw. */
  beforeClose(work: () => void): void;
  /** Gives the session up for good. Idempotent. */
  close(): void;
}

/** Connects to main; undefined when the process is ending already. */
export function connectInspector(word: ExitWord, locator: Locator): MainSession | undefined {
  if (!claimConnection(word)) return undefined;
  const session = new Session();
  session.connectToMainThread();
  const lastWork: (() => void)[] = [];
  const close = (): void => {
    for (const work of lastWork.splice(0)) work();
    session.disconnect();
    // Only now: main takes the word for the proof that its side of the session is gone.
    markGone(word);
  };
  // A rescue for ends that go round the exit guard: one line on stderr instead of a hang.
  session.on('NodeRuntime.waitingForDisconnect', close);
  session.post('NodeRuntime.notifyWhenWaitingForDisconnect', { enabled: true });
  void onCloseAsked(word, close);
  return {
    ...createSession(session, locator),
    beforeClose: (work) => void lastWork.push(work),
    close,
  };
}

function createSession(session: Session, locator: Locator): Omit<MainSession, 'beforeClose' | 'close'> {
  const post: MainInspector['post'] = (method, params = {}, { timeoutMs = DEFAULT_TIMEOUT_MS } = {}) =>
    new Promise<JsonObject>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(fail('inspector_no_answer', { method, timeoutMs })),
        Math.max(1, timeoutMs),
      );
      session.post(method, params, (error, result) => {
        clearTimeout(timer);
        if (error === null) resolve((result ?? {}) as JsonObject);
        else reject(fail('inspector_failed', { method, reason: error.message }, { cause: error }));
      });
    });
  const scripts = createScriptTable(post);

  return {
    scripts,
    async post(method, params, options) {
      try {
        return await post(method, params, options);
      } catch (error) {
        throw asRefused(error, method);
      }
    },
    send(method, params, done) {
      try {
        session.post(method, params, (error, result) =>
          done(error ?? undefined, (result ?? {}) as JsonObject),
        );
      } catch (error) {
        done(asRefused(error, method), {});
      }
    },
    on(event, listener) {
      const wrapped = (message: { params?: unknown }): void => listener((message.params ?? {}) as JsonObject);
      session.on(event, wrapped);
      return () => session.off(event, wrapped);
    },
    async evaluate(expression, options) {
      const params = { expression, returnByValue: true, silent: true };
      return evaluatedValue(await this.post('Runtime.evaluate', params, options));
    },
    async locate(scriptId, line, column): Promise<CodeLocation | undefined> {
      const url = await scripts.urlOf(scriptId);
      if (url === undefined) return undefined;
      return locator.locate({ name: '', url, line: line + 1, column: column + 1 });
    },
  };
}

/** A closed session throws at once; the caller gets the same kind of error as for a refused request. */
function asRefused(error: unknown, method: string): Error {
  if (error instanceof Error && error.name === 'NodelensError') return error;
  return fail('inspector_failed', { method, reason: 'the session is closed' }, { cause: error });
}

/** The value of a `Runtime.evaluate` answer. */
export function evaluatedValue(answer: JsonObject): JsonValue {
  const details = answer.exceptionDetails as
    | { text?: string; exception?: { description?: string } }
    | undefined;
  if (details !== undefined) {
    const reason = details.exception?.description ?? details.text ?? 'the expression threw';
    throw fail('inspector_failed', { method: 'Runtime.evaluate', reason });
  }
  return (answer.result as { value?: JsonValue } | undefined)?.value ?? null;
}
