// Partners connect anew for each question, at first seldom, then faster than the lookups of a core are.
import { get } from 'node:http';

const PORTS = ['hamburg', 'rotterdam', 'oslo', 'gdansk'];
const BUSY_AT_MS = 5_000;
const OVERLOAD = 1.2;

export async function cost(app) {
  const { originOf } = await app('origins.mjs');
  return () => originOf('127.0.0.1', 40_000);
}

export async function drive(lab) {
  lab.names.self = `127.0.0.1:${lab.port}`;
  const everyMs = Math.min(22, (await lab.costMs()) / OVERLOAD);
  const startedAt = Date.now();
  const port = () => PORTS[Math.floor(lab.random() * PORTS.length)];
  const ask = () =>
    get(`${lab.url}/quotes?from=${port()}&to=${port()}`, { agent: false, timeout: 4_000 })
      .on('response', (response) => response.resume())
      .on('timeout', function giveUp() {
        this.destroy();
      })
      .on('error', () => undefined);
  lab.every(everyMs, () => Date.now() - startedAt >= BUSY_AT_MS && ask());
  lab.every(250, ask);
  await lab.every(1_000, () => lab.request('/health'));
}
