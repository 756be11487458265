// A server of the Messages API on loopback, behind which a script answers in place of a language model.
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { reasonOf } from '@nodelens/core';
import { conversationOf, type MessagesRequest, messageOf, startOf } from './messages-wire.ts';
import { answerAs } from './scripted-brain.ts';

export interface MessagesServer {
  readonly url: string;
  close(): Promise<void>;
}

export async function startMessagesServer(): Promise<MessagesServer> {
  let answers = 0;
  const answer = async (request: IncomingMessage): Promise<object> => {
    const asked = (await json(request)) as MessagesRequest;
    const startedMs = startOf(asked) ?? Date.now();
    answers += 1;
    const response = await answerAs(conversationOf(asked), startedMs);
    return messageOf(response, asked, { startedMs, number: answers });
  };
  const server = createServer((request, response) => {
    const send = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (request.method !== 'POST' || !request.url?.startsWith('/v1/messages'))
      return send(404, { type: 'error', error: { type: 'not_found_error', message: 'POST /v1/messages' } });
    answer(request).then(
      (message) => send(200, message),
      (error: unknown) =>
        send(400, { type: 'error', error: { type: 'invalid_request_error', message: reasonOf(error) } }),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
