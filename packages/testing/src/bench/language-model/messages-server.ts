// A server of the Messages API on loopback, behind which a script answers in place of a language model.
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { reasonOf } from '@nodelens/core';
import { conversationOf, type MessagesRequest, messageOf } from './messages-wire.ts';
import { answerAs } from './scripted-brain.ts';

export interface MessagesServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Conversations of one run last for a minute; those of earlier runs are forgotten. */
const REMEMBERED = 1_000;

export async function startMessagesServer(): Promise<MessagesServer> {
  const startedMs = new Map<string, number>();
  let answers = 0;
  const answer = async (request: IncomingMessage): Promise<object> => {
    const asked = (await json(request)) as MessagesRequest;
    const conversation = conversationOf(asked);
    const key = `${request.socket.remotePort} ${JSON.stringify(asked.messages[0])}`;
    const since = startedMs.get(key) ?? Date.now();
    if (startedMs.size > REMEMBERED) startedMs.clear();
    startedMs.set(key, since);
    answers += 1;
    return messageOf(await answerAs(conversation, since), asked, `msg_${answers}`);
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
