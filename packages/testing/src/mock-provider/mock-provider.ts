// A provider of language models on loopback: the Messages API over HTTP with honest token counts and a prompt cache, and
// a function in place of the model. For tests and benchmarks of what investigations cost and of what aborts reach.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { reasonOf, type TokenUsage } from '@nodelens/core';
import type { MessagesRequest } from './messages-request.ts';
import { type Conversation, conversationOf, messageOf, startOf } from './messages-wire.ts';
import { createPromptCache, estimatedTokens, type PromptCacheOptions } from './prompt-cache.ts';
import type { ModelAnswer, ProviderCall } from './provider-call.ts';

export interface MockProviderOptions extends PromptCacheOptions {
  /**
   * Since when others may read what a request has written to the cache: since its `answer` begins, as with a provider,
   * or since its `arrival`, which does not depend on how requests overlap. Default `answer`.
   */
  readonly cachedSince?: 'answer' | 'arrival';
  /** Stands in for the model. A throw is answered as the HTTP status that its `status` names, else as 400. */
  readonly answer: (conversation: Conversation, call: AnswerContext) => ModelAnswer | Promise<ModelAnswer>;
}

export interface AnswerContext {
  /** The name that was asked for. */
  readonly model: string;
  /** Aborted when the client closed its connection before it was answered. */
  readonly signal: AbortSignal;
  /** When this conversation began, in wall-clock ms. */
  readonly startedMs: number;
}

export interface MockProvider {
  /** For `anthropic({ baseUrl })` or ANTHROPIC_BASE_URL. */
  readonly url: string;
  /** Calls that were answered, oldest first. */
  readonly calls: readonly ProviderCall[];
  /** Calls that are being answered now. */
  readonly open: number;
  /** Of all answered calls, as Nodelens counts: cache writes are input, cache reads are not. */
  used(): TokenUsage;
  close(): Promise<void>;
}

/** Listens on a free port; ends with `close`. */
export async function startMockProvider({
  answer,
  cachedSince = 'answer',
  ...options
}: MockProviderOptions): Promise<MockProvider> {
  const cache = createPromptCache(options);
  const { countTokens = estimatedTokens, now = Date.now } = options;
  const calls: ProviderCall[] = [];
  const open = new Set<AbortController>();
  const serve = async (incoming: IncomingMessage, signal: AbortSignal): Promise<object> => {
    const request = (await json(incoming)) as MessagesRequest;
    const startedMs = startOf(request) ?? now();
    const { usage, commit } = cache.admit(request);
    if (cachedSince === 'arrival') commit();
    const said = await answer(conversationOf(request), { model: request.model, signal, startedMs });
    if (cachedSince === 'answer') commit();
    const written =
      said.text + said.toolCalls.map((call) => call.name + JSON.stringify(call.arguments)).join('');
    const call = { request, usage: { ...usage, output_tokens: countTokens(written) } };
    calls.push(call);
    return messageOf(said, call, { startedMs, number: calls.length });
  };
  const server = createServer((incoming, response) => {
    if (incoming.method !== 'POST' || !incoming.url?.startsWith('/v1/messages'))
      return send(response, 404, errorBody('not_found_error', 'POST /v1/messages'));
    const gone = new AbortController();
    open.add(gone);
    response.once('close', () => {
      open.delete(gone);
      gone.abort();
    });
    serve(incoming, gone.signal).then(
      (message) => send(response, 200, message),
      (error: unknown) => {
        const status = statusOf(error);
        send(response, status, errorBody(ERROR_TYPES[status] ?? 'api_error', reasonOf(error)));
      },
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    get open() {
      return open.size;
    },
    used: () => total(calls),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** As the API names them. */
const ERROR_TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  429: 'rate_limit_error',
  529: 'overloaded_error',
};

function statusOf(error: unknown): number {
  const { status } = Object(error) as { readonly status?: unknown };
  return typeof status === 'number' && status >= 400 && status < 600 ? status : 400;
}

const errorBody = (type: string, message: string): object => ({ type: 'error', error: { type, message } });

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const total = (calls: readonly ProviderCall[]): TokenUsage =>
  calls.reduce(
    (sum, { usage }) => ({
      inputTokens: sum.inputTokens + usage.input_tokens + usage.cache_creation_input_tokens,
      cachedInputTokens: sum.cachedInputTokens + usage.cache_read_input_tokens,
      outputTokens: sum.outputTokens + usage.output_tokens,
    }),
    { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0 },
  );
