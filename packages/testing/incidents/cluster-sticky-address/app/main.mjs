// Takes the connections of the premium service and hands each to one of the workers, where the customer's session is.
import cluster from 'node:cluster';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { log } from './log.mjs';
import { workerFor } from './spreading.mjs';

const WORKERS = 4;

cluster.setupPrimary({ exec: fileURLToPath(new URL('./quote-server.mjs', import.meta.url)) });

const workers = [];
for (let place = 0; place < WORKERS; place += 1) fork(place);

function fork(place) {
  const worker = cluster.fork();
  workers[place] = worker;
  worker.on('exit', (code, signal) => {
    log('worker ended', { pid: worker.process.pid, code, signal });
    if (!worker.exitedAfterDisconnect) fork(place);
  });
}

const server = createServer({ pauseOnConnect: true }, (socket) => {
  socket.on('error', (error) => log('connection ended', { reason: error.message }));
  workerFor(socket, workers).send('connection', socket);
});

let ready = 0;
cluster.on('message', (_worker, message) => {
  if (message !== 'ready') return;
  ready += 1;
  if (ready !== WORKERS) return;
  server.listen(Number(process.env.PORT ?? 0), '127.0.0.1', () => {
    process.stdout.write(`listening ${server.address().port}\n`);
  });
});
