import { format } from 'node:util';

const write = (level, name, args) =>
  process.stdout.write(`${new Date().toISOString()} ${level.padEnd(5)} [${name}] ${format(...args)}\n`);

export const createLogger = (name) => ({
  info: (...args) => write('INFO', name, args),
  warn: (...args) => write('WARN', name, args),
  error: (...args) => write('ERROR', name, args),
});
