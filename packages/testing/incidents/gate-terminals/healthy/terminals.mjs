// Each terminal of the gate is a named pipe that gets a line whenever a truck passes.
import { constants, openSync } from 'node:fs';
import { Socket } from 'node:net';

const MAX_SCANS = 100;
const scans = [];

function watchTerminal(path) {
  // Opened for both, so that the pipe never ends when a truck has passed.
  const fd = openSync(path, constants.O_RDWR | constants.O_NONBLOCK);
  const pipe = new Socket({ fd, readable: true, writable: false });
  pipe.setEncoding('utf8').on('data', (text) => {
    for (const truck of text.split('\n').filter((line) => line !== ''))
      remember({ truck, terminal: path.split('/').at(-1), at: Date.now() });
  });
}

function remember(scan) {
  scans.push(scan);
  if (scans.length > MAX_SCANS) scans.shift();
}

export const lastScans = () => scans.toReversed();

export function watchTerminals(paths) {
  for (const path of paths) watchTerminal(path);
}
