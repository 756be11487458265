// A name server on loopback: from the ninth second on it takes 0.7 to 1.6 s to answer. The hosts answer in 25 ms.
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const CHANGES_AT_MS = 9_000;
const TOPICS = ['order.placed', 'order.sent', 'stock.changed', 'price.changed'];

export async function prepare(lab) {
  let startedAt;
  const host = () =>
    lab.serve((request, response) => {
      request.resume();
      setTimeout(() => response.writeHead(204).end(), 15 + 20 * lab.random());
    });
  const hosts = [await host(), await host()];
  const names = createSocket('udp4');
  const usualMs = () => (lab.random() < 0.03 ? 40 + 40 * lab.random() : 1 + 4 * lab.random());
  names.on('message', (query, { port, address }) => {
    startedAt ??= Date.now();
    const isLate = !lab.isHealthy && Date.now() - startedAt >= CHANGES_AT_MS;
    const delayMs = isLate ? 700 + 900 * lab.random() : usualMs();
    setTimeout(() => names.send(answerTo(query), port, address, () => undefined), delayMs);
  });
  names.on('error', () => undefined);
  names.bind(0, '127.0.0.1');
  await once(names, 'listening');
  lab.onEnd(() => names.close());
  lab.env.NAME_SERVER = `127.0.0.1:${names.address().port}`;
  lab.names.names = lab.env.NAME_SERVER;
  lab.env.SUBSCRIBER_PORTS = hosts.map(({ url }) => new URL(url).port).join(',');
}

export async function drive(lab) {
  const event = () =>
    JSON.stringify({
      topic: TOPICS[Math.floor(lab.random() * TOPICS.length)],
      payload: { id: lab.random() },
    });
  lab.every(100, () => lab.request('/events', { method: 'POST', body: event() }));
  await lab.every(700, () => lab.request('/deliveries'));
}

/** 127.0.0.1 for whatever is asked, valid for no time. */
function answerTo(query) {
  const questionEnd = query.indexOf(0, 12) + 5;
  const head = Buffer.from(query.subarray(0, 12));
  head.writeUInt16BE(0x8180, 2);
  head.writeUInt16BE(1, 6);
  head.writeUInt16BE(0, 8);
  head.writeUInt16BE(0, 10);
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, 127, 0, 0, 1]);
  return Buffer.concat([head, query.subarray(12, questionEnd), record]);
}
