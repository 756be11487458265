// Partners connect anew for each question, at first seldom, then forty to fifty times a second.
import { get } from 'node:http';

const PORTS = ['hamburg', 'rotterdam', 'oslo', 'gdansk'];
const BUSY_AT_MS = 5_000;

export async function drive(lab) {
  lab.names.self = `127.0.0.1:${lab.port}`;
  const startedAt = Date.now();
  const port = () => PORTS[Math.floor(lab.random() * PORTS.length)];
  const ask = () =>
    get(`${lab.url}/quotes?from=${port()}&to=${port()}`, { agent: false, timeout: 4_000 })
      .on('response', (response) => response.resume())
      .on('timeout', function giveUp() {
        this.destroy();
      })
      .on('error', () => undefined);
  lab.every(22, () => Date.now() - startedAt >= BUSY_AT_MS && ask());
  lab.every(250, ask);
  await lab.every(1_000, () => lab.request('/health'));
}
