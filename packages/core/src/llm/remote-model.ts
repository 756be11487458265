// A live model on one thread, used from another over a MessagePort. Cancel is a message; the briefing (it holds
// functions) stays behind, so `triage` is never used this way.
import type { MessagePort } from 'node:worker_threads';
import type { ServicePort } from '../actor/hosts/services.ts';
import { cancelled } from '../agent/abort.ts';
import { fail, fromWire, toWire, type WireError } from '../errors.ts';
import type { Model, ModelRequest, ModelResponse } from './model.ts';

type ModelMessage =
  | {
      readonly type: 'model.generate';
      readonly id: number;
      readonly model: string;
      readonly request: ModelRequest;
    }
  | { readonly type: 'model.cancel'; readonly id: number };

type ModelReply =
  | { readonly type: 'model.answered'; readonly id: number; readonly response: ModelResponse }
  | { readonly type: 'model.failed'; readonly id: number; readonly error: WireError };

/** One model for every name, or a lookup where several are served. */
export type ServedModel = Model | ((name: string) => Model | undefined);

/** Serves `model` at `port`, which never keeps the process alive; returns its undo, which aborts what is running. */
export function serveModel(port: MessagePort, model: ServedModel): () => void {
  const running = new Map<number, AbortController>();
  const find = typeof model === 'function' ? model : () => model;
  const generate = async (message: ModelMessage & { type: 'model.generate' }): Promise<void> => {
    const controller = new AbortController();
    running.set(message.id, controller);
    try {
      const found = find(message.model);
      if (found === undefined)
        throw fail('model_load_failed', {
          model: message.model,
          reason: 'no live model of that name is served.',
        });
      const response = await found.generate(message.request, { signal: controller.signal });
      port.postMessage({ type: 'model.answered', id: message.id, response } satisfies ModelReply);
    } catch (error) {
      // Also an answer that cannot be cloned: it is the model's failure.
      port.postMessage({ type: 'model.failed', id: message.id, error: toWire(error) } satisfies ModelReply);
    } finally {
      running.delete(message.id);
    }
  };
  port.on('message', (message: ModelMessage) => {
    if (message.type === 'model.cancel') running.get(message.id)?.abort(fail('run_cancelled'));
    else void generate(message);
  });
  port.once('close', () => {
    for (const controller of running.values()) controller.abort(fail('run_cancelled'));
  });
  port.unref();
  return () => port.close();
}

interface Waiting {
  readonly resolve: (response: ModelResponse) => void;
  readonly reject: (error: unknown) => void;
}

/** The model served at the other end of `port`; the port keeps this thread alive only while a call is pending. */
export function connectModel(port: ServicePort, name: string): Model {
  const waiting = new Map<number, Waiting>();
  let lastId = 0;
  let isClosed = false;
  const gone = (): Error =>
    fail('model_unavailable', { model: name, reason: 'the thread that holds it closed the connection.' });
  const settle = (id: number): Waiting | undefined => {
    const found = waiting.get(id);
    waiting.delete(id);
    if (waiting.size === 0) port.unref();
    return found;
  };
  port.on('message', (reply: ModelReply) => {
    if (reply.type === 'model.answered') settle(reply.id)?.resolve(reply.response);
    else settle(reply.id)?.reject(fromWire(reply.error));
  });
  port.once('close', () => {
    isClosed = true;
    for (const id of [...waiting.keys()]) settle(id)?.reject(gone());
  });
  port.unref();

  const send = (request: ModelRequest, signal: AbortSignal): Promise<ModelResponse> => {
    const { promise, resolve, reject } = Promise.withResolvers<ModelResponse>();
    const id = ++lastId;
    const { briefing: _, ...rest } = request;
    const cancel = (): void => {
      port.postMessage({ type: 'model.cancel', id } satisfies ModelMessage);
      settle(id)?.reject(cancelled(signal));
    };
    signal.addEventListener('abort', cancel, { once: true });
    waiting.set(id, { resolve, reject });
    port.ref();
    port.postMessage({ type: 'model.generate', id, model: name, request: rest } satisfies ModelMessage);
    return promise.finally(() => signal.removeEventListener('abort', cancel));
  };
  return {
    name,
    async generate(request, { signal }) {
      if (signal.aborted) throw cancelled(signal);
      if (isClosed) throw gone();
      return send(request, signal);
    },
  };
}
