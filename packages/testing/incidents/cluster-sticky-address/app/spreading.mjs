// Which worker a connection goes to. A customer's session is in one worker's memory, so the same customer must always
// come to the same worker.
import { createHash } from 'node:crypto';

export function workerFor(socket, workers) {
  const digest = createHash('md5')
    .update(socket.remoteAddress ?? '')
    .digest();
  return workers[digest.readUInt32LE(0) % workers.length];
}
