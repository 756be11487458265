// The shops' printers ask for paper; one of them has been out of order for weeks.
import { createLogger } from './log.mjs';

const log = createLogger('printers');
const PRINTERS = ['north', 'south', 'east', 'west'];

export function start() {
  let turn = 0;
  setInterval(() => {
    turn += 1;
    const printer = PRINTERS[turn % PRINTERS.length];
    if (printer === 'east') log.error('printer does not answer', { printer });
    else log.info('printer is ready', { printer });
  }, 500);
}
