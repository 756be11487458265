// Those who listen to the stream, and what is sent to them: server-sent events.
const RETRY_MS = 2_000;

export function createChannel() {
  const clients = new Set();
  let sent = 0;

  return {
    join(response) {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      response.write(`retry: ${RETRY_MS}\n\n`);
      clients.add(response);
      response.once('close', () => clients.delete(response));
    },
    publish(event, data) {
      const text = `id: ${sent}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
      for (const client of clients) client.write(text);
      sent += 1;
    },
    stats: () => ({ clients: clients.size, sent }),
  };
}
