// The one connection to the ledger: a line of JSON per order, acknowledged by its number.
import { connect } from 'node:net';
import { createInterface } from 'node:readline';

export function createLink({ port, retryMs }) {
  const waiting = new Map();
  let held = [];
  let socket;
  let isUp = false;

  const open = () => {
    socket = connect(port, '127.0.0.1', () => {
      isUp = true;
      const due = held;
      held = [];
      for (const run of due) run();
      console.log(JSON.stringify({ level: 'info', message: 'ledger connected' }));
    });
    const lines = createInterface({ input: socket });
    lines.on('error', () => lines.close());
    lines.on('line', (line) => {
      waiting.get(line)?.();
      waiting.delete(line);
    });
    socket.on('error', (error) => console.log(JSON.stringify({ level: 'warn', message: error.message })));
    socket.on('close', () => {
      isUp = false;
      setTimeout(open, retryMs);
    });
  };

  const forward = (order, acknowledged) => {
    if (!isUp) {
      held.push(() => forward(order, acknowledged));
      return;
    }
    waiting.set(String(order.number), acknowledged);
    socket.write(`${JSON.stringify(order)}\n`);
  };

  open();
  return { forward, isUp: () => isUp };
}
