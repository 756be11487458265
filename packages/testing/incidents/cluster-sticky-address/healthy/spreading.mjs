// Which worker a connection goes to: the next in turn. Sessions are in the cookie, so any worker will do.
let turn = 0;

export function workerFor(_socket, workers) {
  turn = (turn + 1) % workers.length;
  return workers[turn];
}
