import { Agent, get } from 'node:http';
import { log } from './log.mjs';

const agent = new Agent({ keepAlive: true, maxSockets: 12 });
const TIMEOUT_MS = 3_000;

/** The rows of a table; given up when the signal aborts. */
export function fetchRows(table, signal) {
  return new Promise((resolve, reject) => {
    const rows = [];
    const call = get(`${process.env.BACKEND_URL}/${table}`, { agent, timeout: TIMEOUT_MS }, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (part) => {
        text += part;
      });
      answer.on('end', () => {
        for (const line of text.split('\n')) if (line !== '') rows.push(JSON.parse(line));
        resolve(rows);
      });
    });
    call.on('timeout', () => call.destroy(new Error('the backend timed out')));
    call.on('error', reject);
    signal.addEventListener('abort', () => {
      log.warn('call given up', { table, rows: rows.length });
      call.destroy();
    });
  });
}
