// Shops send orders; once the ledger closes the connection, as it does when it is updated, and takes the next one.
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

const sockets = new Set();

export async function prepare(lab) {
  const ledger = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => {});
    // What still comes in after it has closed its side is not answered.
    createInterface({ input: socket }).on(
      'line',
      (line) => socket.writable && socket.write(`${JSON.parse(line).number}\n`),
    );
  });
  await new Promise((resolve) => ledger.listen(0, '127.0.0.1', resolve));
  lab.env.LEDGER_PORT = String(ledger.address().port);
  lab.onEnd(() => {
    for (const socket of sockets) socket.destroy();
    ledger.close();
  });
}

export async function drive(lab) {
  const order = () =>
    lab.request('/orders', {
      method: 'POST',
      body: { customer: `c${Math.floor(lab.random() * 500)}`, lines: [{ amount: 2, cents: 1_250 }] },
    });
  const ordering = lab.every(50, order);
  const totals = lab.every(500, () => lab.request('/totals'));
  await lab.wait(5_000);
  for (const socket of sockets) socket.end();
  await lab.wait(2_000);
  if (!lab.isHealthy) lab.alert();
  await Promise.all([ordering, totals]);
}
