const LEVELS = { debug: 20, info: 30, warn: 40, error: 50 };
const least = LEVELS[process.env.LOG_LEVEL ?? 'debug'] ?? LEVELS.info;

function write(level, logger, msg, fields) {
  if (LEVELS[level] < least) return;
  const line = { level, time: Date.now(), pid: process.pid, logger, msg, ...fields };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

export const createLogger = (name) => ({
  debug: (msg, fields) => write('debug', name, msg, fields),
  info: (msg, fields) => write('info', name, msg, fields),
  warn: (msg, fields) => write('warn', name, msg, fields),
  error: (msg, fields) => write('error', name, msg, fields),
});
