import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { newConnections } from '../../src/supervision/new-connections.ts';

test.runIf(process.platform === 'linux')(
  'connections that come are seen, those that last or go out are not',
  async () => {
    const server = createServer((socket) => socket.on('error', () => {})).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const sockets = [await open(port)];
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    expect(await newConnections('/proc/self', AbortSignal.timeout(200))).toBe(0);
    const looking = newConnections('/proc/self', new AbortController().signal);
    while (sockets.length < 11) sockets.push(await open(port));
    expect(await looking).toBeGreaterThanOrEqual(10);
  },
);

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}
