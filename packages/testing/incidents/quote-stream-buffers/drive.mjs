import { once } from 'node:events';
import { connect } from 'node:net';

const READING = 6;
const AWAY = 6;

/** Some pages are open in front of somebody; others on phones in pockets, which do not read what arrives. */
export async function drive(lab) {
  async function listen(isAway) {
    while (!lab.signal.aborted) {
      const socket = connect(lab.port, '127.0.0.1');
      lab.onEnd(() => socket.destroy());
      socket.on('error', () => socket.destroy());
      socket.write('GET /quotes/stream HTTP/1.1\r\nhost: quotes\r\naccept: text/event-stream\r\n\r\n');
      if (isAway) socket.once('data', () => socket.pause());
      else socket.resume();
      await once(socket, 'close');
      await lab.wait(2_000);
    }
  }
  for (let index = 0; index < READING; index += 1) void listen(false);
  for (let index = 0; index < AWAY; index += 1) void listen(true);
  lab.every(200, () => lab.request('/quotes'));
  await lab.every(1_000, () => lab.request('/stats'));
}
